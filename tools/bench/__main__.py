# SPDX-License-Identifier: MIT
"""`make bench`, `make bench-images`, `make profile`:

    python3 -m bench measure|images|profile PATTERN

Variables of `measure`:

    T=suite[.name]   only these of the kernel's own benchmarks
    PARTS="kernel size native times plots"   only these parts
    RECORD=yes       keep what was measured in tests/bench/recorded.json, and in the documents

A figure fails over its limit (tests/bench/limits.txt), or when it is more than
3 % worse than recorded for the same compiler; one of a compiler of which nothing
is recorded is only shown. Everything goes to build/bench/; the last line is the
total.
"""
from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import Callable

sys.dont_write_bytecode = True

from bench import document, kernel, native, plots, profile, size  # noqa: E402
from bench.figures import (  # noqa: E402
    Figure, Record, Row, compare, gone, read_limits, read_record, suites_of, table, write_record,
)  # fmt: skip
from bench.kernel import FOLDER, BenchError  # noqa: E402
from odyssey import tool  # noqa: E402
from odyssey.report import totals_line, PASS, Result  # noqa: E402
from odyssey.settings import BUILD, environment  # noqa: E402

PARTS = ("kernel", "size", "native", "times", "plots")


def parts_wanted() -> list[str]:
    default = "kernel" if environment("T") else " ".join(PARTS)
    parts = environment("PARTS", default).split()
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise BenchError(f"PARTS: got {' '.join(unknown)}, want some of {' '.join(PARTS)}")
    return parts


def measured(parts: list[str]) -> kernel.Counted:
    """Everything that is counted; the compiler is the kernel's in any case."""
    if "kernel" in parts:
        compiler, figures = kernel.measure(environment("T"))
    else:
        compiler, figures = kernel.run("boot").compiler, []
    if "size" in parts:
        figures += [*size.sections(), *size.boot()]
    if "native" in parts:
        figures += native.library(BUILD / "host" / "library-cost")
        figures += native.heap(BUILD / "host" / "heap-replay")
    if "times" in parts:
        figures += kernel.times()
    return kernel.Counted(compiler, figures)


def renewed(record: Record, compiler: str, figures: list[Figure], suites: set[str]) -> Record:
    """The record with these figures, and in the suites that were measured whole no others."""
    kept = {name: value for name, value in record.get(compiler, {}).items()
            if name.split(".")[0] not in suites}  # fmt: skip
    return {**record, compiler: {**kept, **{figure.name: figure.value for figure in figures}}}


def results_of(rows: list[Row], missing: list[str]) -> list[Result]:
    """One for each figure, and one for each that the record alone has."""
    found = [
        Result("bench", row.figure.name, row.complaint or PASS, table([row])[1]) for row in rows
    ]
    return found + [
        Result("bench", name, "gone", f"{name}: recorded, and not measured any more")
        for name in missing
    ]


def write_results(compiler: str, rows: list[Row]) -> None:
    content = {
        "compiler": compiler,
        "figures": {
            row.figure.name: {
                "value": row.figure.value, "limit": row.limit.text(), "bound": row.bound,
                "peers": row.limit.peers, "recorded": row.recorded, "complaint": row.complaint,
            }
            for row in rows
        },
    }  # fmt: skip
    (FOLDER / "results.json").write_text(json.dumps(content, indent=2) + "\n")


def measure() -> int:
    parts = parts_wanted()
    compiler, figures = measured(parts)
    record = read_record()
    whole = [] if environment("T") else figures  # of these, whole suites
    if environment("RECORD") == "yes":
        record = renewed(record, compiler, figures, suites_of(whole))
        write_record(record)
        document.write()
    rows = compare(figures, read_limits(), record, compiler)
    missing = gone(figures, record, compiler, suites_of(f for f in whole if f.is_judged))
    unknown = "" if compiler in record else ", of which nothing is recorded"
    print(f"instructions, by {compiler}{unknown}")
    print("\n".join(table(rows)))
    write_results(compiler, rows)
    if "plots" in parts:
        drawn = plots.draw(figures)
        print("plots:", *(os.path.relpath(path) for path in drawn))
    results = results_of(rows, missing)
    for result in results:
        if result.mark == "FAIL":
            print(f"FAIL  {result.outcome}: {result.detail}")
    print(totals_line(results))
    return 1 if any(result.mark == "FAIL" for result in results) else 0


def main(arguments: list[str]) -> int:
    action, *words = arguments
    actions: dict[str, Callable[[], object]] = {
        "measure": measure,
        "images": plots.keep,
        "profile": lambda: profile.run(" ".join(words)),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    return int(actions[action]() or 0)


if __name__ == "__main__":
    tool.run("bench", partial(main, sys.argv[1:]))
