# SPDX-License-Identifier: MIT
"""`make check`: python3 -m check --make MAKE --compiler CC[+LD]... [--prefix PREFIX]

The first compiler is the one that plain `make` takes. --same-bytes does only
what `make check-reproducible` is for. V=1 shows every test; with CI set a
missing tool is a failure. Logs, JUnit XML and JSON go to build/check/; the last
line is the total.
"""
from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from typing import Optional

sys.dont_write_bytecode = True

from check import fuzz, kernels, lint, reproducible, sanitized, tree  # noqa: E402
from check.build_plan import Plan, PlanError, read_plan  # noqa: E402
from check.image import Binutils  # noqa: E402
from check.step import LOGS, OUTPUT, inside  # noqa: E402
from check.toolset import Toolset  # noqa: E402
from odyssey import fuzzing, tool  # noqa: E402
from odyssey.jobs import Job, run_all  # noqa: E402
from odyssey.report import Report, Result  # noqa: E402
from odyssey.settings import BUILD, ROOT, environment  # noqa: E402

PROGRAMS = ("unit-tests", "heap-replay", "qr-print", "library-cost")  # of the host


def read_build_plan(make: str) -> Plan:
    """Of both kernels, their variants and the programs of the host, as Clang would build them."""
    folder = inside(OUTPUT / "clang")
    images = [f"{kernel}.elf" for kernel in kernels.KERNELS]
    targets = [*images, "odyssey-controls.elf", "bench/count.so"]
    targets += [f"host/{program}" for program in PROGRAMS]
    targets += [f"fuzz/{name}" for name in fuzzing.names()]
    files = (f"{folder}/{target}" for target in targets)
    plan = read_plan(ROOT, make, f"BUILD={folder}", "CC=clang", *files)
    for path in sorted(ROOT.glob("tools/variants/*.mk")):
        if "VARIANT_SOURCES" not in path.read_text():
            continue  # it compiles nothing that the others do not
        variant = path.stem
        files = (f"{folder}/{variant}/{image}" for image in images)
        words = (f"BUILD={folder}", "CC=clang", f"VARIANT={variant}", *files)
        plan.add(read_plan(ROOT, make, *words).without(f"{folder}/{variant}/"))
    return plan


def planned_jobs(arguments: argparse.Namespace, plan: Optional[Plan]) -> list[Job]:
    """Every job there is, the longest first; without a plan those that need none."""
    files = tree.sources(ROOT, BUILD)
    binutils = Binutils.with_prefix(arguments.prefix)
    toolsets = list(dict.fromkeys(map(Toolset.named, arguments.compiler)))
    compilers = [tools.compiler for tools in toolsets]
    jobs = [partial(reproducible.same_bytes, arguments.make, toolsets[0])]
    jobs += [
        partial(
            kernels.Build(arguments.make, tools, binutils).check,
            is_default=number == 0,
            is_new_compiler=tools.compiler not in compilers[:number],
        )
        for number, tools in enumerate(toolsets)
    ]
    jobs += [partial(sanitized.suites, arguments.make, name) for name in sanitized.VARIANTS]
    jobs.append(partial(fuzz.fuzzers, arguments.make))
    if plan:
        lint.write_compile_commands(plan)
        jobs += [partial(lint.tidy, folder, plan) for folder in lint.tidy_folders(plan)]
    jobs += [partial(lint.controls), partial(lint.layout, files), partial(lint.rules, files)]
    if plan:
        jobs.append(partial(lint.linked, files, plan))
    return [*jobs, partial(lint.syntax, files)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="check", description="what `make check` runs")
    parser.add_argument("--make", default="make")
    parser.add_argument("--compiler", nargs="+", default=["gcc", "clang"])
    parser.add_argument("--same-bytes", action="store_true", help="only build twice and compare")
    parser.add_argument("--prefix", default="", help="of the binutils, as in x86_64-elf-")
    arguments = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report = Report(verbose=environment("V") == "1")
    if arguments.same_bytes:
        tools = Toolset.named(arguments.compiler[0])
        run_all(report, [partial(reproducible.same_bytes, arguments.make, tools)])
        return report.finish(OUTPUT / "same-bytes", time.monotonic() - started)
    plan = None
    try:
        plan = read_build_plan(arguments.make)
    except PlanError as error:
        report.add([Result("error", "build plan", "error", str(error))])
    run_all(report, planned_jobs(arguments, plan))
    return report.finish(OUTPUT, time.monotonic() - started)


if __name__ == "__main__":
    tool.run("check", main)
