# SPDX-License-Identifier: MIT
"""The project's folders, and the variables that a person sets on make's command line."""
from __future__ import annotations

import os
import re
from pathlib import Path

NUMBER = re.compile(r"\d+(\.\d+)?")


class SetupError(Exception):
    """What the person has to change before anything can boot."""


def environment(name: str, default: str = "") -> str:
    """A variable of the interface; one that is set but empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def number(name: str, default: float) -> float:
    """A variable that is a number, 0 or more; SetupError where it is something else."""
    text = environment(name, str(default))
    if not NUMBER.fullmatch(text):
        raise SetupError(f"{name}: got {text!r}, want a number")
    return float(text)


ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / environment("BUILD", "build")
# Where a test run leaves its results, logs and images: one run at a time.
OUTPUT = ROOT / environment("TEST_OUTPUT", str(BUILD / "test"))
LOGS = OUTPUT / "logs"


def usable_cpus() -> int:
    """How many processes the host can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
