# SPDX-License-Identifier: MIT
"""Runs that would write the same files come one after the other: tools/exclusive.py."""
from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest
from odyssey.settings import ROOT

SECONDS = 30
SCRIPT = ROOT / "tools" / "exclusive.py"
WAITING = "waiting for another run of tests or checks to end in "


def start(command: list[str]) -> subprocess.Popen[str]:
    handed_down = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "BUILD", "CC")
    environment = {key: value for key, value in os.environ.items() if key not in handed_down}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def exclusive(folder: Path, script: str) -> subprocess.Popen[str]:
    return start([sys.executable, str(SCRIPT), str(folder), "sh", "-c", script])


def line_of(process: subprocess.Popen[str]) -> str:
    """The next that it says on standard error, if it says anything."""
    assert process.stderr is not None
    readable, _, _ = select.select([process.stderr], [], [], SECONDS)
    return process.stderr.readline().rstrip("\n") if readable else "nothing in time"


def end(process: subprocess.Popen[str]) -> None:
    """With all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@contextmanager
def holding(folder: Path, then: str = "") -> Iterator[subprocess.Popen[str]]:
    """A command that has the lock until it is sent a line, and then runs some shell words."""
    process = exclusive(folder, f"echo held; read line; {then}")
    try:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
    finally:
        end(process)


@pytest.mark.parametrize("script, status", [("exit 0", 0), ("exit 7", 7), ("kill -15 $$", -15)])
def test_status_is_the_commands(tmp_path: Path, script: str, status: int) -> None:
    process = exclusive(tmp_path / "new", script)
    assert process.communicate(timeout=SECONDS) == ("", "")
    assert process.returncode == status


def test_second_waits_for_the_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with holding(tmp_path, f"echo first >> '{order}'") as first:
        second = exclusive(tmp_path, f"echo second >> '{order}'")
        try:
            assert line_of(second) == f"{WAITING}{tmp_path}"
            assert not order.exists()
            first.communicate("\n", timeout=SECONDS)
            second.communicate(timeout=SECONDS)
        finally:
            end(second)
    assert order.read_text() == "first\nsecond\n"


def test_lock_of_one_that_was_killed_is_free(tmp_path: Path) -> None:
    with holding(tmp_path):
        pass
    assert exclusive(tmp_path, "exit 0").communicate(timeout=SECONDS) == ("", "")


def test_other_folders_are_not_waited_for(tmp_path: Path) -> None:
    with holding(tmp_path):
        second = exclusive(tmp_path / "other", "exit 0")
        assert second.communicate(timeout=SECONDS) == ("", "")


@pytest.mark.parametrize("target", ["test", "check", "bench"])
def test_make_waits_before_it_writes(tmp_path: Path, target: str) -> None:
    with holding(tmp_path):
        second = start(["make", "--no-print-directory", f"BUILD={tmp_path}", target])
        try:
            assert line_of(second) == f"{WAITING}{tmp_path}"
            assert [path.name for path in tmp_path.iterdir()] == ["lock"]
        finally:
            end(second)


@pytest.mark.parametrize(
    "arguments, line",
    [
        (["/dev/null", "true"], "cannot lock /dev/null/lock: File exists"),
        (["{folder}", "no-such-program"], "cannot run no-such-program: No such file or directory"),
        (["{folder}"], "usage: exclusive.py FOLDER COMMAND..."),
    ],
    ids=["folder", "program", "usage"],
)
def test_refusals_are_one_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    words = [argument.replace("{folder}", str(tmp_path)) for argument in arguments]
    process = start([sys.executable, str(SCRIPT), *words])
    assert process.communicate(timeout=SECONDS) == ("", line + "\n")
    assert process.returncode == 1
