# SPDX-License-Identifier: MIT
"""Fuzz targets, built by Clang, and each run for some seconds."""
from __future__ import annotations

import time

from check.kernels import PROGRESS, runtime_missing
from check.step import OUTPUT, finished, inside, missing, place, run, skipped
from odyssey import fuzzing
from odyssey.jobs import Done
from odyssey.report import PASS

SECONDS_EACH = 5
SMALLEST = "int LLVMFuzzerTestOneInput(const char *data, long size) { return !data && size; }"


def fuzzers(make: str) -> Done:
    """Build all of them, then run one after the other."""
    reason = missing("clang") or runtime_missing("clang", "fuzzer,address", SMALLEST)
    if reason:
        return Done([skipped("fuzz", "all", reason)])
    started = time.monotonic()
    words = [f"BUILD={inside(OUTPUT)}", "CI=true", "fuzzers"]
    output = run([make, "--no-print-directory", *words], "fuzzers")
    problems = [line for line in output.text.splitlines() if not PROGRESS.match(line)]
    outcome = "error" if problems or output.status != 0 else PASS
    built = finished("fuzz", "targets built", outcome, problems, started, place("fuzzers"))
    if built.mark != "ok":
        return Done([built])
    folder = OUTPUT / "fuzz"
    return Done([built, *(fuzzing.fuzz(name, SECONDS_EACH, folder) for name in fuzzing.names())])
