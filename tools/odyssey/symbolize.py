# SPDX-License-Identifier: MIT
"""What a kernel prints when it dies, with what only the host knows: lines and instructions.

A kernel's report has addresses and function names. From the debug file come, for each line
of a backtrace, the source's file and line, those of inlined functions too; from objdump the
instructions in the report's bytes of code. What the kernel printed is never changed: all
this follows it, as a block of lines of its own.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, NamedTuple, Optional

from buildid import NoBuildId, stored
from check.elf import Elf, NotElf

from .ktap import ESCAPE
from .settings import ROOT

BUILD_LINE = re.compile(r"build ([0-9a-f]{16}), ")
PANIC_LINE = re.compile(r"KERNEL PANIC: ")
END_LINE = re.compile(r"System halted\.")
RIP_LINE = re.compile(r"rip ([0-9a-f]{16})\b")
CODE_LINE = re.compile(r"code:((?: (?:[0-9a-f]{2}|--|<[0-9a-f]{2}>|<-->))+)")
TRACE_LINE = re.compile(r"#(\d+) 0x([0-9a-f]{16}) (?:(\w[\w.]*)\+0x([0-9a-f]+))?")
# Between the lines of one trace: "(the same 512 times more)".
TRACE_REMARK = re.compile(r"\(.*\)")

# Where interrupts and exceptions come in: the next address in a trace is what they struck.
ENTRIES = ("irq_entry", "trap_entry")

# GNU's first, since a cross compiler brings it; LLVM's takes the same options.
LINE_FINDERS = ("x86_64-elf-addr2line", "addr2line", "llvm-addr2line")
DISASSEMBLERS = ("x86_64-elf-objdump", "objdump")
LISTED = re.compile(r"\s*([0-9a-f]+):\s+(\S.*)")
NO_INSTRUCTION = re.compile(r"\(bad\)|\.byte\b")
NOP, LONGEST = b"\x90", 15  # bytes of an instruction
TOOL_SECONDS = 30


class Place(NamedTuple):
    """A line of source: of the function at an address, or of one that was inlined there."""

    function: str
    source: str  # "kernel/kmain.c:40"


class Code(NamedTuple):
    """Bytes around RIP as the kernel found them; `marked` is RIP's place among them."""

    data: bytes
    marked: int


class Step(NamedTuple):
    """A line of a backtrace."""

    number: str
    address: int
    function: str  # "" where there is none
    offset: int  # of the address in it


@dataclass
class Trace:
    """A backtrace, or a whole report."""

    steps: list[Step] = field(default_factory=list)
    rip: Optional[int] = None
    code: Optional[Code] = None

    def looked_up(self) -> list[int]:
        """A return address lies behind its call, which is meant; what was interrupted is itself."""
        before = ["", *(step.function for step in self.steps)]
        return [
            step.address - (0 if step.address == self.rip or called_by in ENTRIES else 1)
            for called_by, step in zip(before, self.steps)
        ]


def read_code(text: str) -> Optional[Code]:
    """Of "48 8b <07> -- 0b" what can be read around the marked byte; None if it cannot."""
    words = text.split()
    marked = next((i for i, word in enumerate(words) if word.startswith("<")), None)
    if marked is None or words[marked] == "<-->":
        return None
    first, last = marked, marked + 1
    while first > 0 and words[first - 1] != "--":
        first -= 1
    while last < len(words) and words[last] != "--":
        last += 1
    data = bytes(int(word.strip("<>"), 16) for word in words[first:last])
    return Code(data, marked - first)


def _run(*command: str) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        timeout=TOOL_SECONDS, env={**os.environ, "LC_ALL": "C"}, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode != 0:
        raise OSError(done.stderr.strip() or f"{command[0]} ended with status {done.returncode}")
    return done.stdout


