# SPDX-License-Identifier: MIT
"""Boots the kernel with a Multiboot2 handover of the test's own making.

QEMU starts the ELF file by its PVH note; at the first instruction the machine is
stopped, a block of tags is put into its memory, and it goes on at the other
entry. So a test says itself where the pixels are, and of what kind: in RAM,
from where they are read back.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional, Sequence

from check.elf import Elf

from . import qemu
from .gdbstub import GdbStub
from .machine import WAIT_SECONDS, Machine
from .pixels import Picture, read_text, shipped_glyphs
from .settings import BUILD

ELF, SYMBOLS = BUILD / "odyssey.elf", BUILD / "odyssey.full"
IMAGE_OFFSET = 0xFFFFFFFF80000000
MAGIC = 0x36D76289
TAGS_AT = 0x9000
COMMAND_LINE_TAG, MODULE_TAG, MEMORY_MAP_TAG, FRAMEBUFFER_TAG, RSDP_TAG = 1, 3, 6, 8, 14
MIB, GIB = 1 << 20, 1 << 30
INDEXED, RGB = 0, 1

Field = tuple[int, int]  # of a colour: position, size


@dataclass(frozen=True)
class Framebuffer:
    """What the kernel is told of the screen."""

    width: int = 1024
    height: int = 768
    bits: int = 32
    pitch: int = 1024 * 4
    address: int = 64 * MIB
    red: Field = (16, 8)
    green: Field = (8, 8)
    blue: Field = (0, 8)
    kind: int = RGB

    def tag(self) -> bytes:
        common = struct.pack(
            "<QIIIBBH", self.address, self.pitch, self.width, self.height, self.bits, self.kind, 0
        )
        return tag(FRAMEBUFFER_TAG, common + bytes((*self.red, *self.green, *self.blue)))


def tag(kind: int, content: bytes) -> bytes:
    whole = struct.pack("<II", kind, 8 + len(content)) + content
    return whole + bytes(-len(whole) % 8)


def ranges_of(megabytes: int) -> list[tuple[int, int]]:
    """A PC's RAM, starts and sizes: 3 GiB of it below the hole, where it is more."""
    low = min(megabytes * MIB, 3 * GIB)
    ranges = [(0, 0x9F000), (MIB, low - MIB)]
    if megabytes * MIB > low:
        ranges.append((4 * GIB, megabytes * MIB - low))
    return ranges


def memory_map(available: Sequence[tuple[int, int]]) -> bytes:
    """The tag for RAM with these starts and sizes."""
    entries = b"".join(struct.pack("<QQII", start, size, 1, 0) for start, size in available)
    return tag(MEMORY_MAP_TAG, struct.pack("<II", 24, 0) + entries)


def command_line(words: str) -> bytes:
    return tag(COMMAND_LINE_TAG, words.encode() + b"\0")


def module(start: int, end: int) -> bytes:
    return tag(MODULE_TAG, struct.pack("<II", start, end) + b"module\0")


def block(*tags: bytes) -> bytes:
    content = b"".join(tags) + tag(0, b"")
    return struct.pack("<II", 8 + len(content), 0) + content


class Handover:
    """A machine stopped at the kernel's Multiboot2 entry; use as a context manager."""

    def __init__(
        self,
        log: Path,
        framebuffer: Optional[Framebuffer] = None,
        megabytes: int = 128,
        extra: tuple[str, ...] = (),
        tags: Optional[Sequence[bytes]] = None,
        memory: Optional[dict[int, bytes]] = None,
    ):
        """The machine, off.

        tags    what it is told but for the framebuffer; unless said, the map of its memory
        memory  what lies at some physical addresses besides
        """
        self.framebuffer = framebuffer
        self._tags = [memory_map(ranges_of(megabytes))] if tags is None else list(tags)
        self._memory = memory or {}
        self._symbols = Elf(SYMBOLS)
        self._socket = Path(f"{log}.gdb")
        stub = ("-gdb", f"unix:{qemu.escaped(self._socket)},server=on,wait=off")
        hardware = qemu.Hardware(memory=str(megabytes), extra=(*stub, *extra))
        self.machine = Machine(qemu.direct(ELF), log, hardware)

    def __enter__(self) -> Handover:
        self._socket.unlink(missing_ok=True)
        self.machine.__enter__()
        try:
            self.gdb = GdbStub(self._socket, WAIT_SECONDS)
            self.gdb.run_to(self.physical("pvh_entry"))
            if self.framebuffer is not None:
                self._tags.append(self.framebuffer.tag())
            for address, content in {TAGS_AT: block(*self._tags), **self._memory}.items():
                self.gdb.write_physical(address, content)
            self.gdb.set_register("rax", MAGIC)
            self.gdb.set_register("rbx", TAGS_AT)
            self.gdb.set_register("rip", self.physical("multiboot2_entry"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "gdb"):
            self.gdb.close()
        self.machine.__exit__()
        self._socket.unlink(missing_ok=True)

    def run_to(self, function: str) -> None:
        """Let the machine run until a function begins."""
        self.gdb.run_to(self.address(function))

    def run_through(self, function: str) -> None:
        """Let the machine run until a function has returned."""
        self.run_to(function)
        self.gdb.run_to(self.gdb.return_address())

    def address(self, symbol: str) -> int:
        return self._symbols.address_of(symbol)

    def physical(self, symbol: str) -> int:
        return self.address(symbol) - IMAGE_OFFSET

    def picture(self) -> Picture:
        """What the framebuffer in RAM shows."""
        mode = self.framebuffer
        assert mode is not None
        content = self.machine.physical(mode.address, mode.pitch * mode.height)
        fields = (mode.red, mode.green, mode.blue)
        return Picture.of_pixels(
            content, mode.width, mode.height, mode.pitch, mode.bits, fields
        )

    def screen_text(self) -> list[str]:
        """The lines on the screen, in the framebuffer or, without one, in text mode."""
        if self.framebuffer is None:
            return self.machine.screen_text()
        return read_text(self.picture(), shipped_glyphs())

    def wait_screen(self, holds: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until the screen's lines satisfy a condition; the lines."""
        self.machine.wait_until(lambda: holds(self.screen_text()), what, self.screen_text)
        return self.screen_text()
