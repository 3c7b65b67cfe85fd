# SPDX-License-Identifier: MIT
"""The suites in kernels that check themselves: UBSan's and KASAN's builds, booted."""
from __future__ import annotations

import json
import time

from check.step import OUTPUT, inside, place, run
from odyssey.jobs import Done
from odyssey.report import Result

VARIANTS = ("ubsan", "kasan")


def suites(make: str, variant: str) -> Done:
    """Build one of the variants, and run its suites; each test is a result."""
    started = time.monotonic()
    log = f"suites-{variant}"
    words = [f"BUILD={inside(OUTPUT)}", f"SANITIZE={variant}", "test"]
    found = OUTPUT / variant / "test" / "results.json"
    found.unlink(missing_ok=True)
    output = run([make, "--no-print-directory", *words], log)
    results = []
    if found.is_file():
        results = [
            Result("suite", f"{variant}.{it['name']}", it["outcome"], it["detail"], log=place(log))
            for it in json.loads(found.read_text())["results"]
        ]
    failed = any(result.mark == "FAIL" for result in results)
    if not results or failed != (output.status != 0):
        seconds = time.monotonic() - started
        detail = f"ended with status {output.status}\n{output.text[-2000:]}"
        results.append(Result("suite", f"{variant}.run", "error", detail, seconds, place(log)))
    return Done(results)
