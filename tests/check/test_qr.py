# SPDX-License-Identifier: MIT
"""The kernel's QR codes, read by a reader that others wrote: ZBar."""
from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable

import pytest
from mini_kernel import MAKE_PRIVATE
from odyssey import qr_reader
from odyssey.settings import BUILD, ROOT

QUIET_ZONE = 4
SCALE = 4  # pixels a module
VERSIONS, LEVELS, MASKS = range(1, 10), range(2), range(8)
# By version, for levels L and M: bytes it has room for.
CAPACITIES = (
    (17, 14), (32, 26), (53, 42), (78, 62), (106, 84), (134, 106), (154, 122), (192, 152), (230, 180),
)  # fmt: skip
# Wrong codewords that a reader corrects, small versions holding back some of their checks against
# misreading; where all of them fit into the four rightmost columns.
CORRECTED = {
    (1, 0): 2, (1, 1): 4, (2, 0): 4, (2, 1): 8, (3, 0): 7, (4, 0): 10, (5, 0): 13,
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not qr_reader.is_there(), reason="tool zbarimg missing (package zbar-tools)"
)


@dataclass
class Symbol:
    version: int
    level: int
    mask: int
    rows: list[str]

    def damaged(self, codewords: int) -> Symbol:
        """With so many of its first codewords turned over: two by four modules each."""
        size, each_column = len(self.rows), self.version + 2
        rows = [list(row) for row in self.rows]
        for number in range(codewords):
            pair, place = divmod(number, each_column)
            top = size - 4 * (place + 1) if pair == 0 else size - 4 * (each_column - place)
            for row in range(top, top + 4):
                for column in (size - 2 - 2 * pair, size - 1 - 2 * pair):
                    rows[row][column] = ".#"[rows[row][column] == "."]
        return Symbol(self.version, self.level, self.mask, ["".join(row) for row in rows])

    def draw(self, path: Path) -> Path:
        """A picture in PBM, with the light around it that the standard wants."""
        side = (len(self.rows) + 2 * QUIET_ZONE) * SCALE
        blank = ["." * len(self.rows)] * QUIET_ZONE
        around = "." * QUIET_ZONE
        lines = [
            "".join("01"[module == "#"] * SCALE for module in around + row + around)
            for row in (*blank, *self.rows, *blank)
            for _ in range(SCALE)
        ]
        path.write_text(f"P1\n{side} {side}\n" + "\n".join(lines) + "\n")
        return path


@pytest.fixture(scope="module")
def printer() -> Path:
    alone = {name: text for name, text in os.environ.items() if name not in MAKE_PRIVATE}
    subprocess.run(["make", "-s", "qr-print"], cwd=ROOT, env=alone, check=True)
    return BUILD / "host" / "qr-print"


def text(length: int) -> str:
    """Printable characters, no two lengths beginning alike."""
    return "".join(chr(0x20 + (length * 7 + i * (length % 11 + 1)) % 95) for i in range(length))


def printed(printer: Path, requests: Iterable[str]) -> list[Symbol]:
    answer = subprocess.run(
        [str(printer)], input="\n".join(requests) + "\n", capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    lines, symbols = iter(answer.stdout.splitlines()), []
    for heading in lines:
        version, level, mask = map(int, heading.split())
        rows = [next(lines) for _ in range(17 + 4 * version)]
        symbols.append(Symbol(version, level, mask, rows))
    return symbols


def check_read(symbols: list[Symbol], texts: list[str], folder: Path) -> None:
    pictures = [symbol.draw(folder / f"{i}.pbm") for i, symbol in enumerate(symbols)]
    assert len(pictures) == len(texts)
    assert qr_reader.read(pictures) == [[text] for text in texts]


def test_every_length(printer: Path, tmp_path: Path) -> None:
    texts = [text(length) for length in range(1, CAPACITIES[-1][0] + 1)]
    symbols = printed(printer, texts)
    for said, symbol in zip(texts, symbols):
        fitting = [v for v in VERSIONS if len(said) <= CAPACITIES[v - 1][0]]
        assert symbol.version == fitting[0]
    assert {symbol.mask for symbol in symbols} == set(MASKS)
    check_read(symbols, texts, tmp_path)


def test_every_version_level_and_mask(printer: Path, tmp_path: Path) -> None:
    wanted = [(v, level, mask) for v in VERSIONS for level in LEVELS for mask in MASKS]
    texts = [text(CAPACITIES[version - 1][level]) for version, level, _ in wanted]
    requests = [f"{v} {level} {mask}\t{said}" for (v, level, mask), said in zip(wanted, texts)]
    symbols = printed(printer, requests)
    assert [(symbol.version, symbol.level, symbol.mask) for symbol in symbols] == wanted
    check_read(symbols, texts, tmp_path)


def test_nothing_of_what_can_be_corrected_is_used_up(printer: Path, tmp_path: Path) -> None:
    texts = [text(CAPACITIES[version - 1][level]) for version, level in CORRECTED]
    requests = [f"{v} {level} 0\t{said}" for (v, level), said in zip(CORRECTED, texts)]
    symbols = printed(printer, requests)
    still = [symbol.damaged(n) for symbol, n in zip(symbols, CORRECTED.values())]
    check_read(still, texts, tmp_path)
    lost = [symbol.damaged(n + 1) for symbol, n in zip(symbols, CORRECTED.values()) if n < 8]
    pictures = [symbol.draw(tmp_path / f"lost-{i}.pbm") for i, symbol in enumerate(lost)]
    assert not any(qr_reader.read(pictures)), "more than that is too much: it was all damage"


def test_picture_in_the_readme_can_be_read() -> None:
    picture = ROOT / "docs" / "images" / "panic.png"
    assert str(picture.relative_to(ROOT)) in (ROOT / "README.md").read_text()
    (code,) = qr_reader.read([picture])[0]
    assert code.startswith("write to read-only page of .rodata, 24 bytes int\n")
    assert picture.stat().st_size < 40 << 10
