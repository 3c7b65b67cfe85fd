# SPDX-License-Identifier: MIT
"""What a loader may hand over, made by the test: pixels of every kind, and too little else.

The pixels lie in RAM, where each byte of them can be read.
"""
from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from odyssey.handover import (
    GIB, INDEXED, MIB, SYMBOLS, TAGS_AT, Framebuffer, Handover, command_line, memory_map, module,
    ranges_of,
)  # fmt: skip
from odyssey.machine import MAIN_LOOP, PROMPT

# Letters that code page 437 lacks, lines and blocks among them.
TEXT = "Grüße, žluťoučký kůň ŁÓDŹ ─│┌┐└┘├┤┬┴┼═║╔╗╚╝ ░▒▓█▀▄▌▐"

# What paging_map_device() returns where a frame is missing, and how long a call of it is.
ERR_NO_MEMORY, CALL_SIZE = 2, 5

SOUND = {
    "32-bit": Framebuffer(),
    "pitch-larger-than-width": Framebuffer(1024, 768, 32, 5120),
    "24-bit": Framebuffer(800, 600, 24, 800 * 3),
    "16-bit": Framebuffer(1024, 768, 16, 1024 * 2, red=(11, 5), green=(5, 6), blue=(0, 5)),
    "15-bit-odd-pitch": Framebuffer(643, 402, 15, 1301, red=(10, 5), green=(5, 5), blue=(0, 5)),
    "30-bit-colours": Framebuffer(
        640, 480, 32, 640 * 4, red=(20, 10), green=(10, 10), blue=(0, 10)
    ),
    "doubled": Framebuffer(2560, 480, 32, 2560 * 4),
    "high-above-4-GiB": Framebuffer(640, 480, 32, 640 * 4, address=4 * GIB + 5 * MIB + 0x1000),
}

