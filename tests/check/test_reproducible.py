# SPDX-License-Identifier: MIT
"""Negative controls of the comparison of two builds; its own two need a kernel, and are with it."""
from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from check import reproducible
from check.reproducible import KERNEL, Places, Toolset, difference
from mini_kernel import Kernel, Maker

TOOLS = Toolset("gcc")


@pytest.fixture
def both(tmp_path: Path) -> Places:
    made = reproducible.places(tmp_path)
    for place in made:
        (place.folder / "build").mkdir()
        (place.folder / "kernel").mkdir()
    return made


def put(both: Places, name: str, *contents: bytes) -> None:
    for place, content in zip(both, contents):
        place.product(name).write_bytes(content)


def test_same_bytes_pass(both: Places, good: Kernel) -> None:
    put(both, KERNEL, *[good.elf.read_bytes()] * 2)
    assert difference(both, KERNEL) is None


def test_difference_is_placed(both: Places, maker: Maker) -> None:
    """In which section, how far in, and from what to what."""
    first, second = (maker.kernel(KMAIN_BYTES=size) for size in ("64", "96"))
    put(both, KERNEL, first.elf.read_bytes(), second.elf.read_bytes())
    found = difference(both, KERNEL)
    assert found and f"{KERNEL}: " in found and ", .text + 0x" in found and ": 40 and 60" in found


@pytest.mark.parametrize(
    "first, second, places",
    [
        (b"abcdef", b"abcdefg", [(6, 7)]),
        (b"abcdefg", b"", [(0, 7)]),
        (b"a" * 5000, b"a" * 4999 + b"b", [(4999, 5000)]),
        (b"a" * 100, b"b" + b"a" * 98 + b"b", [(0, 1), (99, 100)]),
        (b"a" * 20, b"ab" + b"a" * 10 + b"b" + b"a" * 7, [(1, 13)]),
        (b"a", b"a", []),
    ],
)
def test_differing_runs(first: bytes, second: bytes, places: list[tuple[int, int]]) -> None:
    assert list(reproducible.differing_runs(first, second)) == places


@pytest.mark.parametrize(
    "build, outcome",
    [
        # What holds of a kernel the text that was put into it; and what leaves it out.
        (lambda place: b"".join(f.read_bytes() for f in (place / "kernel").iterdir()), "pass"),
        (lambda place: b"", "unnoticed"),
    ],
)
def test_blind_comparison_refused(
    build: Callable[[Path], bytes], outcome: str, both: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pretended(place: reproducible.Place, *_: object) -> None:
        place.product(KERNEL).write_bytes(build(place.folder))

    monkeypatch.setattr(reproducible.Place, "build", pretended)
    monkeypatch.setattr(reproducible, "contents", lambda _: [])
    assert reproducible.control(both, "path", "make", TOOLS).outcome == outcome
    assert not any((both[0].folder / "kernel").iterdir())


def test_failing_build_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "no rule for $*"\nexit 2\n')
    make.chmod(0o755)
    monkeypatch.setattr(Toolset, "missing", lambda _: None)
    (result,) = reproducible.same_bytes(str(make), TOOLS).results
    assert result.mark == "FAIL" and "no rule for -j1 BUILD=build CC=gcc" in result.detail
