# SPDX-License-Identifier: MIT
"""Gates on the file that a loader gets: build/odyssey.elf and its relatives.

A gate takes the file it judges and returns what is wrong with it, a line each;
no line means that the file passes. tests/check/test_gates.py has a broken file
for each.
"""
from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

from check.elf import PF_W, PF_X, PT_LOAD, PT_NOTE, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE
from check.elf import STT_FUNC, STT_NOTYPE, STT_OBJECT, Elf, Segment
from check.image import Image
from symbols import BOUND, NAMELESS, WRITABLE

# Fedora's has the other name.
GRUB_FILE = next(filter(shutil.which, ("grub-file", "grub2-file")), "grub-file")

LOADED_AT = 0x100000
LINKED_AT = 0xFFFFFFFF80100000
PAGE = 4096
KIB, MIB = 1 << 10, 1 << 20

# Everything linker.ld puts into the loaded file; .shstrtab holds these names.
READ_ONLY = (".rodata", ".note", ".build_id", ".symbols")
SECTIONS = (".text", *READ_ONLY, ".data", ".bss", ".stacks", ".shstrtab")
SEGMENTS = ((PT_LOAD, "R-X"), (PT_LOAD, "R--"), (PT_LOAD, "RW-"), (PT_NOTE, "R--"))

HEADER_MAGIC = 0xE85250D6
HEADER_LIMIT = 32 * KIB
HEADER_END_TAG = struct.pack("<HHI", 0, 0, 8)

NAMED_SECTIONS = (".text", ".rodata", ".note", ".build_id", ".data", ".bss")

IMAGE_LIMIT = 256 * KIB
COUNTED_SECTIONS = (".text", *READ_ONLY, ".data")
ISO_LIMIT = 5 * MIB


def grub_accepts(image: Image) -> list[str]:
    """GRUB's own tool finds a Multiboot2 header."""
    command = [GRUB_FILE, "--is-x86-multiboot2", str(image.path)]
    status = subprocess.run(command, check=False).returncode
    return [f"grub-file: got status {status}, want 0"] if status else []


def multiboot2_header(image: Image) -> list[str]:
    """The header lies 8-byte aligned and whole in the first 32 KiB; its sum is 0."""
    start = image.elf.data[:HEADER_LIMIT].find(struct.pack("<I", HEADER_MAGIC))
    if start < 0:
        return [f"no Multiboot2 header in the first {HEADER_LIMIT} bytes"]
    problems = []
    magic, architecture, length, checksum = struct.unpack_from("<4I", image.elf.data, start)
    if start % 8:
        problems.append(f"Multiboot2 header at offset {start:#x}, not 8-byte aligned")
    if start + length > HEADER_LIMIT:
        problems.append(f"Multiboot2 header ends at {start + length:#x}, after {HEADER_LIMIT:#x}")
    if (magic + architecture + length + checksum) % 2**32:
        problems.append(f"Multiboot2 header: its checksum {checksum:#x} does not make the sum 0")
    if image.elf.data[start + length - 8 : start + length] != HEADER_END_TAG:
        problems.append("Multiboot2 header does not end in an end tag")
    return problems


def nothing_writable_and_executable(image: Image) -> list[str]:
    """No segment and no section may be written and executed."""
    return [
        f"segment {number} at {segment.virtual:#x} is {segment.rights}"
        for number, segment in enumerate(image.elf.segments)
        if segment.flags & PF_W and segment.flags & PF_X
    ] + [
        f"section {section.name} is writable and executable"
        for section in image.elf.sections
        if section.flags & SHF_WRITE and section.flags & SHF_EXECINSTR
    ]


def segments(image: Image) -> list[str]:
    """The program headers are those of linker.ld, in order and where they belong."""
    elf = image.elf
    got = tuple((segment.kind, segment.rights) for segment in elf.segments)
    if got != SEGMENTS:
        return [f"program headers: got {_listed(got)}, want {_listed(SEGMENTS)}"]
    loads = [segment for segment in elf.segments if segment.kind == PT_LOAD]
    problems = _placement_problems(loads)
    if not loads[0].virtual <= elf.entry < loads[0].virtual + loads[0].memory_size:
        problems.append(f"entry point {elf.entry:#x} is not in the executable segment")
    note, read_only = elf.segments[3], loads[1]
    if not read_only.virtual <= note.virtual < read_only.virtual + read_only.file_size:
        problems.append(f"PT_NOTE at {note.virtual:#x} is not in the read-only segment")
    return problems


def _listed(headers: tuple[tuple[int, str], ...]) -> str:
    names = {PT_LOAD: "LOAD", PT_NOTE: "NOTE"}
    return ", ".join(f"{names.get(kind, hex(kind))} {rights}" for kind, rights in headers)


