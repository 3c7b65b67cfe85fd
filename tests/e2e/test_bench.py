# SPDX-License-Identifier: MIT
"""No figure is over its limit, or worse than recorded without the record renewed.

What takes Valgrind is left to `make bench`.
"""
from __future__ import annotations

import os
import subprocess
import sys

import pytest
from odyssey.settings import BUILD, ROOT, environment

pytestmark = pytest.mark.skipif(environment("VARIANT") != "", reason="other kernels cost more")


def test_nothing_costs_more_than_recorded() -> None:
    asked = {**os.environ, "PARTS": "kernel size", "PYTHONPATH": str(ROOT / "tools")}
    asked = {name: value for name, value in asked.items() if name not in ("T", "RECORD")}
    done = subprocess.run(
        [sys.executable, "-m", "bench", "measure"], cwd=ROOT, env=asked, timeout=300,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    failures = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert done.returncode == 0, "\n".join(failures) or done.stderr
    assert (BUILD / "bench" / "results.json").is_file()
