# SPDX-License-Identifier: MIT
"""A kernel's file that asks for pixels: a second header, and nothing else changed."""
from __future__ import annotations

import struct

import pytest
from odyssey.multiboot2 import asking_for_pixels

PHDR_END, FIRST_SEGMENT = 64 + 56, 4096
TAGS = struct.pack("<HHI", 1, 0, 8) + struct.pack("<HHI", 0, 0, 8)


def kernel(unused: bytes = b"") -> bytes:
    """An ELF file with one program header, and a header of Multiboot2 in its first segment."""
    elf = bytearray(FIRST_SEGMENT)
    struct.pack_into("<Q", elf, 32, 64)
    struct.pack_into("<H", elf, 56, 1)
    elf[PHDR_END : PHDR_END + len(unused)] = unused
    length = 16 + len(TAGS)
    checksum = -(0xE85250D6 + length) & 0xFFFFFFFF
    return bytes(elf) + struct.pack("<IIII", 0xE85250D6, 0, length, checksum) + TAGS


def test_first_header_found_asks_and_keeps_the_other_tags() -> None:
    original = kernel()
    changed = asking_for_pixels(original, 1024, 768, 32)
    assert changed[FIRST_SEGMENT:] == original[FIRST_SEGMENT:]
    magic, architecture, length, checksum = struct.unpack_from("<IIII", changed, PHDR_END)
    assert magic == 0xE85250D6 and architecture == 0
    assert (magic + architecture + length + checksum) % (1 << 32) == 0
    tags = changed[PHDR_END + 16 : PHDR_END + length]
    assert struct.unpack_from("<HHIIII", tags) == (5, 1, 20, 1024, 768, 32)
    assert tags[24:] == TAGS
    assert changed[:PHDR_END] == original[:PHDR_END]


def test_file_without_room_or_header_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        asking_for_pixels(kernel(unused=bytes(20) + b"x"), 1024, 768, 32)
    with pytest.raises(ValueError, match="no Multiboot2 header"):
        asking_for_pixels(bytes(8192), 1024, 768, 32)
