# SPDX-License-Identifier: MIT
"""What is common to the tools on this side: their end, whoever ends them, and their complaints."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import exercise
import mutations
import pytest
from odyssey import processes
from odyssey.exercises import Exercise, PatchError, all_exercises
from odyssey.processes import TERMINATE_SECONDS
from odyssey.settings import ROOT
from odyssey.tool import ENDINGS

SECONDS = 20
TOOLS = ROOT / "tools"


def wait_until(holds: Callable[[], object]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(holds())


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def start(tool: str, **variables: str) -> subprocess.Popen[str]:
    def hear_signals() -> None:  # whatever whoever started this ignores
        for number in ENDINGS:
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, TOOLS / tool],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_signals,
    )


def start_fuzzer(folder: Path, body: str) -> tuple[subprocess.Popen[str], int]:
    """`make fuzz` with a target that is a script; the tool, and the target's process."""
    target, note = folder / "fuzz" / "format", folder / "process"
    target.parent.mkdir()
    says = f"echo $$ > '{note}.new'; mv '{note}.new' '{note}'"
    target.write_text(f"#!/bin/sh\n{says}\n{body}\n")
    target.chmod(0o755)
    tool = start("fuzz.py", BUILD=str(folder), T="format")
    assert wait_until(note.exists)
    return tool, int(note.read_text())


@pytest.mark.parametrize("number", ENDINGS)
def test_tool_that_is_ended_ends_what_it_started(tmp_path: Path, number: int) -> None:
    tool, fuzzer = start_fuzzer(tmp_path, "exec sleep 60")
    tool.send_signal(number)
    _, complaint = tool.communicate(timeout=SECONDS)
    still_runs = not wait_until(lambda: not is_running(fuzzer))
    if still_runs:
        os.kill(fuzzer, signal.SIGKILL)
    assert (still_runs, tool.returncode, complaint) == (False, 128 + number, "")


def test_tool_that_is_told_twice_waits_for_nothing(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    stubborn = f"trap \": > '{asked}'\" TERM\nwhile :; do sleep 0.1; done"
    tool, fuzzer = start_fuzzer(tmp_path, stubborn)
    try:
        tool.send_signal(signal.SIGINT)
        assert wait_until(asked.exists)
        tool.send_signal(signal.SIGINT)
        assert tool.wait(TERMINATE_SECONDS / 2) == -signal.SIGINT
    finally:
        os.kill(fuzzer, signal.SIGKILL)


def test_program_that_takes_too_long_is_asked_to_end(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    script = f"trap ': > {asked}; exit' TERM; while :; do sleep 0.01; done"
    with pytest.raises(subprocess.TimeoutExpired):
        processes.run(["sh", "-c", script], 0.5)
    assert asked.exists()


def test_program_is_run_to_its_end() -> None:
    done = processes.run(["sh", "-c", "echo out; echo err >&2; exit 3"], SECONDS)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")


@pytest.mark.parametrize(
    "tool, variables, complaint",
    [
        ("fuzz.py", {"FUZZ_SECONDS": "soon"}, "fuzz: FUZZ_SECONDS: got 'soon', want a number"),
        ("fuzz.py", {"FUZZ_SECONDS": "-1"}, "fuzz: FUZZ_SECONDS: got '-1', want a number"),
        ("fuzz.py", {"T": "nothing"}, "fuzz: T: got 'nothing', want one of acpi, "),
    ],
)
def test_wrong_setting_is_named(tool: str, variables: dict[str, str], complaint: str) -> None:
    ended = start(tool, **variables)
    said, wrong = ended.communicate(timeout=SECONDS)
    assert wrong.startswith(complaint) and wrong.count("\n") == 1
    assert (ended.returncode, said) == (1, "")


def test_mutations_are_built_in_their_own_tree_wherever_else_make_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "$(BUILD)/odyssey-test.elf:\n\tmkdir -p $(@D)\n\ttouch $@\n"
    (tmp_path / "Makefile").write_text(f"BUILD ?= build\n{rule}")
    monkeypatch.setenv("MAKEFLAGS", f" -- BUILD={tmp_path}/elsewhere")
    assert mutations.build(tmp_path)


def exercise_tool(**variables: str) -> tuple[int, str, str]:
    tool = start("exercise.py", **variables)
    said, complaint = tool.communicate(timeout=SECONDS)
    return tool.returncode, said, complaint


def test_exercises_are_listed_with_their_chapters_and_that_is_no_failure() -> None:
    status, listed, complaint = exercise_tool(N="")
    assert (status, complaint) == (0, "")
    rows = [line.split()[:3] for line in listed.splitlines()[1:]]
    assert [name for name, *_ in rows] == [it.name for it in all_exercises()]
    assert ["09-frame", "chapter", "8"] in rows and ["10-coalesce", "chapter", "9"] in rows


def test_exercise_that_is_none_is_refused_with_the_list() -> None:
    status, said, complaint = exercise_tool(N="99")
    assert (status, said) == (2, "")
    assert complaint == f"N: got '99', want one of:\n{exercise.listed()}\n"


def test_exercise_says_how_its_loss_is_seen(tmp_path: Path) -> None:
    for number, target in (("1", "run"), ("2", "run-fast")):
        status, said, complaint = exercise_tool(N=number, BUILD=str(tmp_path))
        assert (status, complaint) == (0, "")
        tried = [line.split() for line in said.splitlines() if line.startswith("try:")]
        assert [words[-1] for words in tried] == [target]


class Unfit(Exercise):
    """An exercise whose patch does not apply."""

    def remove_piece(self, tree: Path) -> list[str]:
        raise PatchError("no such lines")


def test_exercise_that_could_not_be_begun_is_not_taken_for_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exercise, "copy_tree", Path.mkdir)
    folder = tmp_path / "build" / "exercise" / "01-header"
    with pytest.raises(PatchError):
        exercise.begin(Unfit(tmp_path, {}, ""), folder)
    assert not folder.exists()
