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

from odyssey import fuzzing, tool  # noqa: E402
from odyssey.report import Report  # noqa: E402
from odyssey.settings import SetupError, environment, number  # noqa: E402


def main() -> int:
    seconds = int(number("FUZZ_SECONDS", 60))
    chosen = environment("T")
    names = [name for name in fuzzing.names() if chosen in ("", name)]
    if not names:
        raise SetupError(f"T: got {chosen!r}, want one of {', '.join(fuzzing.names())}")
    report = Report()
    started = time.monotonic()
    for name in names:
        report.add([fuzzing.fuzz(name, seconds)])
    return report.finish(fuzzing.FUZZERS, time.monotonic() - started)


if __name__ == "__main__":
    tool.run("fuzz", main)
