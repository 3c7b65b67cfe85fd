# SPDX-License-Identifier: MIT
"""Gives a kernel's file another Multiboot2 header. Multiboot2 specification, "OS image format"."""
from __future__ import annotations

import struct

MAGIC = 0xE85250D6
ALIGNMENT, SEARCHED_BYTES = 8, 32768
HEADER = struct.Struct("<IIII")  # magic, architecture, length, checksum
TAG = struct.Struct("<HHI")  # type, flags, size
FRAMEBUFFER = 5
OPTIONAL = 1
ELF_HEADER_TABLE = struct.Struct("<Q")  # e_phoff, 32 bytes into an ELF64 file
PROGRAM_HEADER_BYTES = 56


def asking_for_pixels(elf: bytes, width: int, height: int, depth: int) -> bytes:
    """The file with a second header, in front of the first one, that asks for a framebuffer.

    width, height  in pixels
    depth          in bits a pixel

    A loader takes the first that it finds. The place is what is unused between the
    ELF headers and the first segment; the kernel's own bytes stay as they are.
    """
    architecture, tags = _read(elf)
    wanted = TAG.pack(FRAMEBUFFER, OPTIONAL, 20) + struct.pack("<IIII", width, height, depth, 0)
    body = wanted + tags
    length = HEADER.size + len(body)
    checksum = -(MAGIC + architecture + length) & 0xFFFFFFFF
    header = HEADER.pack(MAGIC, architecture, length, checksum) + body
    place = _after_headers(elf)
    if elf[place : place + length].strip(b"\0"):
        raise ValueError("no room for a header behind the program headers")
    return elf[:place] + header + elf[place + length :]


def _read(elf: bytes) -> tuple[int, bytes]:
    """The first header's architecture, and its tags up to and with the last."""
    for place in range(0, min(len(elf), SEARCHED_BYTES) - HEADER.size + 1, ALIGNMENT):
        magic, architecture, length, checksum = HEADER.unpack_from(elf, place)
        if magic == MAGIC and (magic + architecture + length + checksum) & 0xFFFFFFFF == 0:
            return architecture, elf[place + HEADER.size : place + length]
    raise ValueError("no Multiboot2 header")


def _after_headers(elf: bytes) -> int:
    table = ELF_HEADER_TABLE.unpack_from(elf, 32)[0]
    count = struct.unpack_from("<H", elf, 56)[0]
    return -(-(table + count * PROGRAM_HEADER_BYTES) // ALIGNMENT) * ALIGNMENT
