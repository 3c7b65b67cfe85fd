# SPDX-License-Identifier: MIT
"""A handful of the machines of `make matrix`: a session at the prompt of each."""
from __future__ import annotations

from pathlib import Path

import pytest
from odyssey import cell_runs
from odyssey.cells import Cell
from odyssey.report import PASS

HANDFUL = (
    "bios-bochs-cd-128m-haswell",
    "bios-pc-cd-16m",
    "bios-q35-usb-128m-noserial",
    "uefi-q35-usb-256m",
)


@pytest.mark.parametrize("name", HANDFUL)
def test_session(logs: Path, name: str) -> None:
    cell = Cell.of(name)
    missing = cell_runs.missing(cell)
    if missing:
        pytest.skip(missing)
    result = cell_runs.run_smoke(cell, logs)
    assert result.outcome == PASS, result.detail
