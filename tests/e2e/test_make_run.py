# SPDX-License-Identifier: MIT
"""`make run` on a terminal without a display: greets, echoes, and can be left."""
from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest
from odyssey import qemu
from odyssey.settings import ROOT

SECONDS = 90


def offers_terminals() -> bool:
    try:
        ends = os.openpty()
    except OSError:
        return False
    for end in ends:
        os.close(end)
    return True


@pytest.mark.skipif(not offers_terminals(), reason="this system offers no pseudo-terminals")
@pytest.mark.parametrize("options", [[], ["--fast"]], ids=["iso", "fast"])
def test_terminal_session(options: list[str], iso: Path, logs: Path) -> None:
    if options and qemu.Hardware.from_environment().firmware == "uefi":
        pytest.skip("--fast boots without firmware")
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    script = ROOT / "tools" / "run.py"
    name = f"e2e-make_run{''.join(options)}.terminal"
    with open(logs / name, "wb") as log:
        terminal = pexpect.spawn(
            sys.executable, [str(script), *options], env=environment, timeout=SECONDS, logfile=log
        )
        try:
            terminal.expect_exact("Ctrl-A, then X")
            # The terminal may add a CR of its own to the serial line's CR LF.
            terminal.expect(r"Hello from ODYSSEY OS!\r+\n")
            terminal.expect(r"Entering main loop\.\.\.\r+\n")
            terminal.send("hello there")
            terminal.expect_exact("hello there")
            terminal.send("\x01x")
            terminal.expect(pexpect.EOF)
        finally:
            terminal.close(force=True)
