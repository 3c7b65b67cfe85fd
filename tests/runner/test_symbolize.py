# SPDX-License-Identifier: MIT
"""Backtraces and bytes of code explained: over transcripts of the kernel that was built here."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from buildid import stored
from check.elf import Elf
from odyssey import symbolize
from odyssey.settings import BUILD, ROOT
from odyssey.symbolize import Annotator, explain, read_code, shorter

ELF = BUILD / "odyssey-test.elf"
OTHER = "0123456789abcdef"
RIP = 0xFFFFFFFF80101234

needs_addr2line, needs_objdump = (
    pytest.mark.skipif(not any(map(shutil.which, names)), reason=f"tool {names[-1]} missing")
    for names in (symbolize.LINE_FINDERS[:2], symbolize.DISASSEMBLERS)
)


def address_of(function: str) -> int:
    return next(s.address for s in Elf(BUILD / "odyssey-test.debug").symbols if s.name == function)


def report(*trace: str, build: str = "", rip: int = RIP, code: str = "") -> str:
    """A panic as the kernel prints it, by the kernel that was built here unless told otherwise."""
    identity = build or f"{stored(Elf(ELF)):016x}"
    lines = [
        "KERNEL PANIC: page fault",
        f"rip {rip:016x}  rsp ffffd30000008ef0",
        *([f"code: {code}"] if code else []),
        f"build {identity}, GCC 12.2.0, version 0.1.0",
        *trace,
        "System halted.",
    ]
    return "\r\n".join(lines) + "\r\n"


def step(number: int, function: str, offset: int) -> str:
    return f"#{number} 0x{address_of(function) + offset:016x} {function}+{offset:#x}"


@needs_addr2line
def test_lines_of_source() -> None:
    """RIP is looked up itself; a return address at a function's first byte belongs to the one
    before it, which is where a call that never returns would be."""
    rip = address_of("kmain")
    printed = report(step(0, "kmain", 0), step(1, "kmain", 5), rip=rip)
    heading, first, *others = explain(printed, ELF)
    assert heading == "in the source:"
    line = int(first.rpartition(":")[2])
    assert first.split() == ["#0", "kmain", f"kernel/kmain.c:{line}"]
    source = (ROOT / "kernel/kmain.c").read_text().splitlines()
    assert source[line - 2].startswith("void kmain(") or source[line - 1].startswith("void kmain(")
    assert [other for other in others if other.startswith("#1 ")]
    as_return_address = explain(report(step(0, "kmain", 0), rip=RIP), ELF)
    assert as_return_address[1].split()[1] != "kmain"


@needs_addr2line
def test_address_without_a_line() -> None:
    lines = explain(report("#0 0x0000000000000018 (not kernel code)"), ELF)
    assert lines[1].split(maxsplit=2) == ["#0", "?", "no line known"]


def test_another_build_is_refused() -> None:
    (line,) = explain(report("#0 0xffffffff80101234 f+0x4", build=OTHER), ELF)
    ours = f"{stored(Elf(ELF)):016x}"
    assert line.startswith(f"(no lines of source: this is build {OTHER}, and ")
    assert line.endswith(f"odyssey-test.debug is of build {ours})")


def test_kernel_that_does_not_say_its_build_is_refused() -> None:
    printed = report("#0 0xffffffff80101234 f+0x4").replace("build ", "built ")
    assert explain(printed, ELF) == [
        "(no lines of source: the kernel has not said which build it is)"
    ]


def test_missing_debug_file_is_named(tmp_path: Path) -> None:
    shutil.copy(ELF, tmp_path / "a.elf")
    (line,) = explain(report("#0 0xffffffff80101234 f+0x4"), tmp_path / "a.elf")
    assert line == f"(no lines of source: there is no {tmp_path / 'a.debug'})"


def code_lines(code: str) -> list[str]:
    lines = explain(report(build=OTHER, code=code), ELF)
    assert lines[1:2] in ([], ["the instructions around RIP:"])
    return lines[2:]


@needs_objdump
@pytest.mark.parametrize(
    "code, before, at, behind",
    [
        ("55 48 89 e5 48 8b 07 <0f> 0b c3 90",
         ["push rbp", "mov rbp,rsp", "mov rax,QWORD PTR [rdi]"], "ud2", ["ret", "nop"]),
        # The bytes begin within an instruction: mov rbp,rsp has lost its first.
        ("89 e5 48 8b 07 <0f> 0b 90", ["mov ebp,esp", "mov rax,QWORD PTR [rdi]"], "ud2", ["nop"]),
        # The last instruction is cut off, an unreadable byte ends what is there.
        ("-- -- c3 <8a> 00 48 8b -- 00", ["ret"], "mov al,BYTE PTR [rax]", []),
        ("<f4>", [], "hlt", []),
    ],
)  # fmt: skip
def test_instructions(code: str, before: list[str], at: str, behind: list[str]) -> None:
    lines = code_lines(code)
    marks = ["  "] * len(before) + ["=>"] + ["  "] * len(behind)
    assert [line[:2] for line in lines] == marks
    assert [line.split(maxsplit=1 + (line[:2] == "=>"))[-1] for line in lines] == [
        *before, at, *behind,
    ]  # fmt: skip
    assert f"=> 0x{RIP:016x} {at}" in lines


@needs_objdump
@needs_addr2line
def test_first_instruction_is_where_the_function_has_one() -> None:
    """Every function begins with `push rbp; mov rbp,rsp`: these bytes begin in the second."""
    rip = address_of("kmain") + 4
    ends = []
    for build in ("", OTHER):
        printed = report(step(0, "kmain", 4), rip=rip, code="89 e5 <0f> 0b", build=build)
        lines = explain(printed, ELF)
        ends.append(lines[lines.index("the instructions around RIP:") + 1 :])
    assert ends[0] == [f"=> 0x{rip:016x} ud2"]
    assert ends[1] == [f"   0x{rip - 2:016x} mov ebp,esp", *ends[0]]


def test_code_that_cannot_be_read() -> None:
    assert read_code("00 00 <--> -- --") is None
    assert read_code("00 00") is None
    assert explain(report(build=OTHER, code="-- <--> --"), ELF)[1:] == []


def test_absent_tools_are_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolize, "DISASSEMBLERS", ("no-objdump",))
    monkeypatch.setattr(symbolize, "LINE_FINDERS", ("no-addr2line",))
    twice = 2 * report("#0 0xffffffff80101234 f+0x4", code="<90> 90")
    assert explain(twice, ELF) == [
        "(no lines of source: addr2line is not installed: package binutils)",
        "(no disassembly: objdump is not installed: package binutils)",
    ]


@needs_addr2line
def test_trace_of_a_warning_ends_with_another_line_or_with_a_pause() -> None:
    annotator = Annotator(ELF)
    for line in (f"build {stored(Elf(ELF)):016x}, GCC", "[0.1] WARN watchdog: task `x`"):
        assert annotator.line(line) == []
    assert annotator.line(step(0, "kmain", 8)) == []
    assert annotator.line("(the same 5 times more)") == []
    assert annotator.line("odyssey> ")[0] == "in the source:"
    assert annotator.line(step(0, "kmain", 8)) == []
    assert annotator.pause()[0] == "in the source:"
    assert annotator.pause() == []


def test_colours_do_not_hide_a_report() -> None:
    printed = report("#0 0xffffffff80101234 f+0x4", build=OTHER)
    assert explain(printed.replace("KERNEL", "\x1b[31mKERNEL"), ELF) == explain(printed, ELF)


def test_sources_are_named_from_the_top() -> None:
    assert shorter("././lib/string.c") == "lib/string.c"
    assert shorter("/build/of/another/kernel//kernel/trap_stubs.asm") == "kernel/trap_stubs.asm"
    assert shorter("/nowhere/at/all.c") == "/nowhere/at/all.c"
