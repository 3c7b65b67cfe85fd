# SPDX-License-Identifier: MIT
"""tools/setup.sh and the versions of tools: what is too old, and what is new enough."""
from __future__ import annotations

from pathlib import Path

import pytest
from fake_machine import FakeMachine


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def test_tool_that_does_not_run_is_missed(fake: FakeMachine) -> None:
    fake.script("nasm", "echo needs a licence 1.0; exit 1")
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert "setup: missing: nasm\n" in done.stderr


@pytest.mark.parametrize(
    "tool, says, told",
    [
        ("gcc", "x86_64-linux-gnu-gcc (GCC) 8.5.0", "gcc 8.5.0 (want gcc 9 or clang 13)"),
        ("ld", "GNU ld version 2.9", "ld 2.9 (want ld 2.26)"),
        ("nasm", "NASM version 2.14.02", "nasm 2.14.02 (want nasm 2.15)"),
        ("make", "GNU Make 3.81", "make 3.81 (want make 3.82)"),
        ("xorriso", "xorriso 1.4.8 : RockRidge", "xorriso 1.4.8 (want xorriso 1.5.2)"),
        ("qemu-system-x86_64", "QEMU emulator version 3.1.0", "QEMU 3.1.0 (want QEMU 4.0)"),
    ],
)
def test_tool_that_is_too_old_counts_as_missing(
    fake: FakeMachine, tool: str, says: str, told: str
) -> None:
    fake.says(tool, says)
    assert fake.setup("--check").returncode == 1
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert f"setup: too old: {told}\n" in done.stderr
    # Where a package manager has nothing newer, installing does not help.
    fake.installing("exit 0")
    done = fake.setup()
    assert done.returncode == 1
    assert done.stderr == f"setup: after installing still too old: {told}\n"


@pytest.mark.parametrize(
    "tool, says",
    [
        ("nasm", "NASM version 2.15"),
        ("nasm", "NASM version 3.0"),
        ("ld", "GNU ld 2.100"),
        ("make", "GNU Make 4.08.09"),
        ("x86_64-elf-gcc", "x86_64-elf-gcc (GCC) 9.1.0"),
        ("gmake", "GNU Make 4.4.1"),
    ],
)
def test_tool_that_is_new_enough(fake: FakeMachine, tool: str, says: str) -> None:
    if tool == "gmake":  # as on macOS, whose own make is of 2006
        fake.says("make", "GNU Make 3.81")
    if tool == "x86_64-elf-gcc":
        fake.says("gcc", "x86_64 (GCC) 4.8.5")
    fake.says(tool, says)
    done = fake.setup("--check")
    assert done.returncode == 0, fake.setup("--doctor").stdout


def test_clang_alone_is_a_compiler_when_new_enough(fake: FakeMachine) -> None:
    fake.lacks("gcc")
    assert fake.setup("--check").returncode == 0
    fake.says("clang", "clang version 11.0.1")
    done = fake.setup(NO_INSTALL="1")
    assert "too old: clang 11.0.1 (want gcc 9 or clang 13)" in done.stderr


def test_python_is_the_one_with_the_modules(fake: FakeMachine) -> None:
    """One without pytest says so; the Makefile would take /usr/bin/python3 where that has it."""
    fake.lacks("python3")
    fake.script("python3", "echo python 3.8.1; echo pytest 7.2; echo pexpect 4.8")
    done = fake.setup(NO_INSTALL="1")
    assert "setup: too old: python 3.8.1 (want python 3.9)\n" in done.stderr