def shorter(path: str) -> str:
    """A source as a person would name it: NASM's paths have folders in front, GCC's dots."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        if ROOT.joinpath(*parts[start:]).is_file():
            return "/".join(parts[start:])
    return path


def places(finder: str, debug: Path, addresses: list[int]) -> dict[int, list[Place]]:
    """The lines of addresses, the innermost inlined function's first; [] where none is known."""
    found: dict[int, list[Place]] = {}
    lines = _run(finder, "-a", "-f", "-i", "-e", str(debug), *map(hex, addresses)).splitlines()
    current: list[Place] = []
    while lines:
        line = lines.pop(0)
        if line.startswith("0x"):
            current = found.setdefault(int(line, 16), [])
            continue
        path, _, number = lines.pop(0).partition(" (")[0].rpartition(":")
        if line != "??" and number.isdigit() and number != "0":
            current.append(Place(line, f"{shorter(path)}:{number}"))
    return found


Row = tuple[int, str]  # an instruction's address, and its text


def _rows(disassembler: str, start: int, *options: str) -> list[Row]:
    layout = ("-M", "intel", "-w", "--no-show-raw-insn")
    listing = _run(disassembler, *layout, f"--start-address={start:#x}", *options)
    matches = filter(None, map(LISTED.fullmatch, listing.splitlines()))
    return [(int(match[1], 16), " ".join(match[2].split())) for match in matches]


def first_whole(disassembler: str, elf: Path, function: int, base: int, rip: int) -> Optional[int]:
    """The first instruction from `base` to RIP, by the function's code in the booted file."""
    rows = _rows(disassembler, function, "-d", f"--stop-address={rip + 1:#x}", str(elf))
    return next((at for at, _ in rows if at >= base), None)


def instructions(
    disassembler: str, code: Code, rip: int, known: Optional[int] = None
) -> list[Row]:
    """The instructions that lead to the one at RIP, it, and those behind it, with addresses.

    Unless it is known where the first begins, of all readings of the bytes before RIP it is
    the longest that has an instruction begin at RIP. The last may be cut short by the end of
    the bytes: it runs into what is added to them.
    """
    base = rip - code.marked
    end = base + len(code.data)
    binary = ("-D", "-b", "binary", "-m", "i386:x86-64", f"--adjust-vma={base:#x}")
    with tempfile.NamedTemporaryFile(prefix="odyssey-code-") as file:
        file.write(code.data + NOP * LONGEST)
        file.flush()
        for start in range(known or base, rip + 1):
            rows = _rows(disassembler, start, *binary, file.name)
            before = [row for row in rows if row[0] < rip]
            whole = [row for row, (follows, _) in zip(rows, rows[1:]) if follows <= end]
            if rip in (at for at, _ in rows) and not any(map(_is_none, before)):
                here = [row for row in rows if row[0] == rip]
                behind = [row for row in whole if row[0] > rip and not _is_none(row)]
                return [*before, *here, *behind]
    return []


def _is_none(row: Row) -> bool:
    return NO_INSTRUCTION.search(row[1]) is not None


