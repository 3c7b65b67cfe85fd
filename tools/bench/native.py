# SPDX-License-Identifier: MIT
"""The pure modules beside the C library's, in one process of this machine.

The programs of tests/host/replay/ link the kernel's own objects. Valgrind
counts their instructions, so that the figures are exact; what a loop itself
takes is taken off.
"""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure
from bench.kernel import FOLDER, BenchError
from odyssey.settings import ROOT

RECORDED = ROOT / "tests" / "data" / "traces"
# Those that tests/data/traces/generate.py makes.
TRACES = ("many-boxes", "lifo-1", "lifo-64", "growing-vector", "random-1k", "random-10k-100k",
          "random-10k-1m")  # fmt: skip
UTILISATION_TRACE = "random-10k-100k"
COALESCE_TRACE, COALESCE_ARENA = "coalesce", 1 << 20
ALLOCATORS = ("nothing", "heap", "libc")
COLLECTED = re.compile(r"Collected : (\d+)")
OPERATIONS = re.compile(r"(\d+) operations, (\d+) failures")
# Of Callgrind's output: a function's number and name, where it has its first; and the inclusive
# cost of calls to one.
NAMED = re.compile(r"^c?fn=\((\d+)\) (\S+)", re.M)
CALLED = re.compile(r"^cfn=\((\d+)\).*\ncalls=.*\n\S+ (\d+)", re.M)


def run(*command: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if done.returncode != 0:
        raise BenchError(f"{command[0]}: status {done.returncode}: {done.stderr[-2000:]}")
    return done


def replayed(replay: Path, allocator: str, trace: Path) -> tuple[int, int]:
    """Instructions and operations of a whole trace."""
    tool = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    done = run(*tool, "--toggle-collect=replay_trace*", replay, allocator, trace)
    instructions, operations = COLLECTED.search(done.stderr), OPERATIONS.search(done.stdout)
    if not instructions or instructions[1] == "0" or not operations or operations[2] != "0":
        raise BenchError(f"{trace.name}: {allocator}: {done.stdout}{done.stderr}")
    return int(instructions[1]), int(operations[1])


def heap_on(replay: Path, trace: Path) -> list[Figure]:
    """One trace's instructions for each operation, by us and by the C library."""
    counts = {allocator: replayed(replay, allocator, trace) for allocator in ALLOCATORS}
    nothing = counts["nothing"][0]
    each = {name: round((count - nothing) / total, 1) for name, (count, total) in counts.items()}
    return [
        Figure(f"host_heap.{trace.stem}", each["heap"]),
        Figure(f"libc_heap.{trace.stem}", each["libc"], is_judged=False),
    ]


def heap(replay: Path) -> list[Figure]:
    """The heap on every trace; how full it gets; and whether what is free is whole again."""
    folder = FOLDER / "traces"
    run(sys.executable, "-B", RECORDED / "generate.py", folder)
    traces = [*(folder / f"{name}.txt" for name in TRACES), *sorted(RECORDED.glob("*.txt"))]
    figures = [figure for trace in traces for figure in heap_on(replay, trace)]
    # The most that was live at once, as a part of the smallest window in which nothing fails.
    arena = run(replay, "arena", folder / f"{UTILISATION_TRACE}.txt").stdout
    live, window = map(int, re.findall(r"\d+", arena))
    figures.append(Figure("host_heap.peak_payload_of_smallest_window", round(live / window, 3)))
    last = run(replay, "last", folder / f"{COALESCE_TRACE}.txt", COALESCE_ARENA).stdout
    return [*figures, Figure("host_heap.900_KiB_of_1_MiB_after_all_is_free", float(last))]


def library(program: Path) -> list[Figure]:
    """Formatter and memory functions, by us (host_) and by the C library (libc_)."""
    out = FOLDER / "library.callgrind"
    done = run("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program)
    text, repetitions = out.read_text(), int(done.stdout)
    names, counts = dict(NAMED.findall(text)), dict[str, int]()
    for number, cost in CALLED.findall(text):
        counts[names[number]] = counts.get(names[number], 0) + int(cost)
    measured = {name: count - counts["nothing"] for name, count in counts.items() if "__" in name}
    return [
        Figure(name.replace("__", ".").replace("_at_", "@"), round(count / repetitions, 1),
               is_judged=name.startswith("host_"))
        for name, count in sorted(measured.items())
        if name.startswith(("host_", "libc_"))
    ]  # fmt: skip
