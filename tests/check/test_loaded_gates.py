# SPDX-License-Identifier: MIT
"""Negative controls of tools/check/loaded_gates.py: each gate refuses a file that is broken so."""
from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from check import loaded_gates
from check.elf import Elf, NotElf
from check.image import Image
from mini_kernel import Kernel, Maker

needs_grub_file = pytest.mark.skipif(
    not shutil.which(loaded_gates.GRUB_FILE), reason="tool grub-file missing (package grub-common)"
)
GATES = (
    pytest.param(loaded_gates.grub_accepts, marks=needs_grub_file),
    loaded_gates.multiboot2_header,
    loaded_gates.nothing_writable_and_executable,
    loaded_gates.segments,
    loaded_gates.no_orphan_section,
    loaded_gates.nothing_for_debuggers,
    loaded_gates.image_size,
)
SHIFT_DATA = {
    f"AT(ADDR({name}) -": f"AT(PAGE + ADDR({name}) -" for name in (".data", ".bss", ".stacks")
}
DROP_NOTE = {
    "note   PT_NOTE FLAGS(4);  /* PVH entry point */": "",
    ":rodata :note": ":rodata",
}


@pytest.mark.parametrize("gate", GATES)
def test_sound_kernel_passes(gate, good: Kernel) -> None:
    assert gate(good.image()) == []


@needs_grub_file
def test_grub_refuses_wrong_magic(maker: Maker) -> None:
    image = maker.kernel(MAGIC="0xe85250d7").image()
    assert loaded_gates.grub_accepts(image) == ["grub-file: got status 1, want 0"]
    assert loaded_gates.multiboot2_header(image) == [
        "no Multiboot2 header in the first 32768 bytes"
    ]


@pytest.mark.parametrize(
    "values, problem",
    [
        ({"PADDING": "4"}, "not 8-byte aligned"),
        ({"PADDING": "32768 - 4096 - 16"}, "header ends at 0x8008"),
        ({"PADDING": "32768"}, "no Multiboot2 header"),
        ({"CHECKSUM": "0"}, "does not make the sum 0"),
        ({"END_TAG": "5"}, "does not end in an end tag"),
    ],
)
def test_header_refused(values: dict[str, str], problem: str, maker: Maker) -> None:
    (found,) = loaded_gates.multiboot2_header(maker.kernel(**values).image())
    assert problem in found


def test_writable_code_refused(maker: Maker) -> None:
    image = maker.kernel(linker={"FLAGS(5)": "FLAGS(7)"}).image()
    assert loaded_gates.nothing_writable_and_executable(image) == [
        "segment 0 at 0xffffffff80100000 is RWX"
    ]


def test_executable_data_refused(maker: Maker) -> None:
    """Rights of a section that the program headers hide."""
    image = maker.kernel(MORE="section .data.code progbits alloc exec write\nnop").image()
    assert loaded_gates.nothing_writable_and_executable(image) == [
        "section .data is writable and executable"
    ]


@pytest.mark.parametrize(
    "linker, problem",
    [
        ({"FLAGS(4);  /* R-- */": "FLAGS(6);"}, "got LOAD R-X, LOAD RW-, LOAD RW-, NOTE R--"),
        (DROP_NOTE, "got LOAD R-X, LOAD R--, LOAD RW-, want"),
        ({"0x100000;": "0x200000;"}, "linked at 0xffffffff80200000 and loaded at 0x200000"),
        ({"= 0xffffffff80000000;": "= 0xffffffff90000000;"}, "linked at 0xffffffff90100000"),
        (SHIFT_DATA, "segment at 0xffffffff80102000 is loaded at 0x103000, out of step"),
        ({"AT(ADDR(.data) -": "AT(PAGE + ADDR(.data) -"}, "begins within a page"),
        ({"ENTRY(multiboot2_entry)": "ENTRY(__data_start)"}, "is not in the executable segment"),
    ],
)
def test_segments_refused(linker: dict[str, str], problem: str, maker: Maker) -> None:
    found = loaded_gates.segments(maker.kernel(linker=linker).image())
    assert any(problem in line for line in found), found


def test_overlapping_segments_refused(maker: Maker) -> None:
    made = maker.kernel()
    data = bytearray(made.elf.read_bytes())
    memory_size = 64 + 40  # of the first program header
    data[memory_size : memory_size + 8] = struct.pack("<Q", 2 << 20)
    made.elf.write_bytes(data)
    found = loaded_gates.segments(made.image())
    assert "segment at 0xffffffff80101000 overlaps the one before it" in found


ORPHAN = "section .forgotten progbits alloc noexec nowrite\ndd 1"


def test_orphan_section_refused(each_linker: Maker) -> None:
    image = each_linker.placing_orphans().kernel(MORE=ORPHAN).image()
    (found,) = loaded_gates.no_orphan_section(image)
    assert found.startswith("section .forgotten is not one of .text ")


def test_orphan_section_is_not_linked(each_linker: Maker) -> None:
    """With the Makefile's options it does not come to a gate."""
    with pytest.raises(AssertionError, match=r"\.forgotten"):
        each_linker.kernel(MORE=ORPHAN)


