# SPDX-License-Identifier: MIT
"""The benchmarks of the test kernel, booted by its PVH note with an instruction a nanosecond."""
from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure
from odyssey import judge, qemu
from odyssey.boot import boot
from odyssey.settings import BUILD, SetupError

KERNEL = BUILD / "odyssey-bench.elf"
FOLDER = BUILD / "bench"
EXACT = ("-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm")
LINE = re.compile(r"bench (\S+): (\d+\.\d) instructions\r?$", re.MULTILINE)
COMPILER = re.compile(rb"^build [0-9a-f]+, (.+), version ", re.MULTILINE)

# What devices take, which instructions do not tell; the best of some boots, as the host is busy.
TIMED = ("screen", "serial", "framebuffer")
TIMED_BOOTS = 5
MEGAHERTZ = re.compile(r"^cpu MHz\s*: ([\d.]+)", re.MULTILINE)

# Memory, in MiB, that the frame allocator is measured over.
MEMORIES = {64: "64M", 128: "128M", 1024: "1G", 4096: "4G", 16384: "16G", 65536: "64G"}
OVER_MEMORY = "frame"


class BenchError(SetupError):
    """Nothing could be measured."""


class Counted(NamedTuple):
    compiler: str  # that the kernel says it was made by
    figures: list[Figure]


def machine(memory: int, timing: tuple[str, ...] = EXACT) -> list[str]:
    """A machine with that many MiB; no more of the host's is used than the kernel touches."""
    ram = ("-object", f"memory-backend-ram,id=ram,size={memory}M,reserve=off",
           "-machine", "pc,memory-backend=ram")  # fmt: skip
    hardware = qemu.Hardware(memory=str(memory), extra=ram)
    return [*qemu.headless(hardware), *qemu.DEBUG_EXIT, *timing]


def run(pattern: str, memory: int = 128, timing: tuple[str, ...] = EXACT) -> Counted:
    """What a pattern selects, on one machine."""
    words = f"bench={pattern}" if pattern else "bench"
    log = FOLDER / f"boot-{MEMORIES[memory]}"
    seen = boot([*machine(memory, timing), *qemu.direct(KERNEL, words)], log)
    # The serial line carries what one of the benchmarks sends; the debug console does not.
    text = seen.debugcon.decode(errors="replace")
    figures = [Figure(name, float(count)) for name, count in LINE.findall(text)]
    compiler = COMPILER.search(seen.debugcon)
    if seen.status != judge.STATUS_SUCCESS or not figures or not compiler:
        raise BenchError(f"the run did not end well (status {seen.status}); see {log}.serial")
    return Counted(compiler[1].decode(), figures)


def over_memory(figures: list[Figure], memory: int) -> list[Figure]:
    """The frame allocator's figures, named for the memory that they were measured over."""
    return [
        Figure(f"{figure.name}@{MEMORIES[memory]}", figure.value)
        if figure.name.split(".")[0] == OVER_MEMORY
        else figure
        for figure in figures
    ]


def measure(pattern: str) -> Counted:
    """What a pattern selects, on all the machines that it is measured on."""
    compiler, figures = run(pattern)
    figures = over_memory(figures, 128)
    names = {figure.name.split(".")[0] for figure in figures}
    if OVER_MEMORY in names:
        part = pattern if pattern.startswith(OVER_MEMORY) else OVER_MEMORY
        for memory in MEMORIES:
            if memory != 128:
                figures += over_memory(run(part, memory).figures, memory)
    return Counted(compiler, figures)


def times() -> list[Figure]:
    """Microseconds of this host, without -icount: there the guest's TSC is the host's."""
    told = Path("/proc/cpuinfo")
    rate = MEGAHERTZ.search(told.read_text()) if told.is_file() else None
    if rate is None:
        return []
    best: dict[str, float] = {}
    for _ in range(TIMED_BOOTS):
        for suite in TIMED:
            for figure in run(suite, timing=()).figures:
                taken = figure.value / float(rate[1])
                best[figure.name] = min(taken, best.get(figure.name, taken))
    return [
        Figure(f"microseconds.{name}", round(taken, 1), is_judged=False, is_counted=False)
        for name, taken in best.items()
    ]
