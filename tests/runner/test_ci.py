# SPDX-License-Identifier: MIT
""".ci/run on a made-up project whose parts print what we like: its total cannot lie."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from odyssey.settings import ROOT


def ci(folder: Path, test: str, check: str, setup: str = "exit 0") -> tuple[int, str, str]:
    """Run it with these shell words for its parts: exit status, last line, whole output."""
    for place in (".ci", "tools"):
        (folder / place).mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    script = folder / "tools" / "setup.sh"
    script.write_text(f"#!/bin/sh\n{setup}\n")
    script.chmod(0o755)
    (folder / "Makefile").write_text(f"test:\n\t@{test}\ncheck:\n\t@{check}\n")
    # Without what the make that runs this test hands down to a make of its own.
    handed_down = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
    environment = {key: value for key, value in os.environ.items() if key not in handed_down}
    done = subprocess.run(
        [str(folder / ".ci" / "run")], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()[-1], done.stdout


def test_totals_are_summed_and_output_is_shown(tmp_path: Path) -> None:
    status, last, output = ci(
        tmp_path, "echo all well; echo 3 passed, 0 failed", "echo 4 passed, 0 failed, 2 skipped"
    )
    assert (status, last) == (0, "7 passed, 0 failed, 2 skipped")
    assert "all well\n3 passed, 0 failed\n" in output


@pytest.mark.parametrize(
    "test, check, total",
    [
        ("echo 3 passed, 1 failed; exit 1", "echo 4 passed, 0 failed", "7 passed, 1 failed"),
        ("echo 3 passed, 1 failed", "echo 4 passed, 0 failed", "7 passed, 1 failed"),
        ("echo 3 passed, 0 failed", "echo 4 passed, 2 failed; exit 1", "7 passed, 2 failed"),
        ("echo 3 passed, 0 failed; exit 1", "echo 4 passed, 0 failed", "7 passed, 1 failed"),
        ("true", "echo 4 passed, 0 failed", "4 passed, 1 failed"),
        ("echo 3 passed, 0 failed; echo more", "echo 4 passed, 0 failed", "4 passed, 1 failed"),
        ("echo 3 passed, 0 failed", "kill -9 $$$$", "3 passed, 1 failed"),
    ],
)
def test_any_failure_fails(tmp_path: Path, test: str, check: str, total: str) -> None:
    status, last, _ = ci(tmp_path, test, check)
    assert (status, last) == (1, total)


def test_failing_setup_fails(tmp_path: Path) -> None:
    status, last, _ = ci(tmp_path, "true", "true", setup="exit 1")
    assert (status, last) == (1, "0 passed, 1 failed")


def test_parts_run_as_ci_and_without_input(tmp_path: Path) -> None:
    status, last, _ = ci(
        tmp_path, '[ "$$CI" = true ] && ! read line && echo 1 passed, 0 failed',
        "echo 0 passed, 0 failed",
    )  # fmt: skip
    assert (status, last) == (0, "1 passed, 0 failed")