@pytest.mark.parametrize(
    "more, problem",
    [
        ("dd kmain wrt ..got", "GOT or PLT"),  # as position-independent code has it
        ("section .bss\nresb 16 << 20", "larger than the boot tables map"),
    ],
)
def test_linker_script_refuses(more: str, problem: str, each_linker: Maker) -> None:
    with pytest.raises(AssertionError, match=problem):
        each_linker.kernel(MORE=more)


def test_debug_sections_refused(good: Kernel) -> None:
    found = loaded_gates.nothing_for_debuggers(Image(good.full))
    assert any(line.startswith("section .debug_info (") for line in found), found
    assert any(line.startswith("section .symtab (") for line in found), found


def test_debug_file_without_dwarf_refused(good: Kernel) -> None:
    found = loaded_gates.debug_file_matches(good.image(), Elf(good.elf), Elf(good.full))
    names = (".debug_info", ".debug_line", ".symtab")
    assert found == [f"{good.elf.name}: no {name}" for name in names]


def test_debug_file_of_another_kernel_refused(good: Kernel, maker: Maker) -> None:
    other = maker.kernel(RODATA_BYTES="8192")
    assert loaded_gates.debug_file_matches(good.image(), Elf(good.debug), Elf(good.full)) == []
    found = loaded_gates.debug_file_matches(good.image(), Elf(other.debug), Elf(good.full))
    assert f"{other.debug.name}: .rodata is not where it is loaded" in found


def test_other_code_than_was_gated_refused(good: Kernel, maker: Maker) -> None:
    other = maker.kernel(KMAIN_BYTES="96")
    found = loaded_gates.debug_file_matches(good.image(), Elf(good.debug), Elf(other.full))
    assert f"{other.full.name}: other bytes in .text than are loaded" in found


def test_symbol_table_of_sound_kernel_passes(good: Kernel) -> None:
    assert loaded_gates.symbol_table(good.image(), Elf(good.full), Elf(good.first)) == []


def test_moved_function_refused(good: Kernel, maker: Maker) -> None:
    """The first link was another kernel: its addresses went into the table."""
    other = maker.kernel(PADDING="16")
    found = loaded_gates.symbol_table(good.image(), Elf(good.full), Elf(other.first))
    assert any(line.startswith("kmain was at 0x") for line in found), found


def test_empty_table_refused(good: Kernel) -> None:
    found = loaded_gates.symbol_table(Image(good.first), Elf(good.first), Elf(good.first))
    first = Elf(good.first)
    text, data = first.address_of("__text_start"), first.address_of("__data_start")
    assert f"kmain at {first.address_of('kmain') - text:#x} is not in the table" in found
    assert f"digits at {first.address_of('digits') - text:#x} is not in the table" in found
    counter = 0x80000000 + first.address_of("counter") - data
    assert f"counter at {counter:#x} is not in the table" in found


@pytest.mark.parametrize("name", [b"irq_dispatch", b"digits", b"counter"])
def test_table_of_another_kernel_refused(maker: Maker, name: bytes) -> None:
    """A name that belongs to no function and no object."""
    made = maker.kernel()
    data = made.elf.read_bytes()
    made.elf.write_bytes(data.replace(name + b"\0", name[:-1] + b"X\0"))
    found = loaded_gates.symbol_table(made.image(), Elf(made.full), Elf(made.first))
    renamed = f"the table says {name[:-1].decode()}X at "
    assert any(line.startswith(renamed) for line in found), found


def test_unsorted_table_refused(maker: Maker) -> None:
    """The kernel looks functions up by halving."""
    made = maker.kernel()
    data = bytearray(made.elf.read_bytes())
    table = Elf(made.elf).section(".symbols")
    start = table.offset + Elf(made.full).address_of("symbol_table_offsets") - table.address
    data[start : start + 8] = data[start + 4 : start + 8] + data[start : start + 4]
    made.elf.write_bytes(data)
    found = loaded_gates.symbol_table(made.image(), Elf(made.full), Elf(made.first))
    assert "the table's addresses do not rise" in found


def test_cut_table_refused(maker: Maker) -> None:
    """A count that leads out of the section."""
    made = maker.kernel()
    data = bytearray(made.elf.read_bytes())
    start = Elf(made.elf).section(".symbols").offset
    data[start : start + 4] = b"\xff\xff\xff\x7f"
    made.elf.write_bytes(data)
    (found,) = loaded_gates.symbol_table(made.image(), Elf(made.full), Elf(made.first))
    assert found.startswith("the table cannot be read: ")


def test_large_image_refused(maker: Maker) -> None:
    (found,) = loaded_gates.image_size(maker.kernel(RODATA_BYTES="256 * 1024").image())
    assert found.endswith(" bytes loaded, want at most 262144")


def test_large_iso_refused(tmp_path: Path) -> None:
    iso = tmp_path / "large.iso"
    for size, problems in ((5 << 20, 0), ((5 << 20) + 1, 1)):
        with iso.open("wb") as file:
            file.truncate(size)
        assert len(loaded_gates.iso_size(iso)) == problems


def test_what_is_no_elf_is_an_error(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("#!/bin/sh\n")
    with pytest.raises(NotElf):
        loaded_gates.segments(Image(text))
