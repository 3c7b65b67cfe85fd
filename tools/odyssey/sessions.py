# SPDX-License-Identifier: MIT
"""Somebody at the normal kernel's prompt, for the card of `make grade`.

Each uses nothing but what it is about: who looks at the screen does not read
the serial line. A session returns what went wrong, or "".
"""
from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

from . import qemu
from .machine import MAIN_LOOP, PROMPT, Machine
from .smoke import BANNER, BUILD_LINE, QemuSeat

POLL_SECONDS = 0.02
# A graded kernel reaches nothing of the host, not even by a network card.
HARDWARE = qemu.Hardware(extra=("-nic", "none"))
COMMAND = "version"


class NotSeen(Exception):
    """Something was waited for in vain."""


def wait(
    seat: QemuSeat, holds: Callable[[list[str]], bool], what: str, seconds: float
) -> list[str]:
    deadline = time.monotonic() + seconds
    while True:
        is_last = seat.is_over() or time.monotonic() > deadline
        lines = seat.lines()
        if holds(lines):
            return lines
        if is_last:
            raise NotSeen(f"waited for {what}; the last line is {(lines or [''])[-1]!r}")
        time.sleep(POLL_SECONDS)


def screen(machine: Machine, seconds: float) -> None:
    """Text mode's memory shows banner, main loop and prompt."""
    seat = QemuSeat(machine, from_="screen", on="keyboard")
    prompt = PROMPT.rstrip()
    lines = wait(seat, lambda lines: lines[-1:] == [prompt], "the prompt on the screen", seconds)
    for line in (BANNER, MAIN_LOOP):
        if line not in lines:
            raise NotSeen(f"no line {line!r} on the screen")


def serial(machine: Machine, seconds: float) -> None:
    """The line shows the prompt, each line ended by CR LF, and answers what is typed on it."""
    _ask(QemuSeat(machine, from_="serial", on="serial"), seconds)
    if machine.serial.count(b"\n") != machine.serial.count(b"\r\n"):
        raise NotSeen("a line feed was sent without its carriage return")


def keyboard(machine: Machine, seconds: float) -> None:
    """What is typed on the keyboard is answered on the screen."""
    _ask(QemuSeat(machine, from_="screen", on="keyboard"), seconds)


def _ask(seat: QemuSeat, seconds: float) -> None:
    prompt = PROMPT.rstrip()
    wait(seat, lambda lines: lines[-1:] == [prompt], "the prompt", seconds)
    for end, character in enumerate(COMMAND, 1):
        seat.type(character)
        shown = PROMPT + COMMAND[:end]
        wait(seat, lambda lines: lines[-1:] == [shown], f"{shown!r}", seconds)
    seat.type("\n")
    lines = wait(seat, lambda lines: lines[-1:] == [prompt], f"the answer to {COMMAND!r}", seconds)
    if not any(map(BUILD_LINE.fullmatch, lines)):
        raise NotSeen(f"no answer to {COMMAND!r}")


SESSIONS = {"screen": screen, "serial": serial, "keyboard": keyboard}


def hold(name: str, elf: Path, log: Path, seconds: float) -> str:
    """Boot a kernel and hold a session; what went wrong, or ""."""
    with Machine(qemu.direct(elf), log, HARDWARE) as machine:
        machine.start()
        try:
            SESSIONS[name](machine, seconds)
        except (NotSeen, AssertionError, OSError) as problem:
            return str(problem)
    return ""
