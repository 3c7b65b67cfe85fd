#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernel's heap and the C library's on the same allocation traces: `make bench-heap`.

    heap_figures.py REPLAY     the program of tests/host/replay/

REPLAY links the kernel's own objects of the heap. Valgrind counts its instructions, so that the
figures are exact; what replaying itself takes is taken off. Prints a table, leaves it as
build/bench/heap.json, and fails where the heap is over one of its limits.
"""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Optional

sys.dont_write_bytecode = True

from odyssey.settings import BUILD, ROOT  # noqa: E402

FOLDER = BUILD / "bench"
RECORDED = ROOT / "tests" / "data" / "traces"
# Instructions for each operation, at the most.
LIMITS = {
    "many-boxes": 30,
    "lifo-1": 30,
    "lifo-64": 30,
    "growing-vector": 50,
    "random-1k": 70,
    "random-10k-100k": 70,
    "random-10k-1m": 70,
}
UTILISATION_TRACE, UTILISATION_LEAST = "random-10k-100k", 0.90
COALESCE_TRACE, COALESCE_ARENA = "coalesce", 1 << 20
ALLOCATORS = ("nothing", "heap", "libc")
COLLECTED = re.compile(r"Collected : (\d+)")
OPERATIONS = re.compile(r"(\d+) operations, (\d+) failures")


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)


def replayed(replay: Path, allocator: str, trace: Path) -> tuple[int, int]:
    """Instructions and operations of a whole trace."""
    tool = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    done = run(*tool, "--toggle-collect=replay_trace*", replay, allocator, trace)
    instructions, operations = COLLECTED.search(done.stderr), OPERATIONS.search(done.stdout)
    if not instructions or instructions[1] == "0" or not operations or operations[2] != "0":
        sys.exit(f"{trace.name}: {allocator}: {done.stdout}{done.stderr}")
    return int(instructions[1]), int(operations[1])


def per_operation(replay: Path, trace: Path) -> dict[str, float]:
    counts = {allocator: replayed(replay, allocator, trace) for allocator in ALLOCATORS}
    nothing = counts.pop("nothing")[0]
    return {name: round((count - nothing) / total, 1) for name, (count, total) in counts.items()}


def utilisation(replay: Path, trace: Path) -> float:
    """The most that was live at once, as a part of the smallest window in which nothing fails."""
    live, window = map(int, re.findall(r"\d+", run(replay, "arena", trace).stdout))
    return round(live / window, 3)


def verdict(value: float, limit: Optional[float], is_least: bool = False) -> str:
    if limit is None:
        return ""
    holds = value >= limit if is_least else value <= limit
    return f"{'>=' if is_least else '<='} {limit}{'' if holds else '  OVER'}"


def traces() -> list[Path]:
    """Those that are generated, then the recorded ones."""
    folder = FOLDER / "traces"
    run(sys.executable, "-B", RECORDED / "generate.py", folder)
    made = [folder / f"{name}.txt" for name in LIMITS]
    return [*made, *sorted(RECORDED.glob("*.txt"))]


def main() -> int:
    replay = Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows, figures = [], {}
    print(f"{'instructions for each operation':<34} {'heap':>7} {'libc':>7}  limit")
    for trace in traces():
        figures[trace.stem] = both = per_operation(replay, trace)
        rows.append(verdict(both["heap"], LIMITS.get(trace.stem)))
        print(f"{trace.stem:<34} {both['heap']:>7} {both['libc']:>7}  {rows[-1]}", flush=True)
    used = utilisation(replay, FOLDER / "traces" / f"{UTILISATION_TRACE}.txt")
    rows.append(verdict(used, UTILISATION_LEAST, is_least=True))
    print(f"{'peak payload / smallest window':<34} {used:>7} {'':>7}  {rows[-1]}")
    last = run(replay, "last", FOLDER / "traces" / f"{COALESCE_TRACE}.txt", COALESCE_ARENA)
    fits = last.stdout.strip() == "1"
    rows.append("" if fits else "OVER")
    print(f"{'900 KiB of 1 MiB after all is free':<34} {'yes' if fits else 'no':>7}")
    results = {"instructions": figures, "utilisation": used, "coalesces": fits}
    (FOLDER / "heap.json").write_text(json.dumps(results, indent=2) + "\n")
    return 1 if any("OVER" in row for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
