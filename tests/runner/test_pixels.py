# SPDX-License-Identifier: MIT
"""Text is read off a picture, and what is no text is not taken for it."""
from __future__ import annotations

import pytest
from glyphs import HEIGHT, WIDTH, WANTED, source
from odyssey.pixels import CURSOR_ROWS, Glyphs, Picture, read_text

FRONT, BACK = bytes((170, 170, 170)), bytes((0, 0, 0))
PICTURES = {
    " ": [0] * 16,
    "L": [0x80] * 15 + [0xFF],
    "T": [0xFF] + [0x18] * 15,
    "█": [0xFF] * 16,
    "▀": [0xFF] * 8 + [0] * 8,
    "▄": [0] * 8 + [0xFF] * 8,
}


class FakeElf:
    """A kernel's symbols and sections, as far as the reader asks for them."""

    def __init__(self, _: object) -> None:
        ranges = b"".join(
            ord(character).to_bytes(2, "little") + b"\1\0" + index.to_bytes(2, "little")
            for index, character in enumerate(sorted(PICTURES))
        )
        bitmaps = b"".join(bytes(PICTURES[character]) for character in sorted(PICTURES))
        self._contents = {
            "glyph_range_count": len(PICTURES).to_bytes(8, "little"),
            "glyph_ranges": ranges,
            "glyph_bitmaps": bitmaps,
        }

    def address_of(self, name: str) -> str:
        return name

    def read(self, address: str, size: int) -> bytes:
        assert len(self._contents[address]) == size
        return self._contents[address]


@pytest.fixture
def glyphs(monkeypatch: pytest.MonkeyPatch) -> Glyphs:
    monkeypatch.setattr("odyssey.pixels.Elf", FakeElf)
    return Glyphs(None)  # type: ignore[arg-type]


def picture(text: str, scale: int = 1, width: int = 0, front: bytes = FRONT) -> bytearray:
    """One line of text in the top left of a picture, 3 pixels of margin below."""
    width = width or len(text) * WIDTH * scale
    height = HEIGHT * scale + 3
    pixels = bytearray(BACK * width * height)
    for column, character in enumerate(text):
        for y in range(HEIGHT * scale):
            for x in range(WIDTH * scale):
                if PICTURES[character][y // scale] & 0x80 >> x // scale:
                    at = (y * width + column * WIDTH * scale + x) * 3
                    pixels[at : at + 3] = front
    return bytearray(f"P6\n{width} {height}\n255\n".encode()) + pixels


def drawn(ppm: bytearray) -> Picture:
    return Picture.of_ppm(bytes(ppm))


def test_text_is_read(glyphs: Glyphs) -> None:
    assert read_text(drawn(picture("L TL ")), glyphs) == ["L TL"]
    assert read_text(drawn(picture("TT", front=b"\1\2\3")), glyphs) == ["TT"]


def test_blocks_are_told_apart(glyphs: Glyphs) -> None:
    assert read_text(drawn(picture("▀▄█ L")), glyphs) == ["▀▄█ L"]


def test_wide_screens_are_doubled(glyphs: Glyphs) -> None:
    assert read_text(drawn(picture("LT", scale=2, width=2560)), glyphs) == ["LT"]


def test_cursor_does_not_hide_a_character(glyphs: Glyphs) -> None:
    image = picture("T ")
    image[-(3 + CURSOR_ROWS) * 48 : -3 * 48] = FRONT * 16 * CURSOR_ROWS
    assert read_text(drawn(image), glyphs) == ["T"]


def test_other_pixels_are_no_text(glyphs: Glyphs) -> None:
    image = picture("LT")
    start = len(image) - 19 * 48
    image[start + 5 * 48 + 9 : start + 5 * 48 + 12] = FRONT  # one pixel inside the L
    assert read_text(drawn(image), glyphs) == ["\uffffT"]


def test_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="PPM"):
        Picture.of_ppm(b"P5 1 1 255 x")


def test_no_font_makes_an_empty_table() -> None:
    text = source({})
    assert "glyph_range_count = 0;" in text and "{0}," in text


def test_table_has_one_range_a_run() -> None:
    text = source({code_point: [code_point] * HEIGHT for code_point in (0x41, 0x42, 0x44)})
    assert "{.first = 0x41, .count = 2, .first_glyph = 0}" in text
    assert "{.first = 0x44, .count = 1, .first_glyph = 2}" in text


def test_wanted_characters_are_named_once() -> None:
    assert all(first <= last for first, last in WANTED)
    assert all(before[1] < after[0] for before, after in zip(WANTED, WANTED[1:]))


def test_pixels_of_any_format_become_the_same_picture() -> None:
    colours = ((16, 8), (8, 8), (0, 8))
    wide = Picture.of_pixels(b"\x03\x02\x01\xff" * 2 + b"gap." * 3, 2, 1, 20, 32, colours)
    assert wide.to_ppm() == b"P6\n2 1\n255\n" + b"\1\2\3" * 2
    narrow = Picture.of_pixels(b"\x1f\xf8\xe0\x07", 1, 2, 2, 16, ((11, 5), (5, 6), (0, 5)))
    assert narrow.pixels == b"\xff\0\xff" + b"\0\xff\0"
