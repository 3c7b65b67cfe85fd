#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the benchmarks' instructions: `make bench`.

Boots the test kernel, but with the heap of the normal one, by its PVH note with one guest instruction a nanosecond,
so that the figures are exact and repeat on any machine. T=suite[.name] picks
some. Prints a table and leaves it as build/bench/results.json.
"""
from __future__ import annotations

import json
import re
import sys

sys.dont_write_bytecode = True

from odyssey import judge, qemu  # noqa: E402
from odyssey.boot import boot  # noqa: E402
from odyssey.settings import BUILD, environment  # noqa: E402

EXACT = ("-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm")
LINE = re.compile(r"bench (\S+): (\d+\.\d) instructions\r?$", re.MULTILINE)


def main() -> int:
    pattern = environment("T")
    words = f"bench={pattern}" if pattern else "bench"
    folder = BUILD / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    machine = qemu.headless(qemu.Hardware.from_environment())
    machine += [*qemu.direct(BUILD / "odyssey-bench.elf", words), *qemu.DEBUG_EXIT, *EXACT]
    seen = boot(machine, folder / "boot")
    # The serial line carries what one of the benchmarks sends; the debug console does not.
    figures = {name: float(count) for name, count in LINE.findall(seen.debugcon.decode())}
    if seen.status != judge.STATUS_SUCCESS or not figures:
        print(f"bench: the run did not end well (status {seen.status}); see {folder}/boot.serial")
        return 1
    for name, count in figures.items():
        print(f"{name:<48} {count:>12,.1f}")
    results = {"unit": "instructions", "figures": figures}
    (folder / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
