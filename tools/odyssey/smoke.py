# SPDX-License-Identifier: MIT
"""Somebody sits down at a machine that has just been switched on: does it work?

What is read and how it is typed is as the machine allows: see Seat. Banner,
memory line and prompt have to appear, `version`, `cpu` and `mem` to answer, and
what befalls some machines must not keep them from it.
"""
from __future__ import annotations

import random
import re
import time
from typing import Callable, Optional, Protocol

from .cells import Cell
from .machine import MAIN_LOOP, PROMPT, WAIT_SECONDS, Machine, key_of, rendered
from .scenarios import HALTED

BANNER = "Hello from ODYSSEY OS!"
MEMORY = re.compile(r".*memory: (\d+) KiB usable, (\d+) KiB reserved, (\d+) KiB free")
BUILD_LINE = re.compile(r"build [0-9a-f]{16}, (GCC|Clang) \S+, version \S+")
NO_MEMORY = re.compile(r"out of memory|not enough memory")
NMI = "KERNEL PANIC: non-maskable interrupt (NMI)"
MODULE_MEGABYTES = 32
FLOOD_BYTES = 20000
FLOOD_KEYS = 300
POLL_SECONDS = 0.05


class Seat(Protocol):
    """A place at a machine."""

    def lines(self) -> list[str]:
        """What can be read, blank lines at its end left out."""

    def type(self, character: str) -> None:
        """Type a character, "\\n" for Enter, "\\x03" for Ctrl-C."""

    def is_over(self) -> bool:
        """Whether the machine has ended."""


class QemuSeat:
    """At a running QEMU: reads `from_` "serial" or "screen", types on "keyboard" or "serial"."""

    def __init__(self, machine: Machine, from_: str, on: str) -> None:
        self._machine, self._from, self._on = machine, from_, on

    def lines(self) -> list[str]:
        if self._from == "serial":
            return without_blank_end(rendered(self._machine.serial))
        return without_blank_end(self._machine.screen_text())

    def type(self, character: str) -> None:
        if self._on == "serial":
            self._machine.send_serial(character.replace("\n", "\r").encode())
        elif character < " " and character != "\n":
            self._machine.press("ctrl", chr(ord(character) + 0x60))
        else:
            self._machine.press_character(character)

    def is_over(self) -> bool:
        return self._machine.has_ended()


def without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def wait(
    seat: Seat, holds: Callable[[list[str]], bool], what: str, seconds: float = WAIT_SECONDS
) -> list[str]:
    """Wait until what can be read satisfies a condition; AssertionError when it does not."""
    deadline = time.monotonic() + seconds
    while True:
        over = seat.is_over()
        lines = seat.lines()
        if holds(lines):
            return lines
        if over or time.monotonic() > deadline:
            why = "the machine ended" if over else "in vain"
            raise AssertionError(f"waited for {what}: {why}; there is\n" + "\n".join(lines[-25:]))
        time.sleep(POLL_SECONDS)


def stands_last(text: str) -> Callable[[list[str]], bool]:
    return lambda lines: bool(lines) and lines[-1] == text.rstrip()


def run(seat: Seat, command: str, seconds: float = WAIT_SECONDS) -> list[str]:
    """Type a command, each character once the one before has come back; the lines it answers."""
    for end in range(1, len(command) + 1):
        seat.type(command[end - 1])
        shown = PROMPT + command[:end]
        wait(seat, stands_last(shown), f"{shown!r} to stand last", seconds)
    seat.type("\n")
    lines = wait(seat, stands_last(PROMPT), f"the prompt after {command!r}", seconds)
    require(PROMPT + command in lines, f"{command!r} still in sight", lines)
    last = max(i for i, line in enumerate(lines) if line == PROMPT + command)
    return lines[last + 1 : -1]


def require(holds: object, what: str, lines: list[str]) -> None:
    if not holds:
        raise AssertionError(f"want {what}, got\n" + "\n".join(lines))


