# SPDX-License-Identifier: MIT
"""`make run` on a terminal without a display: greets, has a prompt, and can be left."""
from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

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


@contextmanager
def started(options: list[str], log: Path, **variables: str) -> Iterator[pexpect.spawn[bytes]]:
    """What `make run` starts, without a display, on a terminal of its own."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    inherited = {key: value for key, value in os.environ.items() if key not in hidden}
    if "--fast" in options:
        inherited["FIRMWARE"] = "bios"  # it boots without any
    with open(log, "wb") as file:
        terminal = pexpect.spawn(
            sys.executable, [str(ROOT / "tools" / "run.py"), *options],
            env={**inherited, **variables}, timeout=SECONDS, logfile=file,
        )  # fmt: skip
        try:
            yield terminal
        finally:
            terminal.close(force=True)


def run(options: list[str], log: Path, **variables: str) -> None:
    """See it greet and answer, and leave it by the keys it names."""
    with started(options, log, **variables) as terminal:
        terminal.expect_exact("Ctrl-A, then X")
        # The terminal may add a CR of its own to the serial line's CR LF.
        terminal.expect(r"Hello from ODYSSEY OS!\r+\n")
        terminal.expect(r"Entering main loop\.\.\.\r+\n")
        terminal.expect_exact("odyssey> ")
        terminal.send("echo hello  there\r")
        terminal.expect(r"\nhello there\r+\n")
        terminal.send("\x01x")
        terminal.expect(pexpect.EOF)


def test_crash_is_explained_below_what_the_kernel_said(logs: Path, iso: Path) -> None:
    """Where the backtrace leads in the source; the report itself comes as it is."""
    with started(["--fast"], logs / "e2e-make_run-crash.terminal") as terminal:
        terminal.expect_exact("odyssey> ")
        terminal.send("crash null\r")
        terminal.expect(r"\nKERNEL PANIC: [^\r\n]*null pointer[^\r\n]*\r+\n")
        terminal.expect(r"#0 0x[0-9a-f]{16} read_null\+0x[0-9a-f]+\r+\n")
        terminal.expect(r"System halted\.\r+\nin the source:\r+\n")
        terminal.expect(r"#0 read_null +kernel/commands/crash\.c:(\d+)\r+\n")
        source = (ROOT / "kernel/commands/crash.c").read_text().splitlines()
        assert "*member" in source[int(terminal.match[1]) - 1]
        terminal.send("\x01x")
        terminal.expect(pexpect.EOF)


def test_end_of_the_script_is_the_end_of_the_machine(logs: Path, iso: Path) -> None:
    """The terminal is free again when nobody holds it, QEMU neither."""
    with started(["--fast"], logs / "e2e-make_run-end.terminal") as terminal:
        terminal.expect_exact("odyssey> ")
        terminal.kill(signal.SIGTERM)
        terminal.expect(pexpect.EOF)


@pytest.mark.parametrize("options", [[], ["--fast"]], ids=["iso", "fast"])
def test_terminal_session(options: list[str], iso: Path, logs: Path) -> None:
    if options and qemu.Hardware.from_environment().firmware == "uefi":
        pytest.skip("--fast boots without firmware")
    run(options, logs / f"e2e-make_run{''.join(options)}.terminal")


def test_display_chosen_by_hand_wins_over_the_one_that_is_there(iso: Path, logs: Path) -> None:
    extra = f"{environment('QEMU_EXTRA')} -display none".strip()
    run([], logs / "e2e-make_run-display.terminal", DISPLAY=":nowhere", QEMU_EXTRA=extra)
