# SPDX-License-Identifier: MIT
"""No figure is over its limit, or worse than recorded without the record renewed.

What takes Valgrind is left to `make bench`.
"""
from __future__ import annotations

import os
import sys

import pytest
from odyssey import processes
from odyssey.settings import BUILD, ROOT, environment

BOUND_SECONDS = 300

pytestmark = pytest.mark.skipif(environment("VARIANT") != "", reason="other kernels cost more")


def test_nothing_costs_more_than_recorded() -> None:
    asked = {**os.environ, "PARTS": "kernel size", "PYTHONPATH": str(ROOT / "tools")}
    asked = {name: value for name, value in asked.items() if name not in ("T", "RECORD")}
    command = [sys.executable, "-m", "bench", "measure"]
    done = processes.run(command, BOUND_SECONDS, cwd=ROOT, env=asked)
    failures = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert done.returncode == 0, "\n".join(failures) or done.stderr
    assert (BUILD / "bench" / "results.json").is_file()
