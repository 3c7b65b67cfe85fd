# SPDX-License-Identifier: MIT
"""A fault at each stage of boot leaves its sentence on screen, text or pixels, and serial line.

The stages are found in the code: what the entry code calls, and each call in
kmain() and in the functions of REACH_INTO. The machine is stopped there and
made to go on where there is nothing to execute.
"""
from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest
from check.elf import Elf
from odyssey.handover import IMAGE_OFFSET, SYMBOLS, Framebuffer, Handover
from odyssey.panic_screen import is_halted, panic_text
from odyssey.settings import ROOT

# Here the places themselves change where output goes.
REACH_INTO = ("kmain", "console_init", "screen_init", "memory_init", "screen_change_tables")

# The steps within kmain()'s are taken once, on the screen that more can go wrong with; these twice.
STEPS_WITHIN = ("pixels",)
ALWAYS = ("kmain: ", "screen_change_tables: ")

# A page of conventional memory that nobody uses: code that cannot be executed, while it is mapped.
NOWHERE, INVALID_OPCODE = 0x80000, b"\x0f\x0b"

BEFORE_LONG_MODE = r"boot: exception 0x06 at 0x00080000, before long mode"
IN_LONG_MODE = (
    r"(execution of data: no instruction begins in|jump to 0x80000, where nothing is mapped:)"
    r" the low half, where this kernel has nothing"
)

SCREENS = {"text": None, "pixels": Framebuffer(640, 400, 32, 640 * 4)}


@lru_cache(maxsize=1)
def calls() -> dict[int, str]:
    """Every call in the functions of REACH_INTO, by its address: caller and callee."""
    listing = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", str(SYMBOLS)], stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    found = {}
    for caller in REACH_INTO:
        body = re.search(rf"^\w+ <{caller}>:\n((?:.+\n)*)", listing, re.MULTILINE)
        assert body is not None, caller
        call = r"^(\w+):\s+call\s+(?:\w+ <(\w+)[^>]*>|(\*.*))$"
        for at, callee, pointer in re.findall(call, body[1], re.MULTILINE):
            found[int(at, 16)] = f"{caller}: {callee or pointer}"
    return found


def entry_stages() -> list[str]:
    """What the entry code calls once faults have somewhere to go, and its first step behind."""
    text = (ROOT / "boot" / "entry.asm").read_text()
    start = text.index("call boot_traps_init")
    return [*re.findall(r"^    call (\w+)", text[start:], re.MULTILINE), "long_mode_low"]


def booted(log: Path, screen: str) -> Handover:
    framebuffer = SCREENS[screen]
    return Handover(log, framebuffer, extra=("-vga", "none") if framebuffer else ())


def reached(log: Path, screen: str) -> list[int]:
    """Which of the calls a boot comes to, in order, the last one being the idle loop's."""
    with booted(log, screen) as boot:
        for address in calls():
            boot.gdb.break_at(address)
        order = [boot.gdb.run()]
        while calls()[order[-1]] != "kmain: executor_run":
            order.append(boot.gdb.run())
        return order


def check_report(boot: Handover, sentence: str) -> None:
    """The report is on the serial line and on the screen, once."""
    boot.machine.wait_serial(rb"System halted\.\r\n")
    said = boot.machine.serial.decode().replace("\r\n", "\n")
    assert re.search(rf"(?m)^KERNEL PANIC: {sentence}$", said), said
    assert said.count("KERNEL PANIC: ") == 1
    boot.machine.wait_halted()  # the code beside the report may cover the sentence, and repeat it
    shown = panic_text(boot.wait_screen(is_halted, "the report's end"))
    told = re.search(rf"(?m)^KERNEL PANIC: {sentence}$", said)
    assert told is not None and shown.startswith(told[0].replace(" ", ""))


def inject(log: Path, screen: str, place: int, sentence: str) -> None:
    with booted(log, screen) as boot:
        boot.gdb.run_to(place)
        boot.gdb.write_physical(NOWHERE, INVALID_OPCODE)
        boot.gdb.set_register("rip", NOWHERE)
        boot.gdb.detach()
        check_report(boot, sentence)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("stage", entry_stages())
def test_fault_in_the_entry_code(stage: str, screen: str, logs: Path) -> None:
    place = Elf(SYMBOLS).address_of(stage) - IMAGE_OFFSET
    sentence = IN_LONG_MODE if stage == "long_mode_low" else BEFORE_LONG_MODE
    inject(logs / f"e2e-stage-{screen}-{stage}", screen, place, sentence)


@pytest.mark.parametrize("screen", SCREENS)
def test_fault_at_each_step_of_boot(screen: str, logs: Path) -> None:
    log = logs / f"e2e-stage-{screen}"
    order = reached(log, screen)
    steps = {calls()[address] for address in order}
    assert {"kmain: cpu_init", "kmain: acpi_init", "memory_init: console_change_tables"} <= steps
    for address in order:
        if screen not in STEPS_WITHIN and not calls()[address].startswith(ALWAYS):
            continue  # the pixels' run has them
        try:
            inject(log, screen, address, IN_LONG_MODE)
        except AssertionError as silent:
            raise AssertionError(f"{calls()[address]}: {silent}") from silent
