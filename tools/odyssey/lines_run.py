# SPDX-License-Identifier: MIT
"""Lines that were run and lines that were not, each of these with its reason.

Pure: from lcov's records and tests/coverage.txt to tables and a verdict.
"""
from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Iterable

from .quality import LINES_WANTED_PERCENT
from .settings import ROOT, SetupError

FOLDERS = ("boot", "drivers", "kernel", "lib", "mm")
BY_CHANCE = "by chance: "  # begins the reason of lines that are run now and then


@dataclass
class File:
    """What lcov says of a source: how often each line was run, and where functions begin."""

    lines: dict[int, int] = field(default_factory=dict)
    functions: dict[int, str] = field(default_factory=dict)
    host_lines: dict[int, int] = field(default_factory=dict)  # run by the host's suites

    def ran(self, line: int) -> bool:
        return self.lines[line] > 0 or self.host_lines.get(line, 0) > 0

    def missed(self) -> dict[str, list[int]]:
        """Lines that were not run, by the function they are in."""
        starts = sorted(self.functions)
        found: dict[str, list[int]] = defaultdict(list)
        for number in sorted(line for line in self.lines if not self.ran(line)):
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


def read_records(machines: Path, host: Path) -> dict[str, File]:
    """Of each file the lines that the kernel has, and who ran them."""
    files, on_host = read_record(machines), read_record(host)
    for name, file in files.items():
        file.host_lines = on_host[name].lines if name in on_host else {}
    return files


@dataclass(frozen=True)
class Reason:
    """Why lines of some functions need not be run; file and function are patterns."""

    file: str
    function: str
    why: str

    def fits(self, file: str, function: str) -> bool:
        return fnmatch(file, self.file) and fnmatch(function, self.function)

    @property
    def is_needed_always(self) -> bool:
        return not self.why.startswith(BY_CHANCE)


def read_reasons(text: str) -> list[Reason]:
    """tests/coverage.txt."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = [[column.strip() for column in line.split("|", 2)] for line in lines]
    for line, row in zip(lines, rows):
        if len(row) != 3 or not all(row):
            raise SetupError(f"tests/coverage.txt: got {line!r}, want FILE | FUNCTION | REASON")
    return [Reason(*row) for row in rows]


@dataclass(frozen=True)
class Shares:
    """Lines of some files, and how many of them were run."""

    lines: int
    by_machines: int
    by_all: int

    @classmethod
    def of(cls, files: Iterable[File]) -> Shares:
        rows = [(count > 0, file.ran(line)) for file in files for line, count in file.lines.items()]
        return cls(len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows))

    def percent(self, ran: int) -> float:
        return 100 * ran / self.lines

    def row(self, name: str) -> str:
        cells = [f"{ran:12}{self.percent(ran):8.1f} %" for ran in (self.by_machines, self.by_all)]
        return f"{name:12}{self.lines:7}{''.join(cells)}"


def print_shares(files: dict[str, File]) -> Shares:
    print(f"\n{'':12}{'lines':>7}{'run by machines':>22}{'and on the host':>22}")
    for folder in FOLDERS:
        own = [file for name, file in files.items() if name.startswith(f"{folder}/")]
        print(Shares.of(own).row(folder))
    total = Shares.of(files.values())
    print(total.row("all") + "\n")
    return total


def print_missed(files: dict[str, File], known: list[Reason]) -> tuple[int, list[Reason]]:
    """How many of the lines that nothing ran have no reason, and which reasons have no line."""
    unexplained, needed = 0, set()
    for name, file in sorted(files.items()):
        for function, numbers in file.missed().items():
            reason = next((one for one in known if one.fits(name, function)), None)
            needed.add(reason)
            unexplained += 0 if reason else len(numbers)
            why = reason.why if reason else "NO REASON GIVEN"
            print(f"{name}: {function}: lines {ranges(numbers)}: {why}")
    return unexplained, [one for one in known if one.is_needed_always and one not in needed]


def report(files: dict[str, File], known: list[Reason]) -> tuple[Shares, bool]:
    """Print what was run and what was not; whether that is enough, each gap with a reason."""
    total = print_shares(files)
    unexplained, idle = print_missed(files, known)
    for one in idle:
        print(f"tests/coverage.txt: no such line is left: {one.file} | {one.function} | {one.why}")
    percent = total.percent(total.by_machines)
    print(f"\n{percent:.1f} % of {total.lines} lines run by machines, "
          f"{total.percent(total.by_all):.1f} % with the host's suites, "
          f"{unexplained} not run without a reason, {len(idle)} reasons without a line")  # fmt: skip
    return total, percent >= LINES_WANTED_PERCENT and unexplained == 0 and not idle


def ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1-3, 7"."""
    words: list[list[int]] = []
    for number in numbers:
        if words and words[-1][-1] == number - 1:
            words[-1] = [words[-1][0], number]
        else:
            words.append([number])
    return ", ".join("-".join(map(str, word)) for word in words)
