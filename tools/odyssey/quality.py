# SPDX-License-Identifier: MIT
"""How much the tests notice, as it was last measured: tests/quality.json.

`make coverage RECORD=yes` and `make mutants RECORD=yes` write it, each its own
part; the table in the README is made of it (bench/document.py).
"""
from __future__ import annotations

import json
from typing import Any

from .settings import ROOT

RECORD = ROOT / "tests" / "quality.json"
LINES_WANTED_PERCENT = 90  # of the kernel's lines, run by machines
MUTANTS_WANTED_PERCENT = 85  # noticed of those that could be, in what is held to it

Record = dict[str, dict[str, Any]]  # by target, then by figure


def read() -> Record:
    return json.loads(RECORD.read_text()) if RECORD.is_file() else {}


def keep(target: str, figures: dict[str, Any]) -> None:
    """Renew these figures of a target; the others stay."""
    record = read()
    record[target] = {**record.get(target, {}), **figures}
    RECORD.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")
