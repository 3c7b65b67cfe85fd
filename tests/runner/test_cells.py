# SPDX-License-Identifier: MIT
"""The matrix's machines, what they are made of, and that what is wrong with one is seen."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from odyssey import cell_runs, qemu, smoke
from odyssey.cells import WORDS, Cell, cells
from odyssey.control_images import built
from odyssey.settings import ROOT


def test_names_are_one_each_and_every_word_is_met() -> None:
    names = [cell.name for cell in cells()]
    assert len(names) == len(set(names))
    assert {word for cell in cells() for word in cell.words} == set(WORDS)
    assert {(cell.firmware, cell.board, cell.medium) for cell in cells()} >= {
        (firmware, board, medium)
        for firmware in ("bios", "uefi")
        for board in ("pc", "q35")
        for medium in ("cd", "disk", "usb")
    }


@pytest.mark.parametrize(
    "name", ["bios-pc-cd", "bios-pc-cd-128", "bios-pc-tape-128m", "bios-pc-cd-128m-nosuch"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Cell.of(name)


@pytest.mark.parametrize(
    "name, memory, cpus, extra",
    [
        ("bios-pc-cd-128m", "128", "1", "-M pc"),
        ("bios-pc-cd-128m-nopit", "128", "1", "-M pc,pit=off"),
        ("uefi-q35-cd-256m-nonx", "256", "1", "-M q35 -cpu qemu64,-nx"),
        ("bios-q35-cd-128m-smp4", "128", "4", "-M q35"),
        (
            "bios-q35-cd-64g",
            "65536",
            "1",
            "-M q35,memory-backend=ram -object memory-backend-ram,id=ram,size=65536M,reserve=off",
        ),
    ],
)
def test_machine_follows_from_the_name(name: str, memory: str, cpus: str, extra: str) -> None:
    hardware = cell_runs.hardware(Cell.of(name))
    assert hardware == qemu.Hardware(name[:4], memory, cpus, tuple(extra.split()))


# --- make matrix


def run_matrix(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    chosen = {"V": "", "BUILD": str(folder), **variables}
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "matrix.py"), *options],
        env={**os.environ, **chosen}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, universal_newlines=True, timeout=60,
    )  # fmt: skip


def test_list_names_what_matches(tmp_path: Path) -> None:
    done = run_matrix(tmp_path, "--list", M="uefi-*-noserial")
    assert (done.returncode, done.stdout) == (0, "uefi-q35-usb-256m-noserial\n")


@pytest.mark.parametrize("options", [(), ("--list",)])
def test_what_matches_nothing_fails(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run_matrix(tmp_path, *options, M="bios-vax-*")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_missing_images_fail_both_halves_of_a_cell(tmp_path: Path) -> None:
    done = run_matrix(tmp_path, M="bios-pc-cd-128m")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 2 failed"
    content = json.loads((tmp_path / "matrix" / "results.json").read_text())
    assert [result["name"] for result in content["results"]] == ["suites", "smoke"]
    assert (tmp_path / "matrix" / "junit.xml").is_file()


# --- Controls: a cell that has to fail does


@pytest.mark.parametrize(
    "control, outcome, counts",
    [
        ("assertion", "assertion", (1, 1, 0)),
        ("panic", "panic", (0, 0, 0)),
        ("reset", "reset", (0, 0, 0)),
        ("garbage", "garbage", (0, 0, 0)),
        # All is well, but for a test that was skipped for no reason of this cell's.
        ("pass", "skipped", (2, 0, 1)),
    ],
)
def test_suites_that_go_wrong_fail_the_cell(
    logs: Path, control: str, outcome: str, counts: tuple[int, int, int]
) -> None:
    cell = Cell.of("bios-pc-cd-16m")
    folder = logs / f"control-cell-{control}"
    result, tests = cell_runs.run_suites(cell, folder, qemu.direct(built(control, folder)))
    assert (result.outcome, tests) == (outcome, counts), result.detail
    assert result.mark == "FAIL"


class FakeSeat:
    """A machine that has booted, and answers as it was told; over once nothing comes any more."""

    def __init__(self, boot: str, **answers: str) -> None:
        self._lines, self._answers = [*boot.splitlines(), "odyssey>"], answers

    def lines(self) -> list[str]:
        return list(self._lines)

    def type(self, character: str) -> None:
        typed = self._lines[-1].removeprefix("odyssey>").strip()
        if character == "\n":
            self._lines += [*self._answers.get(typed, "").splitlines(), "odyssey>"]
        else:
            self._lines[-1] = f"odyssey> {typed}{character}"

    def is_over(self) -> bool:
        return True


BOOT = """\
Hello from ODYSSEY OS!
[0.017694] INFO memory: 130556 KiB usable, 3848 KiB reserved, 126708 KiB free
[0.037525] INFO tick: RTC periodic interrupt at 1024 Hz
System initialized. Entering main loop..."""
ANSWERS = {
    "version": "build 266ac284f7d9e07b, GCC 12.2.0, version 0.1.0",
    "cpu": "features used: nx global-pages\nfeatures missing: smep smap",
    "mem": "usable: 130556 KiB",
}


def session(name: str, boot: str = BOOT, **answers: str) -> None:
    cell, seat = Cell.of(name), FakeSeat(boot, **{**ANSWERS, **answers})
    smoke.answers(seat, cell, smoke.boots(seat, cell))


def test_session_with_all_that_has_to_be_there_passes() -> None:
    session("bios-pc-cd-128m-nopit")


@pytest.mark.parametrize(
    "name, boot, answers",
    [
        ("bios-pc-cd-128m", BOOT.replace("Hello", "Hullo"), {}),
        ("bios-pc-cd-128m", BOOT.replace("3848", "3849"), {}),
        ("bios-pc-cd-128m", BOOT.replace("System initialized.", ""), {}),
        ("bios-pc-cd-64m", BOOT, {}),
        ("bios-pc-cd-3584m", BOOT, {}),
        ("bios-pc-cd-128m-module", BOOT, {}),
        ("bios-pc-cd-128m-nopic", BOOT, {}),
        ("bios-pc-cd-128m", BOOT, {"version": "version: unknown command (try 'help')"}),
        ("bios-pc-cd-128m", BOOT, {"mem": "usable: 130552 KiB"}),
        ("bios-pc-cd-128m-max", BOOT, {}),
        ("bios-pc-cd-128m-nonx", BOOT, {}),
    ],
)
def test_session_in_which_something_is_missing_fails(
    name: str, boot: str, answers: dict[str, str]
) -> None:
    with pytest.raises(AssertionError, match="want "):
        session(name, boot, **answers)


def test_session_without_a_prompt_fails() -> None:
    class Silent(FakeSeat):
        def lines(self) -> list[str]:
            return super().lines()[:-1]

    with pytest.raises(AssertionError, match="the machine ended"):
        smoke.boots(Silent(BOOT), Cell.of("bios-pc-cd-128m"))
