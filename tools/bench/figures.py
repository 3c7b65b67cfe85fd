# SPDX-License-Identifier: MIT
"""Figures, what limits them, and what was recorded of them.

Pure: from what was measured to a verdict and a table.
"""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Iterable, Optional

from odyssey.settings import ROOT

LIMITS = ROOT / "tests" / "bench" / "limits.txt"
RECORD = ROOT / "tests" / "bench" / "recorded.json"
WORSE_BY = 0.03  # that a figure may be, before the record has to be renewed
LIMIT = re.compile(r"([<>]=) ([\d.]+)(?: \* (\S+))?")


@dataclass(frozen=True)
class Figure:
    """One thing that was measured; instructions, where the name does not say another unit."""

    name: str
    value: float
    is_judged: bool = True  # against the record; what other tools decide, and parts, are only shown
    is_counted: bool = True  # else a time, for which the host may have been too busy: only shown


@dataclass(frozen=True)
class Limit:
    """What a figure has to keep: at most or at least a number, or so many times another figure."""

    pattern: str
    is_least: bool = False
    number: Optional[float] = None
    times: str = ""  # the other figure; a * is what the pattern's * stands for
    peers: str = ""  # what others take for the same

    def bound(self, name: str, values: dict[str, float]) -> Optional[float]:
        """The number to keep; None without one, or where the other figure was not measured."""
        if self.number is None or not self.times:
            return self.number
        other = values.get(self.times.replace("*", wildcard(self.pattern, name)))
        return None if other is None else self.number * other

    def text(self) -> str:
        if self.number is None:
            return ""
        sign = ">=" if self.is_least else "<="
        return f"{sign} {self.number:,.10g}" + (f" * {self.times}" if self.times else "")


def wildcard(pattern: str, name: str) -> str:
    """What the * of a pattern stands for in a name that it matches."""
    head, _, tail = pattern.partition("*")
    return name[len(head) : len(name) - len(tail)]


def read_limits(path: Path = LIMITS) -> list[Limit]:
    """Each line: NAME | LIMIT | peers. Either may be empty."""
    limits = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("|")]
        match = LIMIT.fullmatch(columns[1]) if len(columns) == 3 else None
        if len(columns) != 3 or columns[1] and not match:
            raise ValueError(f"{path.name}:{number}: got {line!r}, want NAME | LIMIT | peers")
        if match:
            limit = Limit(columns[0], match[1] == ">=", float(match[2]), match[3] or "", columns[2])
        else:
            limit = Limit(columns[0], peers=columns[2])
        limits.append(limit)
    return limits


def limit_of(name: str, limits: Iterable[Limit]) -> Limit:
    """The first whose pattern matches; one that limits nothing when there is none."""
    for limit in limits:
        if fnmatchcase(name, limit.pattern):
            return limit
    return Limit(name)


Record = dict[str, dict[str, float]]  # by compiler, then by figure


def read_record() -> Record:
    return json.loads(RECORD.read_text()) if RECORD.is_file() else {}


def write_record(record: Record) -> None:
    RECORD.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")


@dataclass(frozen=True)
class Row:
    """A figure beside everything there is to compare it with."""

    figure: Figure
    limit: Limit
    bound: Optional[float]
    recorded: Optional[float]  # by this compiler
    complaint: str  # why it fails; empty when it does not
    elsewhere: str = ""  # what another compiler's is, where this one has no record

    @property
    def change(self) -> Optional[float]:
        if self.recorded is None:
            return None
        if self.recorded == 0:
            return 0.0 if self.figure.value == 0 else 1.0
        return self.figure.value / self.recorded - 1


def compare(figures: list[Figure], limits: list[Limit], record: Record, compiler: str) -> list[Row]:
    """Each figure's row. A compiler of which nothing is recorded is shown, and not judged."""
    values = {figure.name: figure.value for figure in figures}
    own = record.get(compiler)
    rows = []
    for figure in figures:
        limit = limit_of(figure.name, limits)
        bound = limit.bound(figure.name, values)
        recorded = own.get(figure.name) if own else None
        others = [f"{record[who][figure.name]:,g} by {who}" for who in sorted(record)
                  if own is None and figure.name in record[who]]  # fmt: skip
        complaint = _complaint(figure, limit, bound, own) if own else ""
        rows.append(Row(figure, limit, bound, recorded, complaint, ", ".join(others)))
    return rows


def _complaint(
    figure: Figure, limit: Limit, bound: Optional[float], own: dict[str, float]
) -> str:
    if not figure.is_counted:
        return ""
    if bound is not None and (figure.value < bound if limit.is_least else figure.value > bound):
        return "over its limit"
    if not figure.is_judged:
        return ""
    if figure.name not in own:
        return "not recorded"
    worse_by = figure.value - own[figure.name]
    if limit.is_least:
        worse_by = -worse_by
    return "worse than recorded" if worse_by > WORSE_BY * abs(own[figure.name]) else ""


def suites_of(figures: Iterable[Figure]) -> set[str]:
    return {figure.name.split(".")[0] for figure in figures}


def gone(figures: Iterable[Figure], record: Record, compiler: str, suites: set[str]) -> list[str]:
    """Recorded figures of the suites measured that were not measured any more."""
    measured = {figure.name for figure in figures}
    recorded = record.get(compiler, {})
    return [name for name in recorded if name.split(".")[0] in suites and name not in measured]


def shown(value: float) -> str:
    """A figure as people read it."""
    if abs(value) < 10 and value != int(value):
        return f"{value:,.3g}"
    return f"{value:,.0f}" if value == int(value) or value >= 10000 else f"{value:,.1f}"


def table(rows: list[Row]) -> list[str]:
    """The rows as text, a line each below a heading."""
    lines = [("figure", "measured", "limit", "recorded", "change", "", "peers")]
    for row in rows:
        change = "" if row.change is None else f"{100 * row.change:+.1f} %"
        recorded = row.elsewhere if row.recorded is None else shown(row.recorded)
        lines.append((row.figure.name, shown(row.figure.value), row.limit.text(), recorded, change,
                      row.complaint.upper(), row.limit.peers))  # fmt: skip
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    right = (False, True, False, True, True, False)
    return [
        "  ".join(
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(line, widths, right)
        ).rstrip()
        + (f"  {line[6]}" if line[6] else "")
        for line in lines
    ]
