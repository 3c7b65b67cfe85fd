# SPDX-License-Identifier: MIT
"""Somebody at the normal kernel's prompt, for the card of `make grade`.

Each uses nothing but what it is about: who looks at the screen does not read
the serial line. A session returns what went wrong, or "".
"""
from __future__ import annotations

from pathlib import Path

from . import qemu
from .machine import MAIN_LOOP, PROMPT, Machine
from .qmp import QmpError
from .smoke import BANNER, BUILD_LINE, QemuSeat, require, run, stands_last, wait

# A graded kernel reaches nothing of the host, not even by a network card.
HARDWARE = qemu.Hardware(extra=("-nic", "none"))
COMMAND = "version"


def screen(machine: Machine, seconds: float) -> None:
    """Text mode's memory shows banner, main loop and prompt."""
    seat = QemuSeat(machine, from_="screen", on="keyboard")
    lines = wait(seat, stands_last(PROMPT), "the prompt on the screen", seconds)
    for line in (BANNER, MAIN_LOOP):
        require(line in lines, f"a line {line!r} on the screen", lines)


def serial(machine: Machine, seconds: float) -> None:
    """The line shows the prompt, each line ended by CR LF, and answers what is typed on it."""
    _ask(QemuSeat(machine, from_="serial", on="serial"), seconds)
    if b"\n" in machine.serial.replace(b"\r\n", b""):
        raise AssertionError("a line feed was sent without its carriage return")


def keyboard(machine: Machine, seconds: float) -> None:
    """What is typed on the keyboard is answered on the screen."""
    _ask(QemuSeat(machine, from_="screen", on="keyboard"), seconds)


def _ask(seat: QemuSeat, seconds: float) -> None:
    wait(seat, stands_last(PROMPT), "the prompt", seconds)
    version = run(seat, COMMAND, seconds)
    require(any(map(BUILD_LINE.fullmatch, version)), f"an answer to {COMMAND!r}", version)


SESSIONS = {"screen": screen, "serial": serial, "keyboard": keyboard}


def hold(name: str, elf: Path, log: Path, seconds: float) -> str:
    """Boot a kernel and hold a session; what went wrong, or ""."""
    with Machine(qemu.direct(elf), log, HARDWARE) as machine:
        machine.start()
        try:
            SESSIONS[name](machine, seconds)
        except (AssertionError, OSError, QmpError) as problem:
            return str(problem)
    return ""
