#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write the synthetic allocation traces: generate.py FOLDER.

One operation a line: `a ID SIZE ALIGN` allocates, `r ID SIZE` reallocates, `f ID` frees. Where an
`a` fails, ID is dead, and later operations on it are skipped. The random numbers are the same on
every Python, so the traces are. (The recorded traces in this folder leave ALIGN out.)
"""
from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Callable, Iterable, Iterator

SEED = 20261122
KIB, MIB = 1 << 10, 1 << 20


class Random:
    """Knuth's MMIX generator, of which the upper 31 bits are used."""

    def __init__(self) -> None:
        self._state = SEED

    def next(self) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return self._state >> 33

    def below(self, limit: int) -> int:
        return self.next() % limit

    def size(self, low: int, high: int) -> int:
        """Each power of two is as likely as any other."""
        share = self.next() / 2.0**31
        span = math.log(high + 1) - math.log(low)
        return min(high, int(math.exp(math.log(low) + share * span)))


def allocate(block: int, size: int) -> str:
    return f"a {block} {size} 8"


def free(block: int) -> str:
    return f"f {block}"


def many_boxes(count: int = 102400) -> Iterator[str]:
    for _ in range(count):
        yield from (allocate(0, 8), free(0))


def lifo(depth: int, turns: int) -> Iterator[str]:
    for _ in range(turns):
        yield from (allocate(block, 64) for block in range(depth))
        yield from (free(block) for block in reversed(range(depth)))


def growing_vector(turns: int = 100) -> Iterator[str]:
    """Eight bytes an element; room for 4 of them, then for twice as many, up to 1024."""
    for _ in range(turns):
        yield allocate(0, 4 * 8)
        yield from (f"r 0 {8 << power}" for power in range(3, 11))
        yield free(0)


def churn(live: int, operations: int) -> Iterator[str]:
    """Fill, replace one block at random again and again, free all."""
    random = Random()
    yield from (allocate(block, random.size(8, 2048)) for block in range(live))
    for _ in range(operations // 2):
        block = random.below(live)
        yield from (free(block), allocate(block, random.size(8, 2048)))
    yield from (free(block) for block in range(live))


def coalesce() -> Iterator[str]:
    """Twice what 1 MiB can hold, all of it freed in any order; then nearly all of it at once."""
    random = Random()
    sizes, total = [], 0
    while total < 2 * MIB:
        sizes.append(random.size(16, 512))
        total += sizes[-1]
    order = list(range(len(sizes)))
    for last in range(len(order) - 1, 0, -1):
        other = random.below(last + 1)
        order[last], order[other] = order[other], order[last]
    yield from map(allocate, range(len(sizes)), sizes)
    yield from map(free, order)
    yield allocate(len(sizes), 900 * KIB)


TRACES: dict[str, Callable[[], Iterable[str]]] = {
    "many-boxes": many_boxes,
    "lifo-1": lambda: lifo(1, 100000),
    "lifo-64": lambda: lifo(64, 2000),
    "growing-vector": growing_vector,
    "random-1k": lambda: churn(1000, 20000),
    "random-10k-100k": lambda: churn(10000, 100000),
    "random-10k-1m": lambda: churn(10000, 1000000),
    "coalesce": coalesce,
}


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, operations in TRACES.items():
        text = "".join(f"{line}\n" for line in operations())
        (folder / f"{name}.txt").write_text(text, encoding="ascii")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py FOLDER")
    write_all(Path(sys.argv[1]))