# What the kernel is told, and what it says of that.
REFUSED = {
    "planar": (Framebuffer(640, 480, 1, 80, address=0xA0000), r"bits per pixel: got 0x1,"),
    "palette": (replace(Framebuffer(), kind=INDEXED, bits=8), r"pixels with a palette: not shown"),
    "no-place": (replace(Framebuffer(), address=0), r"framebuffer address: got 0x0,"),
    "wraps-around": (
        replace(Framebuffer(), address=2**64 - 4096),
        r"framebuffer address: got 0xfffffffffffff000,",
    ),
    "over-the-kernel": (
        replace(Framebuffer(), address=0x100000),
        r"framebuffer address: got 0x100000, want one clear of the kernel",
    ),
    "rows-overlap": (replace(Framebuffer(), pitch=100), r"framebuffer pitch: got 0x64,"),
    "no-pixels": (replace(Framebuffer(), height=0), r"framebuffer width or height: got 0x0,"),
    "too-small": (Framebuffer(12, 12, 32, 48), r"12x12 pixels of 32 bits: not shown"),
    "endless": (
        Framebuffer(2**32 - 1, 2**32 - 1, 32, 2**32 - 1),
        r"framebuffer pitch: got 0xffffffff,",
    ),
    "colours-outside": (
        replace(Framebuffer(), red=(30, 8)),
        r"colour position and size: got 0x1e08,",
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_pixels_show_what_is_said(name: str, logs: Path) -> None:
    mode = SOUND[name]
    megabytes = 4608 if mode.address > 4 * GIB else 128
    with Handover(logs / f"e2e-handover-{name}", mode, megabytes, ("-vga", "none")) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        lines = boot.wait_screen(lambda lines: PROMPT.rstrip() in lines, "the prompt")
        assert "Hello from ODYSSEY OS!" in lines and MAIN_LOOP in lines
        scale = 2 if mode.width >= 2560 else 1
        assert len(lines) == mode.height // (16 * scale)
        boot.machine.send_serial(f"echo {TEXT}\r".encode())
        boot.wait_screen(lambda lines: TEXT in lines, "letters, lines and blocks")
        (logs / f"e2e-handover-{name}.ppm").write_bytes(boot.picture().to_ppm())


def test_line_is_edited_in_one_row_of_a_narrow_screen(logs: Path) -> None:
    mode = Framebuffer(320, 200, 32, 320 * 4)  # 40 columns
    with Handover(logs / "e2e-handover-narrow", mode, extra=("-vga", "none")) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"echo " + b"to and fro " * 6)
        row = re.compile(rf"{PROMPT}<.*fro")
        boot.wait_screen(lambda lines: any(map(row.fullmatch, lines)), "the line's end")
        boot.machine.send_serial(b"\x01")  # Ctrl-A
        row = re.compile(rf"{PROMPT}echo to .*>")
        lines = boot.wait_screen(lambda lines: any(map(row.fullmatch, lines)), "its beginning")
        assert sum(line.startswith(PROMPT.rstrip()) for line in lines) == 1


def test_nothing_is_drawn_outside_the_rows(logs: Path) -> None:
    mode = SOUND["pitch-larger-than-width"]
    rest = mode.pitch - mode.width * 4
    with Handover(logs / "e2e-handover-margin", mode, extra=("-vga", "none")) as boot:
        marks = b"\x5a" * 4096
        end = mode.address + mode.pitch * mode.height
        boot.gdb.write_physical(mode.address - len(marks), marks)
        boot.gdb.write_physical(end, marks)
        boot.gdb.detach()
        boot.machine.wait_prompt()
        # RAM around the pixels is nobody's yet: the kernel takes memory from the upper end.
        assert boot.machine.physical(mode.address - len(marks), len(marks)) == marks
        assert boot.machine.physical(end, len(marks)) == marks
        row = boot.machine.physical(mode.address + mode.width * 4, rest)
        assert row == bytes(rest)


def mapping_of_the_screen() -> int:
    """The call in screen_change_tables() that maps the pixels in the kernel's own tables."""
    function = "--disassemble=screen_change_tables"
    listing = subprocess.check_output(["objdump", function, str(SYMBOLS)], text=True)
    call = re.search(r"^(\w+):.*\bcall .*<paging_map_device>$", listing, re.MULTILINE)
    assert call is not None, listing
    return int(call[1], 16)


def test_screen_that_cannot_be_mapped_is_left_out_and_said(logs: Path) -> None:
    mode = SOUND["high-above-4-GiB"]
    with Handover(logs / "e2e-handover-unmapped", mode, 4608, ("-vga", "none")) as boot:
        call = mapping_of_the_screen()
        boot.gdb.run_to(call)
        boot.gdb.set_register("rax", ERR_NO_MEMORY)
        boot.gdb.set_register("rip", call + CALL_SIZE)
        boot.gdb.detach()
        boot.machine.wait_prompt()
        assert re.search(rb"WARN console: the screen cannot be mapped", boot.machine.serial)
        # Where the boot tables had the pixels, the kernel's own have RAM.
        place, size = 4 * GIB + mode.address % (2 * MIB), mode.pitch * mode.height
        before = boot.machine.physical(place, size)
        boot.machine.send_serial(b"crash panic\r")
        boot.machine.wait_serial(rb"System halted\.\r\n")
        boot.machine.wait_halted()
        assert boot.machine.physical(place, size) == before


@pytest.mark.parametrize("name", REFUSED)
def test_pixels_that_make_no_sense_are_refused_in_words(name: str, logs: Path) -> None:
    mode, complaint = REFUSED[name]
    with Handover(logs / f"e2e-handover-{name}", mode, extra=("-vga", "none")) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        said = boot.machine.serial.decode()
        lines = [line for line in said.splitlines() if re.search(complaint, line)]
        assert len(lines) == 1 and " WARN " in lines[0], said
        boot.machine.send_serial(b"echo goes on\r")
        boot.machine.wait_serial(rb"\ngoes on\r\n")


def test_tables_are_found_in_the_bios_area_when_no_tag_names_them(logs: Path) -> None:
    with Handover(logs / "e2e-handover-rsdp") as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        assert re.search(rb"INFO acpi: \d+ tables by the RSDT, soft-off known", boot.machine.serial)
        boot.machine.send_serial(b"poweroff\r")
        boot.machine.wait_serial(rb"INFO power: off by ACPI")
        assert boot.machine.qmp.wait_event("SHUTDOWN")["reason"] == "guest-shutdown"


# What the loader hands over where no boot can come of it: tags, and what is wrong besides.
UNUSABLE = {
    "address-not-aligned": (None, {"rbx": TAGS_AT + 1}, r"got an address outside of memory or not"),
    "damaged-header": (None, {"size": 4}, r"boot information: got a damaged header"),
    "no-map": ([], {}, r"memory map: got none, need one from the loader"),
    "empty-map": ([memory_map([(0, 0)])], {}, r"memory map: got one without available memory"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_information_that_no_boot_can_come_of_is_named(name: str, logs: Path) -> None:
    tags, wrong, sentence = UNUSABLE[name]
    with Handover(logs / f"e2e-handover-{name}", tags=tags) as boot:
        if "rbx" in wrong:
            boot.gdb.set_register("rbx", wrong["rbx"])
        if "size" in wrong:
            boot.gdb.write_physical(TAGS_AT, wrong["size"].to_bytes(4, "little"))
        boot.gdb.detach()
        boot.machine.wait_serial(rb"KERNEL PANIC: boot: [^\n]*" + sentence.encode())
        boot.machine.wait_serial(rb"System halted\.\r\n")


def test_modules_frames_are_kept_and_counted(logs: Path) -> None:
    start, content = 32 * MIB, b"kept" * 3000
    tags = [memory_map(ranges_of(128)), module(start, start + len(content)), module(MIB, MIB)]
    with Handover(logs / "e2e-handover-module", tags=tags, memory={start: content}) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"mem\r")
        boot.machine.wait_serial(rb"boot information and modules: 12 KiB\r\n")
        assert boot.machine.physical(start, len(content)) == content


def test_map_of_more_entries_than_are_kept_is_shown_as_far_as_it_is(logs: Path) -> None:
    scattered = [(64 * MIB + at * 0x3000, 0x1000) for at in range(140)]
    tags = [memory_map([(0, 0x9F000), (MIB, 60 * MIB), *scattered])]
    with Handover(logs / "e2e-handover-map", tags=tags) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"hwreport map\r")
        boot.machine.wait_serial(rb"\r\nand 14 more\r\n")


def test_more_unknown_words_than_are_listed_are_counted(logs: Path) -> None:
    words = " ".join(f"word{number}" for number in range(30))
    tags = [memory_map(ranges_of(128)), command_line(words)]
    with Handover(logs / "e2e-handover-words", tags=tags) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        listed = boot.machine.serial.count(b'WARN command_line: unknown word: "word')
        assert f"WARN command_line: unknown word: {30 - listed} more\r\n".encode() in (
            boot.machine.serial
        )
        assert 0 < listed < 30


def test_more_problems_than_are_listed_are_counted(logs: Path) -> None:
    reversed_ = [module(32 * MIB + at, 32 * MIB) for at in range(1, 20)]
    tags = [memory_map(ranges_of(128)), *reversed_]
    with Handover(logs / "e2e-handover-problems", tags=tags) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        said = boot.machine.serial
        assert said.count(b"module end: got 0x2000000, want its start or above") == 16
        assert b"WARN boot: 3 more problems in the boot information\r\n" in said


def test_pixels_are_never_read(logs: Path) -> None:
    # Where there is nothing, QEMU notes each access. Small, as each is a line.
    mode = Framebuffer(320, 64, 32, 320 * 4, address=0xD0000000)
    accesses = logs / "e2e-handover-accesses"
    watch = ("-vga", "none", "-d", "guest_errors", "-D", str(accesses))
    with Handover(logs / "e2e-handover-blind", mode, extra=watch) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"help\rcrash panic\r")
        boot.machine.wait_serial(rb"System halted\.\r\n")
        seen = accesses.read_text()
        assert seen.count("Invalid write") > mode.pitch * mode.height // 8
        assert "Invalid read" not in seen
        boot.machine.physical(mode.address, 8)  # the control: a read is noted
        boot.machine.wait_until(lambda: "Invalid read" in accesses.read_text(), "its note")
    accesses.unlink()
