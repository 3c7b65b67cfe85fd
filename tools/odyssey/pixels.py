# SPDX-License-Identifier: MIT
"""Reads text off a picture of the pixel console, by the kernel's own table of glyphs."""
from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Optional

from check.elf import Elf

WIDTH, HEIGHT = 8, 16
CURSOR_ROWS = 2  # the cursor is a bar over a cell's last rows
DOUBLED_FROM_WIDTH = 2560
PPM_HEADER = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s")

Rows = tuple[int, ...]


class Glyphs:
    """Which character a picture of 16 rows is."""

    def __init__(self, kernel: Path):
        elf = Elf(kernel)

        def content(name: str, size: int) -> bytes:
            return elf.read(elf.address_of(name), size)

        count = struct.unpack("<Q", content("glyph_range_count", 8))[0]
        ranges = list(struct.iter_unpack("<HHH", content("glyph_ranges", 6 * count)))
        total = sum(length for _, length, _ in ranges)
        bitmaps = content("glyph_bitmaps", HEIGHT * total)
        self._characters: dict[Rows, str] = {}
        self._uncovered: dict[Rows, str] = {}
        for first, length, index in ranges:
            for i in range(length):
                rows = tuple(bitmaps[(index + i) * HEIGHT :][:HEIGHT])
                # Of characters that look alike the first: the Latin A, not the Greek one.
                self._characters.setdefault(rows, chr(first + i))
                self._uncovered.setdefault(rows[:-CURSOR_ROWS], chr(first + i))

    def character(self, rows: Rows) -> Optional[str]:
        """The character whose foreground or background these pixels are; None for no glyph."""
        for picture in (rows, tuple(row ^ 0xFF for row in rows)):
            known = self._characters.get(picture) or self._uncovered.get(picture[:-CURSOR_ROWS])
            if known is not None:
                return known
        return None


def _cell_rows(pixels: bytes, offset: int, pitch: int, scale: int) -> Rows:
    """A cell's pixels, bit by bit: whether they differ from its top left one."""
    corner = pixels[offset : offset + 3]
    plain, rows = corner * (WIDTH * scale), []
    for y in range(HEIGHT):
        row = pixels[offset + y * scale * pitch :][: len(plain)]
        bits = 0
        if row != plain:
            for x in range(WIDTH):
                bits = bits << 1 | (row[x * 3 * scale : x * 3 * scale + 3] != corner)
        rows.append(bits)
    return tuple(rows)


def read_text(picture: bytes, glyphs: Glyphs) -> list[str]:
    """The lines on a picture in PPM, blanks at their ends cut off; U+FFFF for what is no glyph."""
    header = PPM_HEADER.match(picture)
    if header is None:
        raise ValueError("no picture in PPM with 8 bits a colour")
    width, height = int(header[1]), int(header[2])
    scale = 2 if width >= DOUBLED_FROM_WIDTH else 1
    pixels, pitch = memoryview(picture)[header.end() :].tobytes(), width * 3
    lines = []
    for top in range(0, height - HEIGHT * scale + 1, HEIGHT * scale):
        line = ""
        for left in range(0, width - WIDTH * scale + 1, WIDTH * scale):
            rows = _cell_rows(pixels, top * pitch + left * 3, pitch, scale)
            line += glyphs.character(rows) or "\uffff"
        lines.append(line.rstrip())
    return lines
