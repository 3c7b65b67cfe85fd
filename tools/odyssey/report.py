# SPDX-License-Identifier: MIT
"""Results, for people (terminal) and for machines (JUnit XML, JSON)."""
from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Iterable, TextIO
from xml.etree import ElementTree

PASS, SKIP = "pass", "skip"
DETAIL_LINES = 25  # the most shown on the terminal; the files have all
# What XML 1.0 cannot hold, whatever a kernel printed.
UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]")
COLOURS = {"ok": "\x1b[32m", "FAIL": "\x1b[31m", "skip": "\x1b[33m"}


@dataclass(frozen=True)
class Result:
    """One test, scenario, control or end-to-end run."""

    group: str  # "suite", "scenario", "control", "runner", "e2e"
    name: str
    outcome: str  # PASS, SKIP, or the name of what went wrong
    detail: str = ""
    seconds: float = 0.0
    log: str = ""  # where its boot's files are
    again: str = ""  # the command that runs it alone

    @property
    def mark(self) -> str:
        return {PASS: "ok", SKIP: "skip"}.get(self.outcome, "FAIL")


@dataclass
class Report:
    """Collects results and shows them as they come."""

    verbose: bool = False
    out: TextIO = field(default_factory=lambda: sys.stdout)
    results: list[Result] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, results: list[Result], notes: Iterable[str] = ()) -> None:
        self.results += results
        counted: dict[tuple[str, str], list[Result]] = {}
        for result in results:
            if result.group in ("suite", "runner"):
                suite = result.name.split(".")[0]
                counted.setdefault((result.group, suite), []).append(result)
            else:
                self._show(result)
        for (group, suite), members in counted.items():
            self._show_count(group, suite, members)
        for note in notes:
            self.notes.append(note)
            print(f"note: {note}", file=self.out)
        self.out.flush()

    def _show(self, result: Result) -> None:
        text = f"{result.group:<9} {result.name}"
        if result.mark == "ok" and result.seconds:
            text = f"{text:<44} {result.seconds:5.1f} s"
        elif result.mark != "ok":
            first, _, rest = result.detail.partition("\n")
            text = f"{text}: {result.outcome}: {first}"
        self._line(result.mark, text)
        if result.mark == "FAIL":
            lines = rest.splitlines()
            if len(lines) > DETAIL_LINES:
                lines = [f"({len(lines) - DETAIL_LINES} lines left out)", *lines[-DETAIL_LINES:]]
            lines += filter(None, (result.log and f"log: {result.log}.*", result.again))
            for line in lines:
                print(f"      {line}", file=self.out)

    def _show_count(self, group: str, suite: str, members: list[Result]) -> None:
        mark = "FAIL" if any(result.mark == "FAIL" for result in members) else "ok"
        text = f"{group:<9} {suite}"
        self._line(mark, f"{text:<44} {totals_line(members)}")
        for result in members:
            if self.verbose or result.mark == "FAIL":
                self._show(result)

    def _line(self, mark: str, text: str) -> None:
        padded = f"{mark:<5}"
        if self.out.isatty() and not os.environ.get("NO_COLOR"):
            padded = f"{COLOURS[mark]}{padded}\x1b[0m"
        print(f"{padded} {text}", file=self.out)

    @property
    def status(self) -> int:
        """0 only when something passed and nothing failed."""
        marks = [result.mark for result in self.results]
        return 0 if "ok" in marks and "FAIL" not in marks else 1

    def finish(self, folder: Path, seconds: float) -> int:
        """Write junit.xml and results.json, print the totals; the exit status."""
        folder.mkdir(parents=True, exist_ok=True)
        _write_json(self, folder / "results.json", seconds)
        _write_junit(self.results, folder / "junit.xml", seconds)
        print(totals_line(self.results), file=self.out, flush=True)
        return self.status


def _totals(results: list[Result]) -> tuple[int, int, int]:
    marks = [result.mark for result in results]
    return marks.count("ok"), marks.count("FAIL"), marks.count("skip")


def totals_line(results: list[Result]) -> str:
    passed, failed, skipped = _totals(results)
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def _write_json(report: Report, path: Path, seconds: float) -> None:
    passed, failed, skipped = _totals(report.results)
    content = {
        "passed": passed,
        "failed": failed,
        "skipped": skipped,
        "seconds": round(seconds, 3),
        "notes": report.notes,
        "results": [asdict(result) for result in report.results],
    }
    path.write_text(json.dumps(content, indent=2) + "\n")


def _write_junit(results: list[Result], path: Path, seconds: float) -> None:
    root = ElementTree.Element("testsuites", _junit_counts(results, seconds))
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    for group, members in groups.items():
        took = sum(result.seconds for result in members)
        suite = ElementTree.SubElement(root, "testsuite", _junit_counts(members, took), name=group)
        for result in members:
            classname, _, name = f"{group}.{result.name}".rpartition(".")
            case = ElementTree.SubElement(
                suite, "testcase", classname=classname, name=name, time=f"{result.seconds:.3f}"
            )
            detail = UNPRINTABLE.sub("\ufffd", result.detail)
            if result.mark == "FAIL":
                message = f"{result.outcome}: {detail}".partition("\n")[0]
                ElementTree.SubElement(
                    case, "failure", type=result.outcome, message=message
                ).text = detail
            elif result.mark == "skip":
                ElementTree.SubElement(case, "skipped", message=detail)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _junit_counts(results: list[Result], seconds: float) -> dict[str, str]:
    _, failed, skipped = _totals(results)
    counts = {"tests": len(results), "failures": failed, "errors": 0, "skipped": skipped}
    return {**{key: str(value) for key, value in counts.items()}, "time": f"{seconds:.3f}"}
