# SPDX-License-Identifier: MIT
"""The report: totals and exit status that cannot lie, files that can be parsed."""
from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from odyssey.report import PASS, SKIP, Report, Result

PASSED = Result("suite", "ring.wraps", PASS)
FAILED = Result("suite", "ring.fills", "assertion", "ring.c:1: got 1, want 2\nmore", again="retry")
SKIPPED = Result("scenario", "breakpoint", SKIP, "not here")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def finished(folder: Path, *results: Result, verbose: bool = False) -> tuple[int, list[str]]:
    out = io.StringIO()
    report = Report(verbose, out)
    report.add(list(results))
    status = report.finish(folder, 1.5)
    return status, out.getvalue().splitlines()


@pytest.mark.parametrize(
    "results, status, total",
    [
        ((PASSED,), 0, "1 passed, 0 failed"),
        ((PASSED, SKIPPED), 0, "1 passed, 0 failed, 1 skipped"),
        ((PASSED, FAILED), 1, "1 passed, 1 failed"),
        ((FAILED,), 1, "0 passed, 1 failed"),
        ((SKIPPED,), 1, "0 passed, 0 failed, 1 skipped"),
        ((), 1, "0 passed, 0 failed"),
    ],
)
def test_total_and_status(
    tmp_path: Path, results: tuple[Result, ...], status: int, total: str
) -> None:
    got_status, lines = finished(tmp_path, *results)
    assert (got_status, lines[-1]) == (status, total)


def test_any_unknown_outcome_is_a_failure(tmp_path: Path) -> None:
    assert finished(tmp_path, PASSED, Result("suite", "ring.x", "passed"))[0] == 1


def test_failing_tests_are_shown_and_passing_ones_counted(tmp_path: Path) -> None:
    _, lines = finished(tmp_path, PASSED, FAILED)
    text = "\n".join(lines)
    assert "ring.wraps" not in text
    assert "ring.fills: assertion: ring.c:1: got 1, want 2" in text
    assert "      more\n      retry" in text
    assert "ring.wraps" in "\n".join(finished(tmp_path, PASSED, FAILED, verbose=True)[1])


def test_colour_only_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(out: io.StringIO) -> list[str]:
        report = Report(out=out)
        report.add([PASSED, FAILED])
        report.finish(tmp_path, 0)
        return out.getvalue().splitlines()

    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = printed(Terminal())
    assert "\x1b[" in lines[0]
    assert lines[-1] == "1 passed, 1 failed"
    assert "\x1b[" not in "".join(printed(io.StringIO()))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in "".join(printed(Terminal()))


def test_files_hold_every_result(tmp_path: Path) -> None:
    finished(tmp_path, PASSED, FAILED, SKIPPED)
    content = json.loads((tmp_path / "results.json").read_text())
    assert [content[key] for key in ("passed", "failed", "skipped")] == [1, 1, 1]
    assert [result["outcome"] for result in content["results"]] == [PASS, "assertion", SKIP]
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "1")
    failure = root.find("testsuite/testcase[@name='fills']/failure")
    assert failure is not None
    assert failure.get("type") == "assertion"
    assert root.find("testsuite/testcase[@name='breakpoint']/skipped") is not None


def test_files_survive_whatever_a_kernel_prints(tmp_path: Path) -> None:
    noise = "".join(map(chr, range(256))) + "\ud800 <&>\uffff"
    finished(tmp_path, Result("suite", "ring.noise", "garbage", noise))
    ElementTree.parse(tmp_path / "junit.xml")
    assert json.loads((tmp_path / "results.json").read_text())["results"][0]["detail"] == noise
