# SPDX-License-Identifier: MIT
"""Coverage counters: where they are in a kernel, and in which files gcov wants them.

A kernel of the coverage build does nothing about its counters but to count.
Its ELF file tells where they are, by the tables that .gcov_info points to; a
machine's memory has their values when it has ended, whatever its end was.

Source: GCC 12, gcov-io.h ("gcov_info", file format); lengths there are in bytes.
"""
from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from check.elf import Elf

from .settings import SetupError

GCDA_MAGIC = 0x67636461
TAG_FUNCTION, TAG_ARC_COUNTS = 0x01000000, 0x01A10000
COUNTER_BYTES = 8
COUNTER_KINDS = 8  # members of gcov_info.merge
INFO = struct.Struct(f"<I4xQIIQ{COUNTER_KINDS}QI4xQ")
FUNCTION = struct.Struct("<QIII4xI4xQ")  # with one gcov_ctr_info behind it
GCC_LEAST = 12


@dataclass(frozen=True)
class Function:
    """One function's counters."""

    ident: int
    line_checksum: int
    flow_checksum: int
    count: int
    place: int  # index of its first counter among all of the kernel's


@dataclass(frozen=True)
class Source:
    """What was compiled into one object file."""

    gcda: Path
    version: int
    stamp: int
    checksum: int
    functions: tuple[Function, ...]


@dataclass(frozen=True)
class Layout:
    """One kernel's counters: where they are in physical memory, one run after the other."""

    sources: tuple[Source, ...]
    runs: tuple[tuple[int, int], ...]  # start and size in bytes
    build_id: bytes
    build_id_at: int


class NoCounters(SetupError):
    """The kernel was not built for coverage, or by a compiler whose tables are others."""


def layout_of(kernel: Path) -> Layout:
    """Where a kernel's counters are. `kernel` is the ELF file with its sections' names."""
    elf = Elf(kernel)
    start, end = elf.address_of("__gcov_info_start"), elf.address_of("__gcov_info_end")
    if start == end:
        raise NoCounters(f"{kernel}: no counters; build it by `make VARIANT=coverage`")
    tables = struct.unpack(f"<{(end - start) // 8}Q", elf.read(start, end - start))
    rows = [_read_table(elf, table) for table in tables]
    sources, runs, place = [], [], 0
    for (version, stamp, checksum, name), functions in rows:
        placed = []
        for head, count, address in functions:
            placed.append(Function(*head, count, place))
            runs.append((_physical(elf, address), COUNTER_BYTES * count))
            place += count
        sources.append(Source(Path(name), version, stamp, checksum, tuple(placed)))
    section = elf.section(".build_id")
    assert section is not None
    return Layout(
        tuple(sources),
        tuple(runs),
        elf.bytes_of(section),
        _physical(elf, section.address),
    )


Table = tuple[tuple[int, int, int, str], list[tuple[tuple[int, int, int], int, int]]]


def _read_table(elf: Elf, table: int) -> Table:
    """What a gcov_info says of its file, and of each function: sums, counters, where they are."""
    version, _, stamp, checksum, name, *merge, count, functions = INFO.unpack(
        elf.read(table, INFO.size)
    )
    # "B22*" is GCC 12.2: the letter and the digit make the major version.
    major = (version >> 24) - ord("A")
    major = major * 10 + (version >> 16 & 0xFF) - ord("0")
    if major < GCC_LEAST:
        raise NoCounters(f"counters of GCC {major}, want {GCC_LEAST} or later")
    if [bool(kind) for kind in merge] != [True] + [False] * (COUNTER_KINDS - 1):
        raise NoCounters("counters of other kinds than of branches taken")
    rows = []
    for pointer in struct.unpack(f"<{count}Q", elf.read(functions, 8 * count)):
        key, ident, lines, flow, counters, values = FUNCTION.unpack(
            elf.read(pointer, FUNCTION.size)
        )
        if key == table:  # else the linker kept another object's copy
            rows.append(((ident, lines, flow), counters, values))
    return (version, stamp, checksum, _text(elf, name)), rows


def _text(elf: Elf, address: int) -> str:
    text = b""
    while not text.endswith(b"\0"):
        text += elf.read(address + len(text), 1)
    return text[:-1].decode()


def _physical(elf: Elf, address: int) -> int:
    for segment in elf.segments:
        if segment.virtual <= address < segment.virtual + segment.memory_size:
            return address - segment.virtual + segment.physical
    raise NoCounters(f"counter at {address:#x}, in no segment")


def read_memory(layout: Layout, memory: Path) -> array[int]:
    """The counters in a file that holds a machine's memory; none when it ran another kernel."""
    counters = array("Q")
    with memory.open("rb") as file:
        file.seek(layout.build_id_at)
        if file.read(len(layout.build_id)) == layout.build_id:
            for start, size in layout.runs:
                file.seek(start)
                counters.frombytes(file.read(size))
    return counters


def counters_of(source: Source, counters: array[int]) -> array[int]:
    """One source's counters out of its kernel's, function after function."""
    own = array("Q")
    for function in source.functions:
        own += counters[function.place : function.place + function.count]
    return own


def write(source: Source, counters: array[int]) -> None:
    """Leave a source's counters where gcov looks for them."""
    source.gcda.write_bytes(b"".join(_file(source, counters)))


def _file(source: Source, counters: array[int]) -> Iterator[bytes]:
    yield struct.pack("<4I", GCDA_MAGIC, source.version, source.stamp, source.checksum)
    place = 0
    for function in source.functions:
        sums = (function.ident, function.line_checksum, function.flow_checksum)
        yield struct.pack("<5I", TAG_FUNCTION, 12, *sums)
        yield struct.pack("<2I", TAG_ARC_COUNTS, COUNTER_BYTES * function.count)
        yield counters[place : place + function.count].tobytes()
        place += function.count
    yield struct.pack("<I", 0)