def boots(seat: Seat, cell: Cell) -> int:
    """Wait for the prompt, with all that has to be above it; the usable KiB that were said."""
    lines = wait(seat, stands_last(PROMPT), "the prompt")
    require(BANNER in lines, f"a line {BANNER!r}", lines)
    said = lines[lines.index(BANNER) :]
    require(MAIN_LOOP in said, f"{MAIN_LOOP!r} before the prompt", said)
    memory = [match for match in map(MEMORY.fullmatch, said) if match]
    require(len(memory) == 1, "one line of memory", said)
    usable, reserved, free = map(int, memory[0].groups())
    require(usable == reserved + free, "all usable memory reserved or free", said)
    require(usable <= cell.megabytes * 1024, "no more memory than there is", said)
    require(usable > cell.megabytes * 1024 * 9 // 10 - 3072, "most of the memory", said)
    if cell.has("module"):
        require(reserved > MODULE_MEGABYTES * 1024, "the module's memory kept", said)
    for pattern in (pattern for part in cell.parts() for pattern in part.says):
        require(any(re.search(pattern, line) for line in said), f"a line {pattern!r}", said)
    return usable


def answers(seat: Seat, cell: Cell, usable: int) -> None:
    """It knows three commands; the last one's answer stays in sight."""
    version = run(seat, "version")
    require(any(map(BUILD_LINE.fullmatch, version)), "the build's line", version)
    cpu = run(seat, "cpu")
    for pattern in (pattern for part in cell.parts() for pattern in part.shows):
        require(any(re.fullmatch(pattern + ".*", line) for line in cpu), repr(pattern), cpu)
    memory = run(seat, "mem")
    require(f"usable: {usable} KiB" in memory, f"{usable} KiB usable", memory)


def shows_the_same(seat: Seat, other: Seat) -> None:
    """What stands last at one seat stands last at the other, too."""
    last = seat.lines()[-8:]
    wait(other, lambda lines: lines[-8:] == last, "the screen to show\n" + "\n".join(last))


def runs_out_of_memory(seat: Seat) -> None:
    """There is too little memory, and somebody says so in words."""
    wait(seat, lambda lines: any(map(NO_MEMORY.search, lines)), "a word about memory")


# --- What befalls it


def befall(machine: Machine, seat: Seat, event: str) -> None:
    """Have something happen to a machine at its prompt."""
    if event == "nmi":
        machine.qmp.command("inject-nmi")
        lines = wait(seat, stands_last(HALTED), "the end")
        told = sum(line.startswith(NMI) for line in lines)
        require(told == 1, f"{NMI!r} once", lines)
        return
    {"keyflood": flood_keys, "serialflood": flood_serial}[event](machine)
    recovers(seat)


def flood_keys(machine: Machine) -> None:
    """Keys in batches, faster than a controller can pass them on: most are lost, releases too."""
    source = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    for _ in range(FLOOD_KEYS // 10):
        keys = [key_of(source.choice(letters))[0] for _ in range(10)]
        machine.press_at_once(*keys, *source.choices(("shift", "ctrl", "alt"), k=1))


def flood_serial(machine: Machine) -> None:
    """Bytes of every kind but those that end a line, and some empty lines."""
    source = random.Random(1)
    flood = bytes(source.randrange(256) for _ in range(FLOOD_BYTES))
    machine.send_serial(flood.replace(b"\r", b"").replace(b"\n", b""))


def recovers(seat: Seat) -> None:
    """Ctrl-C until the prompt stands alone; then it is as before."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        seat.type("\x03")
        time.sleep(POLL_SECONDS * 4)
        lines = seat.lines()
        if stands_last(PROMPT)(lines):
            break
        require(time.monotonic() < deadline, "the prompt after the flood", lines[-25:])
    version = run(seat, "version")
    require(any(map(BUILD_LINE.fullmatch, version)), "the build's line", version)


def event_of(cell: Cell) -> Optional[str]:
    return next((part.then for part in cell.parts() if part.then), None)
