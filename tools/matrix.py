#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tries every machine of the table in odyssey/cells.py: `make matrix`.

    M=GLOB    only the cells whose names match, as in M='uefi-*-noserial'
    --list    names them

In each cell the test kernel runs its suites and the shipped image is sat down at
(odyssey/smoke.py). As many cells at once as there are CPUs. The table at the end
says of each what its suites and its smoke came to; build/matrix/ has it as JUnit
and JSON, and every boot's files. The last line is the total: a suite run and a
smoke of each cell.
"""
from __future__ import annotations

import argparse
import fnmatch
import sys
import time
from concurrent.futures import as_completed

sys.dont_write_bytecode = True

from odyssey import cell_runs, tool  # noqa: E402
from odyssey.cell_runs import CellOutcome  # noqa: E402
from odyssey.cells import Cell, cells  # noqa: E402
from odyssey.jobs import side_by_side  # noqa: E402
from odyssey.report import Report, Result  # noqa: E402
from odyssey.settings import BUILD, SetupError, environment  # noqa: E402

FOLDER = BUILD / "matrix"


def selected() -> list[Cell]:
    pattern = environment("M", "*")
    chosen = [cell for cell in cells() if fnmatch.fnmatchcase(cell.name, pattern)]
    if not chosen:
        raise SetupError(f"M: no cell matches {pattern!r}; `make matrix-list` names them")
    return chosen


def run_all(chosen: list[Cell], report: Report) -> dict[str, CellOutcome]:
    """Run cells side by side; what each came to, by name."""
    outcomes = {}
    with side_by_side() as pool:
        running = {pool.submit(cell_runs.run, cell, FOLDER / "logs"): cell for cell in chosen}
        for future in as_completed(running):
            outcome = future.result()
            outcomes[running[future].name] = outcome
            report.add(outcome.results)
    return outcomes


def print_table(chosen: list[Cell], outcomes: dict[str, CellOutcome]) -> None:
    width = max(len(cell.name) for cell in chosen)
    print(f"\n{'cell':<{width}}  passed failed skipped  {'suites':<10} {'smoke':<10} seconds")
    for cell in chosen:
        outcome = outcomes[cell.name]
        passed, failed, skipped = outcome.tests
        suites, smoke = (result.outcome for result in outcome.results)
        print(
            f"{cell.name:<{width}}  {passed:6} {failed:6} {skipped:7}  "
            f"{suites:<10} {smoke:<10} {outcome.seconds:7.1f}"
        )
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="name the cells")
    options = parser.parse_args()
    started = time.monotonic()
    report = Report(verbose=environment("V") == "1")
    try:
        chosen = selected()
        if options.list:
            print("\n".join(cell.name for cell in chosen))
            return 0
        print_table(chosen, run_all(chosen, report))
    except SetupError as error:
        report.add([Result("error", "setup", "error", str(error))])
    return report.finish(FOLDER, time.monotonic() - started)


if __name__ == "__main__":
    tool.run("matrix", main)
