# SPDX-License-Identifier: MIT
"""A run of pytest: its command line, and what its report says of each test."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from .report import PASS, SKIP

# Of its surroundings: it leaves nothing among the sources.
VARIABLES = {"PYTHONDONTWRITEBYTECODE": "1"}


class Case(NamedTuple):
    """A test by its module and its own name, without `test_`."""

    module: str
    name: str
    outcome: str  # PASS, SKIP, "failure" or "error"
    detail: str
    seconds: float


def command(folder: str, xml: Path) -> list[str]:
    """Run the tests in a folder; their report goes to `xml`."""
    options = ["-q", "--tb=short", "-p", "no:cacheprovider", f"--junitxml={xml}"]
    return [sys.executable, "-m", "pytest", *options, folder]


def cases(xml: Path) -> list[Case]:
    """The tests of a report; none where there is no report."""
    if not xml.is_file():
        return []
    return [_case(case) for case in ElementTree.parse(xml).iter("testcase")]


def _case(case: ElementTree.Element) -> Case:
    outcome, detail = PASS, ""
    for child in case:
        if child.tag in ("failure", "error", "skipped"):
            outcome = SKIP if child.tag == "skipped" else child.tag
            detail = f"{child.get('message', '')}\n{child.text or ''}".strip()
    module = case.get("classname", "").rpartition(".")[2].replace("test_", "", 1)
    name = case.get("name", "").replace("test_", "", 1)
    return Case(module, name, outcome, detail, float(case.get("time", 0)))
