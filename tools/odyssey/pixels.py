# SPDX-License-Identifier: MIT
"""Reads text off a picture of the pixel console, by the kernel's own table of glyphs."""
from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from check.elf import Elf

from .settings import BUILD

WIDTH, HEIGHT = 8, 16
CURSOR_ROWS = 2  # the cursor is a bar over a cell's last rows
BLACK, LIGHT_GREY = bytes(3), 0xAA  # each of its shares
ROUNDING = 8  # of a share, where a pixel has 5 bits for it
LIKE_THE_CURSOR = "\u2581"  # a cursor on a blank looks like this one
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
        self._seen: dict[bytes, str] = {}  # most cells of a screen are alike
        self._characters: dict[Rows, str] = {}
        self._uncovered: dict[Rows, str] = {}
        for first, length, index in ranges:
            for i in range(length):
                if chr(first + i) == LIKE_THE_CURSOR:
                    continue
                rows = tuple(bitmaps[(index + i) * HEIGHT :][:HEIGHT])
                # Of characters that look alike the first: the Latin A, not the Greek one.
                self._characters.setdefault(rows, chr(first + i))
                self._uncovered.setdefault(rows[:-CURSOR_ROWS], chr(first + i))

    def character(self, cell: bytes, scale: int) -> str:
        """The character whose picture a cell's pixels are; U+FFFF for no glyph."""
        known = self._seen.get(cell)
        if known is None:
            known = self._seen[cell] = self._look_up(_cell_rows(cell, scale))
        return known

    def _look_up(self, rows: Rows) -> str:
        for picture in (rows, tuple(row ^ 0xFF for row in rows)):
            known = self._characters.get(picture) or self._uncovered.get(picture[:-CURSOR_ROWS])
            if known is not None:
                return known
        return "\uffff"


@lru_cache(maxsize=1)
def shipped_glyphs() -> Glyphs:
    """Those of the kernel that was built; the test kernel has the same."""
    return Glyphs(BUILD / "odyssey.full")


def _cell_rows(cell: bytes, scale: int) -> Rows:
    """A cell's pixels, bit by bit: whether they differ from its background.

    That is black where there is any, else the colour of the top left corner, as in
    a blank; but a cell all of the usual foreground is a full block.
    """
    pitch, rows = WIDTH * scale * 3, []
    pixels = {cell[at : at + 3] for at in range(0, len(cell), 3)}
    is_block = len(pixels) == 1 and all(abs(share - LIGHT_GREY) < ROUNDING for share in cell[:3])
    back = BLACK if BLACK in pixels or is_block else cell[:3]
    for y in range(HEIGHT):
        bits = 0
        for x in range(WIDTH):
            at = y * scale * pitch + x * scale * 3
            bits = bits << 1 | (cell[at : at + 3] != back)
        rows.append(bits)
    return tuple(rows)


@dataclass(frozen=True)
class Picture:
    """Pixels of 3 bytes, red, green, blue, row by row without gaps."""

    width: int
    height: int
    pixels: bytes

    @classmethod
    def of_ppm(cls, content: bytes) -> Picture:
        header = PPM_HEADER.match(content)
        if header is None:
            raise ValueError("no picture in PPM with 8 bits a colour")
        return cls(int(header[1]), int(header[2]), content[header.end() :])

    @classmethod
    def of_pixels(
        cls,
        content: bytes,
        width: int,
        height: int,
        pitch: int,
        bits: int,
        fields: tuple[tuple[int, int], ...],
    ) -> Picture:
        """Of a framebuffer's bytes; fields: where each colour is, position and size in bits."""
        size = (bits + 7) // 8

        class Decoded(dict[bytes, bytes]):  # few colours are on a screen
            def __missing__(self, pixel: bytes) -> bytes:
                value = int.from_bytes(pixel, "little")
                self[pixel] = bytes(
                    (value >> position & (1 << length) - 1) * 255 // ((1 << length) - 1)
                    for position, length in fields
                )
                return self[pixel]

        decoded, rows = Decoded(), []
        for top in range(0, height * pitch, pitch):
            row = struct.iter_unpack(f"{size}s", content[top : top + width * size])
            rows.append(b"".join([decoded[pixel] for pixel, in row]))
        return cls(width, height, b"".join(rows))

    def to_ppm(self) -> bytes:
        return b"P6\n%d %d\n255\n" % (self.width, self.height) + self.pixels


def _color_number(pixel: bytes) -> int:
    """A colour's number in text mode, of what the kernel paints in 24 bits or more."""
    red, green, blue = pixel
    if (red, green, blue) == (0xAA, 0x55, 0):
        return 6  # brown, the one that is no mixture
    is_bright = 0x55 in pixel or 0xFF in pixel
    return is_bright << 3 | (red > 0x55) << 2 | (green > 0x55) << 1 | (blue > 0x55)


def cell_attribute(picture: Picture, row: int, column: int) -> int:
    """A cell's colours, background times 16 plus foreground: what its corner has, and what else."""
    scale = 2 if picture.width >= DOUBLED_FROM_WIDTH else 1
    top, left = row * HEIGHT * scale, column * WIDTH * scale
    seen: list[bytes] = []
    for y in range(top, top + HEIGHT * scale):
        start = (y * picture.width + left) * 3
        line = picture.pixels[start : start + WIDTH * scale * 3]
        seen += [line[at : at + 3] for at in range(0, len(line), 3)]
    others = [pixel for pixel in seen if pixel != seen[0]] or seen
    return _color_number(seen[0]) << 4 | _color_number(others[0])


def read_text(picture: Picture, glyphs: Glyphs) -> list[str]:
    """The lines on a picture, blanks at their ends cut off; U+FFFF for what is no glyph."""
    width, height, pixels = picture.width, picture.height, picture.pixels
    scale = 2 if width >= DOUBLED_FROM_WIDTH else 1
    pitch = width * 3
    side, lines = WIDTH * scale * 3, []
    for top in range(0, height - HEIGHT * scale + 1, HEIGHT * scale):
        rows = [pixels[(top + y) * pitch :][:pitch] for y in range(HEIGHT * scale)]
        line = ""
        if any(row != rows[0][:3] * width for row in rows):
            for left in range(0, pitch - side + 1, side):
                cell = b"".join([row[left : left + side] for row in rows])
                line += glyphs.character(cell, scale)
        lines.append(line.rstrip())
    return lines