def _placement_problems(loads: list[Segment]) -> list[str]:
    problems = []
    first = loads[0]
    if (first.virtual, first.physical) != (LINKED_AT, LOADED_AT):
        problems.append(
            f"image linked at {first.virtual:#x} and loaded at {first.physical:#x}, "
            f"want {LINKED_AT:#x} and {LOADED_AT:#x}"
        )
    for before, segment in zip((None, *loads), loads):
        where = f"segment at {segment.virtual:#x}"
        if segment.virtual - segment.physical != LINKED_AT - LOADED_AT:
            problems.append(f"{where} is loaded at {segment.physical:#x}, out of step")
        if segment.virtual % PAGE:
            problems.append(f"{where} begins within a page")
        if before and segment.virtual < before.virtual + before.memory_size:
            problems.append(f"{where} overlaps the one before it")
    return problems


def no_orphan_section(image: Image) -> list[str]:
    """Every section is one that linker.ld names."""
    return [
        f"section {section.name} is not one of {' '.join(SECTIONS)}"
        for section in image.elf.sections[1:]
        if section.name not in SECTIONS
    ]


def nothing_for_debuggers(image: Image) -> list[str]:
    """No DWARF and no symbol table: GRUB loads every section there is."""
    return [
        f"section {section.name} ({section.size} bytes) would be loaded"
        for section in image.elf.sections
        if section.name.startswith(".debug") or section.name in (".symtab", ".strtab")
    ]


def debug_file_matches(image: Image, debug: Elf, full: Elf) -> list[str]:
    """The stripped file is the linked one, and the DWARF beside it speaks of the same addresses."""
    problems = [
        f"{debug.path.name}: no {name}"
        for name in (".debug_info", ".debug_line", ".symtab")
        if not (section := debug.section(name)) or section.size == 0
    ]
    loaded = [section for section in image.elf.sections if section.flags & SHF_ALLOC]
    for section in loaded:
        for other in (debug, full):
            twin = other.section(section.name)
            if twin is None or (twin.address, twin.size) != (section.address, section.size):
                problems.append(f"{other.path.name}: {section.name} is not where it is loaded")
        twin = full.section(section.name)
        if twin and full.bytes_of(twin) != image.elf.bytes_of(section):
            problems.append(f"{full.path.name}: other bytes in {section.name} than are loaded")
    return problems


def symbol_table(image: Image, full: Elf, first: Elf) -> list[str]:
    """The table for reports names the functions and objects of the kernel that it is part of."""
    section = image.elf.section(".symbols")
    if section is None:
        return ["no section .symbols"]
    try:
        names = _named(full)
        moved = _named(first) - names
        table = _read_table(image.elf.bytes_of(section), section.address, full)
    except (KeyError, ValueError, struct.error) as error:
        return [f"the table cannot be read: {error}"]
    problems = [f"{name} was at {place:#x} in the first link" for name, place in sorted(moved)]
    problems += [
        f"the table says {name} at {place:#x}; {full.path.name} does not"
        for name, place in table
        if name and (name, place) not in names
    ]
    places = [place for _, place in table]
    if places != sorted(set(places)):
        problems.append("the table's addresses do not rise")
    known = {place for name, place in table if name}
    problems += [
        f"{name} at {place:#x} is not in the table"
        for name, place in sorted(names)
        if place not in known
    ]
    return problems


def _named(elf: Elf) -> set[tuple[str, int]]:
    """Functions and objects by place, which counts as in tools/symbols.py."""
    text, data = elf.address_of("__text_start"), elf.address_of("__data_start")
    code = elf.section(".text")
    found = set()
    for symbol in elf.symbols:
        section = elf.sections[symbol.section] if symbol.section < len(elf.sections) else None
        if section is None or section.name not in NAMED_SECTIONS or BOUND.fullmatch(symbol.name):
            continue
        if symbol.kind not in (STT_NOTYPE, STT_OBJECT, STT_FUNC):
            continue
        name, is_code = symbol.name, section is code
        if not is_code and ("." in name and not symbol.size or name.startswith(NAMELESS)):
            continue
        place = symbol.address - text if symbol.address < data else WRITABLE + symbol.address - data
        found.add((name if is_code else name.partition(".")[0], place))
    return found


def _read_table(content: bytes, start: int, full: Elf) -> list[tuple[str, int]]:
    """The rows of kernel/symbols.c's table, read as it reads them."""

    def place(part: str) -> int:
        return full.address_of(f"symbol_table_{part}") - start

    (count,) = struct.unpack_from("<I", content, place("count"))
    offsets = struct.unpack_from(f"<{count}I", content, place("offsets"))
    places = struct.unpack_from(f"<{count}I", content, place("names"))
    strings = content[place("strings") :]
    names = [strings[at : strings.index(b"\0", at)].decode() for at in places]
    return list(zip(names, offsets))


def image_size(image: Image) -> list[str]:
    """Code and constants stay under 256 KiB."""
    sections = [section for section in image.elf.sections if section.name in COUNTED_SECTIONS]
    size = sum(section.size for section in sections)
    return [f"{size} bytes loaded, want at most {IMAGE_LIMIT}"] if size > IMAGE_LIMIT else []


def iso_size(iso: Path) -> list[str]:
    """The bootable image stays under 5 MiB."""
    size = iso.stat().st_size
    return [f"{size} bytes, want at most {ISO_LIMIT}"] if size > ISO_LIMIT else []
