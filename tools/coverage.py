#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which of the kernel's lines the tests run: `make coverage`.

Everything that `make test` boots is booted with kernels that count their
branches; what the machines' memories held in the end is summed up. The host's
suites, which drive chips no machine here has, are counted beside. lcov makes
pages of it in build/coverage/html. Fails when machines ran less than
LINES_WANTED_PERCENT of the lines, when a line that nothing ran has no reason in
tests/coverage.txt, and when a reason there has no such line any more.
RECORD=yes keeps the figures in tests/quality.json, and in the README.
"""
from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from array import array
from dataclasses import replace
from operator import add
from pathlib import Path

sys.dont_write_bytecode = True

from bench import document  # noqa: E402
from odyssey import gcov, qemu, quality, tool  # noqa: E402
from odyssey.lines_run import FOLDERS, read_reasons, read_records, report  # noqa: E402
from odyssey.settings import BUILD, ROOT, SetupError, environment  # noqa: E402

KERNELS = ("odyssey", "odyssey-test")
UNCOUNTED = ("bench", "debug", "replay")


def run_tests(folder: Path) -> None:
    """`make test` on the kernels in BUILD, with a QEMU that keeps their counters."""
    programs = folder / "programs"
    programs.mkdir()
    stand_in = Path(__file__).parent / "odyssey" / "counted_qemu.py"
    program = programs / qemu.PROGRAM
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{stand_in}" "$@"\n')
    program.chmod(0o755)
    ovmf = qemu.find_ovmf()
    surroundings = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "COUNTED_QEMU": qemu.find_program(),
        "COUNTED_FOLDER": str(folder),
        "OVMF": str(ovmf or ""),
        "VARIANT": "",
        "RECORD": "",  # is about what is measured here
        # These look at the code as it is without counters.
        "PYTEST_ADDOPTS": " ".join(f"--ignore=tests/e2e/test_{name}.py" for name in UNCOUNTED),
    }
    subprocess.run([sys.executable, ROOT / "tools" / "test.py"], env=surroundings, check=False)


def run_host_suites() -> None:
    """The pure modules' tests on this machine, whose counters gcc's library writes."""
    for old in (BUILD / "host").rglob("*.gcda"):
        old.unlink()
    log = BUILD / "host" / "unit-tests.log"
    with log.open("w") as output:
        done = subprocess.run([BUILD / "host" / "unit-tests"], stdout=output, stderr=output)
    if done.returncode != 0:
        print(f"coverage: the host's suites fail, see {os.path.relpath(log, ROOT)}")


def sum_up(folder: Path, layouts: dict[str, gcov.Layout]) -> int:
    """Add all machines' counters, and write gcov's files; how many machines there were."""
    sums: dict[gcov.Source, array[int]] = {}
    machines = 0
    for kernel, layout in layouts.items():
        total = array("Q", bytes(sum(size for _, size in layout.runs)))
        for path in folder.glob(f"{kernel}.*.counters"):
            total = array("Q", map(add, total, array("Q", path.read_bytes())))
            machines += 1
        for source in layout.sources:
            own = gcov.counters_of(source, total)
            # An object that both kernels have is one source.
            known = sums.setdefault(replace(source, functions=places_left_out(source)), own)
            if known is not own:
                known[:] = array("Q", map(add, known, own))
    for source, counters in sums.items():
        gcov.write(source, counters)
    return machines


def places_left_out(source: gcov.Source) -> tuple[gcov.Function, ...]:
    return tuple(replace(function, place=0) for function in source.functions)


def lcov(*words: str) -> None:
    done = subprocess.run([*words], capture_output=True, text=True)
    if done.returncode != 0:
        raise SetupError(f"{words[0]} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def captured(name: str, *folders: Path) -> Path:
    """lcov's record of the kernel's own files, by the counters below some folders."""
    everything, kernel = BUILD / f"{name}.everything.info", BUILD / f"{name}.info"
    compiler = os.environ.get("CC", "gcc").split()[0]
    below = [word for folder in folders for word in ("--directory", str(folder))]
    lcov("lcov", "-q", "--capture", *below, "--base-directory", str(ROOT),
         "--gcov-tool", compiler.replace("gcc", "gcov"), "-o", str(everything))  # fmt: skip
    wanted = [f"{ROOT}/{folder}/*" for folder in FOLDERS]
    lcov("lcov", "-q", "--extract", str(everything), *wanted, "-o", str(kernel))
    return kernel


def make_pages(*records: Path) -> Path:
    pages = BUILD / "html"
    lcov("genhtml", "-q", "--prefix", str(ROOT), "--title", "Odyssey", "-o", str(pages),
         *map(str, records))  # fmt: skip
    return pages


def main() -> int:
    folder = BUILD / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    layouts = {kernel: gcov.layout_of(BUILD / f"{kernel}.full") for kernel in KERNELS}
    for kernel, layout in layouts.items():
        (folder / f"{kernel}.layout").write_bytes(pickle.dumps(layout))
    run_tests(folder)
    run_host_suites()
    machines = sum_up(folder, layouts)
    records = (
        captured("machines", *(BUILD / name for name in (*FOLDERS, "tests"))),
        captured("host", BUILD / "host"),
    )
    pages = make_pages(*records)
    print(f"coverage: {machines} machines, pages in {os.path.relpath(pages, ROOT)}")
    known = read_reasons((ROOT / "tests" / "coverage.txt").read_text())
    total, is_enough = report(read_records(*records), known)
    if environment("RECORD") == "yes":
        quality.keep("coverage", {"lines": total.lines, "by_machines": total.by_machines,
                                  "by_all": total.by_all})  # fmt: skip
        document.write()
    return 0 if is_enough else 1


if __name__ == "__main__":
    tool.run("coverage", main)
