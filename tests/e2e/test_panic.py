# SPDX-License-Identifier: MIT
"""The report as a whole: that it fits the screen, and what a fault in it costs."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest
from odyssey import ktap, qemu
from odyssey.boot import boot
from odyssey.judge import STATUS_SUCCESS
from odyssey.machine import Machine
from odyssey.panic_screen import is_halted
from odyssey.settings import BUILD
from odyssey.shell import Shell

ELF, TEST_ELF = BUILD / "odyssey.elf", BUILD / "odyssey-test.elf"
LEFT_OUT = r"\(left out here: this part faulted on another console\)"
SENTENCE = r"KERNEL PANIC: invalid opcode in `fault_in_\w+`: ud2, .*"
EXCEPTION = r"exception 6, #UD .*"
TASK = r"task `main` \(\d+\), on the stack of task `main`, \d+ bytes of it left"
BUILT = r"build [0-9a-f]{16}, .*"
REGISTERS = r"[rc]\w\w? +[0-9a-f]+ .*"
CODE = r"code: .* <0f> 0b .*"
TRACE = r"#\d+ 0xffffffff8[0-9a-f]{7} \w+\+0x[0-9a-f]+"
HALTED = r"System halted\."


def cut(what: str, function: str) -> str:
    return rf"\({what}: #DB at 0xffffffff8[0-9a-f]{{7}} {function}\+0x0\)"


SECOND, THIRD = "a second fault cut this short", "a third fault ended it"


def reports(logs: Path, scenario: str) -> tuple[list[str], list[str]]:
    """What the first console to be reported to shows from the sentence on, and the second."""
    machine = [*qemu.headless(qemu.Hardware()), *qemu.direct(TEST_ELF, f"scenario={scenario}")]
    seen = boot([*machine, *qemu.DEBUG_EXIT], logs / f"e2e-{scenario}")
    assert seen.status == STATUS_SUCCESS
    both = []
    for output in (seen.debugcon, seen.serial):
        lines = ktap.lines_of(output)
        begin = next(i for i, line in enumerate(lines) if line.startswith("KERNEL PANIC: "))
        both.append([line for line in lines[begin:] if line])
    return both[0], both[1]


def check(lines: list[str], *patterns: str) -> None:
    """These lines and no others; registers and a trace have several."""
    text = "\n".join(lines) + "\n"
    assert re.fullmatch("".join(f"({pattern}\n)+" for pattern in patterns), text), text


def test_fault_in_a_part_costs_that_part(logs: Path) -> None:
    first, second = reports(logs, "fault_in_one_part")
    before, after = (SENTENCE, EXCEPTION, TASK), (REGISTERS, CODE, TRACE, HALTED)
    check(first, *before, cut(SECOND, "version_print"), *after)
    check(second, *before, LEFT_OUT, *after)


def test_third_fault_ends_the_report_to_that_console(logs: Path) -> None:
    first, second = reports(logs, "fault_in_two_parts")
    before, third = (SENTENCE, EXCEPTION, TASK), cut(THIRD, "rflags_describe")
    check(first, *before, cut(SECOND, "version_print"), REGISTERS, third, HALTED)
    check(second, *before, LEFT_OUT, CODE, TRACE, HALTED)  # both, one a line


def test_fault_in_the_explanation_leaves_the_plain_sentence(logs: Path) -> None:
    plain = r"KERNEL PANIC: invalid opcode: ud2, .*"
    first, second = reports(logs, "fault_in_explanation")
    after = (BUILT, REGISTERS, CODE, TRACE, HALTED)
    check(first, plain, cut(SECOND, "owner_find"), EXCEPTION, cut(SECOND, "owner_find"), *after)
    check(second, plain, cut(SECOND, "owner_find"), EXCEPTION, LEFT_OUT, *after)


# The longest reports there are: a page fault's has all parts, an overflow's the longest trace.
@pytest.mark.parametrize("kind", ["write-rodata", "exec-data", "stack-overflow", "double-fault"])
def test_sentence_stays_on_the_text_screen(logs: Path, kind: str) -> None:
    with Machine(qemu.direct(ELF), logs / f"e2e-screen-{kind}", qemu.Hardware()) as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter(f"crash {kind}")
        shell.wait(r"System halted\.\r\n")
        shown = machine.wait_screen(is_halted, "the report's end")
        assert any(line.startswith("KERNEL PANIC: ") for line in shown), "\n".join(shown)