class Symbolizer:
    """Explains traces of the kernel whose files are `elf` and, beside it, its .debug."""

    def __init__(self, elf: Path) -> None:
        self._elf = elf
        self._debug = elf.with_suffix(".debug")
        self._said: set[str] = set()

    def explain(self, trace: Trace, build: Optional[int]) -> list[str]:
        """The lines that belong below what the kernel printed."""
        lines = self._lines_of_source(trace, build)
        if trace.code is not None and trace.rip is not None:
            lines += self._lines_of_code(trace, trace.code, trace.rip, build)
        return lines

    def _lines_of_source(self, trace: Trace, build: Optional[int]) -> list[str]:
        problem = self._mismatch(build)
        finder = _first(LINE_FINDERS)
        if problem:
            return [f"(no lines of source: {problem})"]
        if finder is None:
            return self._once("(no lines of source: addr2line is not installed: package binutils)")
        try:
            wanted = trace.looked_up()
            found = places(finder, self._debug, wanted) if wanted else {}
        except (OSError, subprocess.SubprocessError) as error:
            return [f"(no lines of source: {error})"]
        lines = ["in the source:"] if trace.steps else []
        for step, address in zip(trace.steps, wanted):
            here = found.get(address) or [Place(step.function or "?", "no line known")]
            lines.append(f"#{step.number} {here[0].function:<28} {here[0].source}")
            lines += [f"   inlined in {p.function:<17} {p.source}" for p in here[1:]]
        return lines

    def _mismatch(self, build: Optional[int]) -> str:
        """Why this kernel's lines are not those of the kernel that printed the trace."""
        try:
            ours = stored(Elf(self._elf))
        except (OSError, NotElf, NoBuildId) as error:
            return str(error)
        if not self._debug.is_file():
            return f"there is no {self._name(self._debug)}"
        if build is None:
            return "the kernel has not said which build it is"
        if build != ours:
            here = self._name(self._debug)
            return f"this is build {build:016x}, and {here} is of build {ours:016x}"
        return ""

    def _lines_of_code(
        self, trace: Trace, code: Code, rip: int, build: Optional[int]
    ) -> list[str]:
        disassembler = _first(DISASSEMBLERS)
        if disassembler is None:
            return self._once("(no disassembly: objdump is not installed: package binutils)")
        try:
            known = None
            if trace.steps and trace.steps[0].address == rip and not self._mismatch(build):
                function, base = rip - trace.steps[0].offset, rip - code.marked
                known = first_whole(disassembler, self._elf, function, base, rip)
            rows = instructions(disassembler, code, rip, known)
        except (OSError, subprocess.SubprocessError) as error:
            return self._once(f"(no disassembly: {error})")
        lines = [f"{'=>' if at == rip else '  '} 0x{at:016x} {text}" for at, text in rows]
        return ["the instructions around RIP:", *lines] if lines else []

    def _once(self, line: str) -> list[str]:
        is_new = line not in self._said
        self._said.add(line)
        return [line] if is_new else []

    @staticmethod
    def _name(path: Path) -> str:
        return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _first(names: Iterable[str]) -> Optional[str]:
    return next(filter(None, map(shutil.which, names)), None)


class Annotator:
    """Reads what a kernel prints, a line at a time, and says what is to follow it."""

    def __init__(self, elf: Path) -> None:
        self._symbolizer = Symbolizer(elf)
        self._build: Optional[int] = None
        self._trace = Trace()
        self._in_panic = False

    def line(self, text: str) -> list[str]:
        """Take the next line. What follows it: nothing, or a block that explains a trace."""
        text = ESCAPE.sub("", text).strip("\r\n")
        if match := BUILD_LINE.match(text):
            self._build = int(match[1], 16)
        if PANIC_LINE.search(text):
            self._trace, self._in_panic = Trace(), True
            return []
        if match := TRACE_LINE.match(text):
            place = (match[3] or "", int(match[4] or "0", 16))
            self._trace.steps.append(Step(match[1], int(match[2], 16), *place))
            return []
        if self._in_panic:
            return self._line_of_panic(text)
        return [] if TRACE_REMARK.fullmatch(text) else self.pause()

    def pause(self) -> list[str]:
        """Nothing more comes for now: what explains a trace outside of a panic, if one ended."""
        return [] if self._in_panic else self._end()

    def _line_of_panic(self, text: str) -> list[str]:
        if match := RIP_LINE.match(text):
            self._trace.rip = int(match[1], 16)
        elif match := CODE_LINE.fullmatch(text):
            self._trace.code = read_code(match[1])
        elif END_LINE.fullmatch(text):
            return self._end()
        return []

    def _end(self) -> list[str]:
        trace, self._trace, self._in_panic = self._trace, Trace(), False
        if not trace.steps and trace.code is None:
            return []
        return self._symbolizer.explain(trace, self._build)


def explain(printed: str, elf: Path) -> list[str]:
    """All blocks for something that was printed and is complete."""
    annotator = Annotator(elf)
    lines = [added for line in printed.splitlines() for added in annotator.line(line)]
    return lines + annotator.pause()
