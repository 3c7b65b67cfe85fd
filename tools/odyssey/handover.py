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
from typing import Callable, Optional

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
TAG_MEMORY_MAP, TAG_FRAMEBUFFER, TAG_RSDP = 6, 8, 14
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
        return _tag(TAG_FRAMEBUFFER, common + bytes((*self.red, *self.green, *self.blue)))


def _tag(kind: int, content: bytes) -> bytes:
    tag = struct.pack("<II", kind, 8 + len(content)) + content
    return tag + bytes(-len(tag) % 8)


def memory_map(megabytes: int) -> bytes:
    """The tag for a PC with so much RAM: 3 GiB of it below the hole, where it is more."""
    low = min(megabytes * MIB, 3 * GIB)
    ranges = [(0, 0x9F000), (MIB, low - MIB)]
    if megabytes * MIB > low:
        ranges.append((4 * GIB, megabytes * MIB - low))
    entries = b"".join(struct.pack("<QQII", start, size, 1, 0) for start, size in ranges)
    return _tag(TAG_MEMORY_MAP, struct.pack("<II", 24, 0) + entries)


def block(*tags: bytes) -> bytes:
    content = b"".join(tags) + _tag(0, b"")
    return struct.pack("<II", 8 + len(content), 0) + content


class Handover:
    """A machine stopped at the kernel's Multiboot2 entry; use as a context manager."""

    def __init__(
        self,
        log: Path,
        framebuffer: Optional[Framebuffer] = None,
        megabytes: int = 128,
        extra: tuple[str, ...] = (),
    ):
        self.framebuffer = framebuffer
        self._megabytes = megabytes
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
            tags = [memory_map(self._megabytes)]
            if self.framebuffer is not None:
                tags.append(self.framebuffer.tag())
            self.gdb.write_physical(TAGS_AT, block(*tags))
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
