# SPDX-License-Identifier: MIT
"""Negative controls of the machinery itself: a step that cannot fail proves nothing."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Optional

import pytest
from check import kernels, step
from check.image import Binutils
from check.step import Output, missing, run, skipped
from check.toolset import Toolset
from mini_kernel import Kernel
from odyssey.report import PASS, SKIP

GOOD = b"KTAP version 1\n1..2\n# run a.b\nok 1 a.b\n# run a.c\nok 2 a.c # SKIP why\n"
BAD = b"KTAP version 1\n1..1\n# run a.b\n# got 1, want 2\nnot ok 1 a.b\n"
CUT = b"KTAP version 1\n1..2\n# run a.b\nok 1 a.b\n# run a.c\n"


@pytest.mark.parametrize(
    "status, stdout, outcomes",
    [
        (0, GOOD, {"host.a.b": PASS, "host.a.c": SKIP}),
        (1, BAD, {"host.a.b": "assertion"}),
        # A sanitizer's report, a crash, a liar, nothing at all.
        (-6, CUT, {"host.a.b": PASS, "host.a.c": "crash"}),
        (1, GOOD, {"host.a.b": PASS, "host.a.c": SKIP, "host.run": "crash"}),
        (0, BAD, {"host.a.b": "assertion", "host.run": "crash"}),
        (0, b"", {"host.run": "crash"}),
        (None, GOOD, {"host.a.b": PASS, "host.a.c": SKIP, "host.run": "crash"}),
    ],
)
def test_host_tests_judged(status: Optional[int], stdout: bytes, outcomes: dict[str, str]) -> None:
    results = kernels.ktap_results("host", Output(status, stdout, stdout.decode()), "log")
    assert {result.name: result.outcome for result in results} == outcomes


def make_that(tmp_path: Path, script: str) -> kernels.Build:
    """A build whose make is a script."""
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\n{script}\n")
    make.chmod(0o755)
    return kernels.Build(str(make), Toolset("gcc"), Binutils())


@pytest.mark.parametrize(
    "script, outcome, problem",
    [
        ("echo '  CC      a.c'", PASS, ""),
        ("echo 'a.c:1:1: warning: odd' >&2", "error", "a.c:1:1: warning: odd"),
        ("echo '  CC      a.c'; echo 'undefined: f'; exit 2", "error", "undefined: f"),
        ("echo '  ID      1f a.elf'; echo 'no room'; exit 2", "error", "no room"),
        ("exit 2", "error", ""),
    ],
)
def test_build_judged(script: str, outcome: str, problem: str, tmp_path: Path) -> None:
    result = make_that(tmp_path, script).make("control", "target")
    assert (result.outcome, result.detail) == (outcome, problem)


def test_build_forbids_warnings(tmp_path: Path) -> None:
    """CI is what the Makefile turns warnings into errors for."""
    result = make_that(tmp_path, 'echo "warning: $*"').make("control", "target")
    assert " CI=true " in result.detail and " CC=gcc " in result.detail


def test_another_default_build_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "BUILD", tmp_path)
    build = make_that(tmp_path, "true")
    build.folder = tmp_path / "gated"
    build.folder.mkdir()
    (build.folder / "odyssey.elf").write_bytes(b"one")
    (tmp_path / "odyssey.elf").write_bytes(b"one")
    assert build.same_as_default().mark == "ok"
    (tmp_path / "odyssey.elf").write_bytes(b"two")
    assert build.same_as_default().mark == "FAIL"
    assert make_that(tmp_path, "exit 1").same_as_default().mark == "FAIL"


def test_missing_tool_is_skipped_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = missing("no-such-tool")
    assert reason == "tool no-such-tool missing (package no-such-tool)"
    assert missing(sys.executable) is None
    monkeypatch.delenv("CI", raising=False)
    assert skipped("lint", "x", reason).mark == "skip"
    monkeypatch.setenv("CI", "true")
    assert skipped("lint", "x", reason).mark == "FAIL"


def test_code_that_cannot_be_read_is_skipped(
    good: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without objdump: no gate on the code, and nothing to report of its stacks."""
    monkeypatch.delenv("CI", raising=False)
    build = kernels.Build("make", Toolset("gcc"), Binutils("no-objdump"))
    build.folder = tmp_path
    for kernel in kernels.KERNELS:
        for file in good:
            (tmp_path / f"{kernel}{file.suffix}").symlink_to(file)
    results = {result.name: result for result in build.gates()}
    assert results["gcc: all of the code"].mark == "skip"
    assert results["gcc: all of the code"].detail == missing("no-objdump")
    assert results["gcc: segments"].mark == results["gcc: symbol_table"].mark == "ok"
    assert build.notes() == ()


def test_program_out_of_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "SECONDS_MAX", 0.2)
    output = run([sys.executable, "-c", "import time; time.sleep(60)"], "control-late")
    assert output.status is None and "ended after 0.2 seconds" in output.text
