#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which of the kernel's lines the tests run: `make coverage`.

Everything that `make test` boots is booted with kernels that count their
branches; what the machines' memories held in the end is summed up. lcov makes
pages of it in build/coverage/html. Fails when less than WANTED_PERCENT of the
lines were run, or a line that was not has no reason in tests/coverage.txt.
"""
from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from array import array
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from operator import add
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import gcov, qemu  # noqa: E402
from odyssey.settings import BUILD, ROOT, SetupError  # noqa: E402

WANTED_PERCENT = 90.0
KERNELS = ("odyssey", "odyssey-test")
FOLDERS = ("boot", "drivers", "kernel", "lib", "mm")


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
        # The debugger's tests look at the code as it is without counters.
        "PYTEST_ADDOPTS": "--ignore=tests/e2e/test_debug.py",
    }
    subprocess.run([sys.executable, ROOT / "tools" / "test.py"], env=surroundings, check=False)


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


def make_pages(folder: Path) -> Path:
    """lcov's record of the kernel's own files, and its pages."""
    everything, kernel = folder / "everything.info", folder / "kernel.info"
    compiler = os.environ.get("CC", "gcc").split()[0]
    lcov("lcov", "-q", "--capture", "--directory", str(BUILD), "--base-directory", str(ROOT),
         "--gcov-tool", compiler.replace("gcc", "gcov"), "-o", str(everything))  # fmt: skip
    wanted = [f"{ROOT}/{name}/*" for name in FOLDERS]
    lcov("lcov", "-q", "--extract", str(everything), *wanted, "-o", str(kernel))
    lcov("genhtml", "-q", "--prefix", str(ROOT), "--title", "Odyssey", "-o",
         str(folder / "html"), str(kernel))  # fmt: skip
    return kernel


@dataclass
class File:
    """What lcov says of a source: how often each line was run, and where functions begin."""

    lines: dict[int, int] = field(default_factory=dict)
    functions: dict[int, str] = field(default_factory=dict)

    def missed(self) -> dict[str, list[int]]:
        """Lines that were not run, by the function they are in."""
        starts = sorted(self.functions)
        found: dict[str, list[int]] = defaultdict(list)
        for number in sorted(line for line, count in self.lines.items() if count == 0):
            before = bisect_right(starts, number)
            found[self.functions[starts[before - 1]] if before else "-"].append(number)
        return found


def read_record(record: Path) -> dict[str, File]:
    """lcov's record, by file."""
    files: dict[str, File] = defaultdict(File)
    for line in record.read_text().splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            file = files[os.path.relpath(rest, ROOT)]
        elif kind == "FN":
            number, name = rest.split(",")
            file.functions[int(number)] = name
        elif kind == "DA":
            number, count = rest.split(",")[:2]
            file.lines[int(number)] = int(count)
    return files


def reasons() -> list[tuple[str, str, str]]:
    """tests/coverage.txt: file and function, as patterns, and why lines of it need not be run."""
    lines = (ROOT / "tests" / "coverage.txt").read_text().splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [(file.strip(), function.strip(), why.strip()) for file, function, why in rows]


def report(files: dict[str, File]) -> bool:
    """Print shares and lines that were not run; whether there are few, each with a reason."""
    print(f"\n{'':12}{'lines run':>10}{'of':>8}{'share':>9}")
    ran = total = 0
    for folder in FOLDERS:
        counts = [count for name, file in files.items() if name.startswith(f"{folder}/")
                  for count in file.lines.values()]  # fmt: skip
        hit = sum(count > 0 for count in counts)
        print(f"{folder:12}{hit:10}{len(counts):8}{100 * hit / len(counts):8.1f} %")
        ran, total = ran + hit, total + len(counts)
    percent = 100 * ran / total
    print(f"{'all':12}{ran:10}{total:8}{percent:8.1f} %\n")

    known = reasons()
    unexplained = 0
    for name, file in sorted(files.items()):
        for function, numbers in file.missed().items():
            why = next((why for path, pattern, why in known
                        if fnmatch(name, path) and fnmatch(function, pattern)), "")  # fmt: skip
            unexplained += 0 if why else len(numbers)
            print(f"{name}: {function}: lines {ranges(numbers)}: {why or 'NO REASON GIVEN'}")
    print(f"\n{percent:.1f} % of {total} lines run, {unexplained} not run without a reason")
    return percent >= WANTED_PERCENT and unexplained == 0


def ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1-3, 7"."""
    words: list[list[int]] = []
    for number in numbers:
        if words and words[-1][-1] == number - 1:
            words[-1] = [words[-1][0], number]
        else:
            words.append([number])
    return ", ".join("-".join(map(str, word)) for word in words)


def main() -> int:
    folder = BUILD / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    layouts = {kernel: gcov.layout_of(BUILD / f"{kernel}.full") for kernel in KERNELS}
    for kernel, layout in layouts.items():
        (folder / f"{kernel}.layout").write_bytes(pickle.dumps(layout))
    run_tests(folder)
    machines = sum_up(folder, layouts)
    files = read_record(make_pages(BUILD))
    print(f"coverage: {machines} machines, pages in {os.path.relpath(BUILD / 'html', ROOT)}")
    return 0 if report(files) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SetupError, gcov.NoCounters) as error:
        sys.exit(f"coverage: {error}")
