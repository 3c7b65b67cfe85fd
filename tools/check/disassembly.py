# SPDX-License-Identifier: MIT
"""The instructions of a linked kernel, function by function, from its disassembly.

The disassembly is the one account that covers C of every compiler, what was
inlined and what was written in assembly. The entry code is 32-bit, and a
loader's header lies in .text: the NASM sources say which label is which.
"""
from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Optional

from check.elf import STT_FUNC, STT_NOTYPE, STT_OBJECT, Elf, Symbol

LINE = re.compile(r"\s*([0-9a-f]+):\s+(\S.*)")
LABEL = re.compile(r"(\w+):")
SECTION = re.compile(r"section\s+(\.[\w.]+)")
BITS = re.compile(r"bits\s+(\d+)")
BOUND = re.compile(r"__\w+_(start|end)")
TARGET = re.compile(r"([0-9a-f]+)(?: <.*>)?")
PREFIXES = frozenset(
    "lock rep repz repnz repe repne notrack bnd data16 addr32 cs ds es ss fs gs rex rex.W".split()
)


@dataclass(frozen=True)
class Instruction:
    address: int
    mnemonic: str  # without prefixes
    operands: str  # AT&T syntax, without objdump's comment

    @property
    def target(self) -> Optional[int]:
        """Where a direct jump or call goes."""
        match = TARGET.fullmatch(self.operands)
        return int(match[1], 16) if match and self.mnemonic[0] in "jcl" else None

    @property
    def is_indirect(self) -> bool:
        return self.operands.startswith("*")

    def __str__(self) -> str:
        return f"0x{self.address:x} {self.mnemonic} {self.operands}".rstrip()


@dataclass
class Function:
    name: str
    address: int
    bits: int  # 32 or 64
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def source_name(self) -> str:
        """As its source calls it: without `.isra.0`, `.cold` and the like."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return self.name


class Disassembly:
    """All functions of a kernel that still has its symbols, by address."""

    def __init__(self, elf: Elf, root: Path, objdump: str = "objdump") -> None:
        self.elf = elf
        self._objdump = objdump
        self.functions = self._find_functions(root)
        self._starts = [function.address for function in self.functions]
        for instruction in self._disassemble():
            owner = self.function_at(instruction.address)
            if owner is not None:
                owner.instructions.append(instruction)
        self.by_address = {
            instruction.address: instruction
            for function in self.functions
            for instruction in function.instructions
        }
        order = list(self.by_address)
        self._following = dict(zip(order, order[1:]))

    @property
    def entries(self) -> frozenset[int]:
        """Where functions begin."""
        return frozenset(self._starts)

    def next_address(self, address: int) -> int:
        """The instruction that follows in memory; -1 after the last."""
        return self._following.get(address, -1)

    def function_at(self, address: int) -> Optional[Function]:
        """The function that holds an address."""
        index = bisect_right(self._starts, address) - 1
        text = self.elf.section(".text")
        return self.functions[index] if index >= 0 and text and address in text else None

    def named(self, name: str) -> list[Function]:
        """Functions of this name: static ones of several files may share it."""
        return [function for function in self.functions if function.name == name]

    def _find_functions(self, root: Path) -> list[Function]:
        text = self.elf.section(".text")
        if text is None:
            return []
        index = self.elf.sections.index(text)
        symbols = [s for s in self.elf.symbols if s.section == index and s.address in text]
        labels = _Labels(root, {s.file for s in self.elf.symbols if s.file.endswith(".asm")})
        found: dict[int, Function] = {}
        for symbol in sorted(symbols, key=lambda s: (s.kind != STT_FUNC, s.is_local)):
            # NASM's labels have no type, or by mistake an object's.
            is_label = symbol.kind in (STT_NOTYPE, STT_OBJECT)
            if not is_label and symbol.kind != STT_FUNC or is_label and _is_inner(symbol):
                continue
            bits = labels.bits_of(symbol) if is_label else 64
            found.setdefault(symbol.address, Function(symbol.name, symbol.address, bits))
        return sorted(found.values(), key=lambda function: function.address)

    def _disassemble(self) -> Iterable[Instruction]:
        """Each stretch of functions with the same width in that width; data not at all."""
        text = self.elf.section(".text")
        if text is None:
            return
        ends = [*self._starts[1:], text.address + text.size]
        stretches: list[list[int]] = []
        for function, end in zip(self.functions, ends):
            if stretches and stretches[-1][0] == function.bits:
                stretches[-1][2] = end
            else:
                stretches.append([function.bits, function.address, end])
        for bits, start, end in stretches:
            if bits != 0:
                yield from self._disassemble_range(bits, start, end)

    def _disassemble_range(self, bits: int, start: int, end: int) -> Iterable[Instruction]:
        # -D and -z, because -d leaves out what NASM's labels call an object, and zeros.
        command = [
            self._objdump, "-D", "-z", "-w", "--no-show-raw-insn", "--section=.text",
            "-M", "i386" if bits == 32 else "x86-64",
            f"--start-address={start:#x}", f"--stop-address={end:#x}", str(self.elf.path),
        ]  # fmt: skip
        listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in listing.splitlines():
            match = LINE.fullmatch(line)
            if match:
                yield _instruction(int(match[1], 16), match[2])


def _is_inner(symbol: Symbol) -> bool:
    """A label inside a routine (`copy.next`), or one of linker.ld's bounds."""
    return "." in symbol.name or BOUND.fullmatch(symbol.name) is not None


def _instruction(address: int, text: str) -> Instruction:
    words = text.split("#")[0].split()
    while len(words) > 1 and words[0] in PREFIXES:
        words.pop(0)
    return Instruction(address, words[0], " ".join(words[1:]))


class _Labels:
    """How wide the code at each label of some NASM sources is: 64, 32, or 0 for data."""

    def __init__(self, root: Path, files: set[str]) -> None:
        self._bits: dict[tuple[str, str], int] = {}
        for file in sorted(files):
            source = root / file
            if source.is_file():
                self._read(file, source.read_text())

    def bits_of(self, symbol: Symbol) -> int:
        """A local label by its own file; a global one is in one file only."""
        if symbol.is_local:
            return self._bits.get((symbol.file, symbol.name), 64)
        return next((bits for (_, name), bits in self._bits.items() if name == symbol.name), 64)

    def _read(self, file: str, source: str) -> None:
        bits, is_code = 64, True
        for line in source.splitlines():
            if match := SECTION.match(line):
                is_code = match[1].startswith(".text")
            elif match := BITS.match(line):
                bits = int(match[1])
            elif match := LABEL.match(line):
                self._bits[file, match[1]] = bits if is_code else 0
