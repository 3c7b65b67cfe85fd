# SPDX-License-Identifier: MIT
"""`make run` on a terminal without a display: greets, has a prompt, and can be left."""
from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest
from odyssey import qemu
from odyssey.settings import ROOT, environment

SECONDS = 90


def offers_terminals() -> bool:
    try:
        ends = os.openpty()
    except OSError:
        return False
    for end in ends:
        os.close(end)
    return True


pytestmark = pytest.mark.skipif(
    not offers_terminals(), reason="this system offers no pseudo-terminals"
)


def run(options: list[str], log: Path, **variables: str) -> None:
    """Start it as `make run` does, see it greet and answer, and leave it by the keys it names."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    inherited = {key: value for key, value in os.environ.items() if key not in hidden}
    with open(log, "wb") as file:
        terminal = pexpect.spawn(
            sys.executable, [str(ROOT / "tools" / "run.py"), *options],
            env={**inherited, **variables}, timeout=SECONDS, logfile=file,
        )  # fmt: skip
        try:
            terminal.expect_exact("Ctrl-A, then X")
            # The terminal may add a CR of its own to the serial line's CR LF.
            terminal.expect(r"Hello from ODYSSEY OS!\r+\n")
            terminal.expect(r"Entering main loop\.\.\.\r+\n")
            terminal.expect_exact("odyssey> ")
            terminal.send("echo hello  there\r")
            terminal.expect(r"\nhello there\r+\n")
            terminal.send("\x01x")
            terminal.expect(pexpect.EOF)
        finally:
            terminal.close(force=True)


@pytest.mark.parametrize("options", [[], ["--fast"]], ids=["iso", "fast"])
def test_terminal_session(options: list[str], iso: Path, logs: Path) -> None:
    if options and qemu.Hardware.from_environment().firmware == "uefi":
        pytest.skip("--fast boots without firmware")
    run(options, logs / f"e2e-make_run{''.join(options)}.terminal")


def test_display_chosen_by_hand_wins_over_the_one_that_is_there(iso: Path, logs: Path) -> None:
    extra = f"{environment('QEMU_EXTRA')} -display none".strip()
    run([], logs / "e2e-make_run-display.terminal", DISPLAY=":nowhere", QEMU_EXTRA=extra)
