#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the fuzz targets: `make fuzz`.

FUZZ_SECONDS= is for each of them, T=name picks one. An input that breaks
something is left as build/fuzz/NAME.crash-...; the last line is the total.
"""
from __future__ import annotations

import sys
import time

sys.dont_write_bytecode = True

from odyssey import fuzzing, processes  # noqa: E402
from odyssey.report import Report  # noqa: E402
from odyssey.settings import environment  # noqa: E402


def main() -> int:
    seconds = int(environment("FUZZ_SECONDS", "60"))
    chosen = environment("T")
    names = [name for name in fuzzing.names() if chosen in ("", name)]
    if not names:
        print(f"fuzz: no target is called {chosen!r}; there are {', '.join(fuzzing.names())}")
        return 1
    report = Report()
    started = time.monotonic()
    try:
        for name in names:
            report.add([fuzzing.fuzz(name, seconds)])
    finally:
        processes.end_all()
    return report.finish(fuzzing.FUZZERS, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
