# SPDX-License-Identifier: MIT
"""Reads an ELF64 little-endian file: sections, segments, symbols.

Source: System V ABI, "Object Files"; AMD64 supplement.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Optional

PT_LOAD, PT_NOTE = 1, 4
PF_X, PF_W, PF_R = 1, 2, 4
SHT_SYMTAB, SHT_NOBITS = 2, 8
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_FILE = 0, 1, 2, 4
STB_LOCAL = 0


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int

    def __contains__(self, address: int) -> bool:
        return self.address <= address < self.address + self.size


@dataclass(frozen=True)
class Segment:
    kind: int
    flags: int
    offset: int
    virtual: int
    physical: int
    file_size: int
    memory_size: int

    @property
    def rights(self) -> str:
        bits = ((PF_R, "R"), (PF_W, "W"), (PF_X, "X"))
        return "".join(letter if self.flags & bit else "-" for bit, letter in bits)


@dataclass(frozen=True)
class Symbol:
    name: str
    address: int
    kind: int
    is_local: bool
    section: int
    size: int  # 0 where nobody said
    file: str  # the source of a local symbol; "" for others


class NotElf(ValueError):
    """The file is no ELF64 little-endian file, or is cut short."""


class Elf:
    """One file, read whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        if self.data[:6] != b"\x7fELF\x02\x01":
            raise NotElf(f"{path}: no ELF64 little-endian file")
        try:
            header = struct.unpack_from("<HHIQQQIHHHHHH", self.data, 16)
        except struct.error as error:
            raise NotElf(f"{path}: {error}") from error
        self.entry = header[3]
        self._program_headers = (header[4], header[8], header[9])
        self._section_headers = (header[5], header[10], header[11])
        self._name_section = header[12]

    def bytes_of(self, section: Section) -> bytes:
        if section.kind == SHT_NOBITS:
            return bytes(section.size)
        return self.data[section.offset : section.offset + section.size]

    @cached_property
    def segments(self) -> list[Segment]:
        start, size, count = self._program_headers
        rows = [struct.unpack_from("<IIQQQQQ", self.data, start + i * size) for i in range(count)]
        return [Segment(*row) for row in rows]

    @cached_property
    def sections(self) -> list[Section]:
        """By index, the null section first."""
        start, size, count = self._section_headers
        rows = [struct.unpack_from("<IIQQQQI", self.data, start + i * size) for i in range(count)]
        names = self.data[rows[self._name_section][4] :] if rows else b""
        return [Section(_string(names, row[0]), *row[1:]) for row in rows]

    def section(self, name: str) -> Optional[Section]:
        return next((section for section in self.sections if section.name == name), None)

    @cached_property
    def symbols(self) -> list[Symbol]:
        """All symbols in the file's order; empty for a stripped file."""
        table = next((section for section in self.sections if section.kind == SHT_SYMTAB), None)
        if table is None:
            return []
        strings = self.bytes_of(self.sections[table.link])
        found, file = [], ""
        for name, info, _, section, address, size in struct.iter_unpack(
            "<IBBHQQ", self.bytes_of(table)
        ):
            text, kind, is_local = _string(strings, name), info & 15, info >> 4 == STB_LOCAL
            if kind == STT_FILE:
                file = text
            source = file if is_local else ""
            found.append(Symbol(text, address, kind, is_local, section, size, source))
        return found

    def address_of(self, name: str) -> int:
        """Where a symbol is. Raises KeyError when there is none of that name."""
        for symbol in self.symbols:
            if symbol.name == name:
                return symbol.address
        raise KeyError(f"{self.path}: no symbol {name}")

    def read(self, address: int, size: int) -> bytes:
        """Bytes of the image at a virtual address. Raises KeyError where no section has them."""
        for section in self.sections:
            if section.flags & SHF_ALLOC and address in section:
                start = address - section.address
                if start + size <= section.size:
                    return self.bytes_of(section)[start : start + size]
        raise KeyError(f"{self.path}: {size} bytes at {address:#x} are in no section")


def _string(table: bytes, start: int) -> str:
    return table[start : table.index(b"\0", start)].decode()
