#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cut the pixel console's glyphs out of GRUB's font: glyphs.py [unicode.pf2] > glyphs.c

The font is GNU Unifont, 8x16, in GRUB's PFF2 format; what is not in it, or is
wider than 8 pixels, gets no glyph. With no argument the table is empty: the
kernel then has no pixel console. Source: GRUB Manual, "The PUPA Font Format 2".
"""
from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Iterator, Optional

WIDTH, HEIGHT = 8, 16
REPLACEMENT = 0xFFFD

# First and last code points of what is cut.
WANTED = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1 Supplement, Latin Extended-A
    (0x0192, 0x0192),  # the florin sign, as the VGA's code page has it
    (0x0391, 0x03C9),  # Greek and Coptic: its alphabet
    (0x2010, 0x2027),  # General Punctuation: dashes, quotation marks, bullet, ellipsis
    (0x2030, 0x203A),
    (0x207F, 0x207F),
    (0x20A7, 0x20AC),  # Currency Symbols: peseta to euro
    (0x2190, 0x2195),  # Arrows
    (0x2219, 0x221E),  # Mathematical Operators
    (0x2229, 0x2229),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
    (0x2310, 0x2310),
    (0x2320, 0x2321),
    (0x2500, 0x259F),  # Box Drawing, Block Elements
    (0x25A0, 0x25A1),  # Geometric Shapes
    (0x25C6, 0x25CB),
    (REPLACEMENT, REPLACEMENT),
)


class FontError(Exception):
    """The file is no font that this tool can read."""


def sections(font: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The sections before the glyphs' data, as (name, content)."""
    position = 0
    while position + 8 <= len(font):
        name, length = struct.unpack_from(">4sI", font, position)
        if name == b"DATA":
            return
        yield name, font[position + 8 : position + 8 + length]
        position += 8 + length
    raise FontError("it has no section DATA")


class Font:
    def __init__(self, content: bytes):
        self._content = content
        found = dict(sections(content))
        if found.get(b"FILE") != b"PFF2":
            raise FontError("it is not in format PFF2")
        self._ascent = struct.unpack(">H", found[b"ASCE"])[0]
        # Each entry: code point, storage flags, offset in the file.
        self._index = {
            code_point: offset
            for code_point, flags, offset in struct.iter_unpack(">IBI", found[b"CHIX"])
            if flags == 0
        }

    def glyph(self, code_point: int) -> Optional[list[int]]:
        """A character's rows, the leftmost pixel in bit 7; None for one that is not 8x16."""
        offset = self._index.get(code_point)
        if offset is None:
            return None
        width, height, left, bottom, _ = struct.unpack_from(">HHhhh", self._content, offset)
        top = self._ascent - bottom - height
        if left < 0 or left + width > WIDTH or top < 0 or top + height > HEIGHT:
            return None
        # One bit a pixel, row behind row with nothing between them.
        length = (width * height + 7) // 8
        packed = int.from_bytes(self._content[offset + 10 : offset + 10 + length], "big")
        packed >>= length * 8 - width * height
        rows = [0] * HEIGHT
        for row in range(height):
            bits = packed >> (height - 1 - row) * width & (1 << width) - 1
            rows[top + row] = bits << (WIDTH - left - width)
        return rows


def ranges(glyphs: dict[int, list[int]]) -> list[tuple[int, int]]:
    """The code points that have glyphs, as (first, count)."""
    found: list[tuple[int, int]] = []
    for code_point in sorted(glyphs):
        if found and sum(found[-1]) == code_point:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((code_point, 1))
    return found


def source(glyphs: dict[int, list[int]]) -> str:
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by tools/glyphs.py from GRUB's unicode.pf2, which is GNU Unifont. */",
        '#include "drivers/glyphs.h"',
        "",
        f"const size_t glyph_range_count = {len(ranges(glyphs))};",
        f"const size_t glyph_count = {len(glyphs)};",
        "const struct glyph_range glyph_ranges[] = {",
    ]
    index = 0
    for first, count in ranges(glyphs):
        lines.append(f"    {{.first = {first:#x}, .count = {count}, .first_glyph = {index}}},")
        index += count
    # An empty array is no C.
    lines += ["    {0},"] if not glyphs else []
    lines += ["};", "const uint8_t glyph_bitmaps[][GLYPH_HEIGHT] = {"]
    for code_point in sorted(glyphs):
        rows = ", ".join(f"{row:#04x}" for row in glyphs[code_point])
        lines.append(f"    {{{rows}}}, /* U+{code_point:04X} */")
    lines += ["    {0},"] if not glyphs else []
    return "\n".join([*lines, "};", ""])


def cut(font: Font) -> dict[int, list[int]]:
    wanted = (code_point for first, last in WANTED for code_point in range(first, last + 1))
    found = {code_point: font.glyph(code_point) for code_point in wanted}
    glyphs = {code_point: rows for code_point, rows in found.items() if rows is not None}
    if REPLACEMENT not in glyphs:
        # Unifont's own is 16 pixels wide: a frame does the same here.
        glyphs[REPLACEMENT] = [0, 0, 0, 0, 0x7E, *[0x42] * 8, 0x7E, 0, 0]
    return glyphs


def main() -> None:
    if len(sys.argv) > 2:
        sys.exit("usage: glyphs.py [unicode.pf2]")
    glyphs: dict[int, list[int]] = {}
    if len(sys.argv) == 2:
        try:
            glyphs = cut(Font(Path(sys.argv[1]).read_bytes()))
        except (OSError, FontError, KeyError, struct.error) as error:
            sys.exit(f"glyphs: {sys.argv[1]}: {error}")
    sys.stdout.write(source(glyphs))


if __name__ == "__main__":
    main()
