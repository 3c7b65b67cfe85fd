# SPDX-License-Identifier: MIT
"""One ELF file with what can be learnt from it, each thing worked out once."""
from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from check.disassembly import Disassembly
from check.elf import Elf
from check.frames import Frames
from check.stack import Stacks

ROOT = Path(__file__).resolve().parents[2]


class Binutils(NamedTuple):
    """The programs that read ELF files, under the names they have here."""

    objdump: str = "objdump"
    addr2line: str = "addr2line"

    @classmethod
    def with_prefix(cls, prefix: str) -> Binutils:
        return cls(f"{prefix}objdump", f"{prefix}addr2line")


class Image:
    """A linked kernel, in one of the files the build makes of it."""

    def __init__(self, path: Path, binutils: Binutils = Binutils(), root: Path = ROOT) -> None:
        self.path = path
        self._binutils = binutils
        self._root = root

    @cached_property
    def elf(self) -> Elf:
        return Elf(self.path)

    @cached_property
    def disassembly(self) -> Disassembly:
        """Only of a file that has its symbols."""
        return Disassembly(self.elf, self._root, self._binutils.objdump)

    @cached_property
    def frames(self) -> Frames:
        return Frames(self.disassembly)

    @cached_property
    def stacks(self) -> Stacks:
        return Stacks(self.disassembly, self.frames, self._binutils.addr2line)
