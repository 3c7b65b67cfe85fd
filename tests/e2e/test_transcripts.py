# SPDX-License-Identifier: MIT
"""What the documents show is what happens: each session in them is held, and compared.

A fence of the language `odyssey` boots the shipped image and types on the serial
line, one of `gdb` does so in `make debug FAST=1`, and one of `console` runs its
lines at the project's top.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest
from docs.fences import Fence, fences
from odyssey import qemu
from odyssey.machine import PROMPT, WAIT_SECONDS, Machine, rendered
from odyssey.settings import BUILD, ROOT
from odyssey.shell import PROMPT_LAST, Shell
from odyssey.transcript import hold
from test_debug import Debugger, session

HOST_SECONDS = 60
# How long what a command left running may be silent before all is said.
LATE_SECONDS = 5
# Programs that only the documents' sessions and `make debug` need.
OPTIONAL = ("gdb", "clang", "ld.lld")
HALTED = b"System halted.\r\n"
POLL_SECONDS = 0.02


@pytest.fixture(autouse=True, scope="module")
def kernel() -> None:
    """The documents show what is in build/, by a compiler that they have figures of."""
    recorded = json.loads((ROOT / "tests" / "bench" / "recorded.json").read_text())
    compilers = {name.partition(".")[0].encode() for name in recorded}
    if BUILD != ROOT / "build":
        pytest.skip("the documents show what is in build/")
    if not any(name in (BUILD / "odyssey.elf").read_bytes() for name in compilers):
        pytest.skip(f"the documents show a kernel of {b' or '.join(compilers).decode()}")


def sessions(language: str) -> list[object]:
    """The fences of a language as a test's parameters, named by document and heading."""
    files = [*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("docs/**/*.md")]
    return [
        pytest.param(fence, id=f"{path.relative_to(ROOT)}: {fence.heading}")
        for path in sorted(files)
        for fence in fences(path.read_text())
        if fence.language == language
    ]


@pytest.fixture
def log(logs: Path, request: pytest.FixtureRequest) -> Path:
    return logs / f"e2e-transcript-{re.sub(r'[^-.0-9A-Za-z]+', '-', request.node.callspec.id)}"


class SerialLine:
    """Of a machine that boots the shipped image."""

    status = 0

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._shell = Shell(machine)
        self.greeting = rendered(machine.serial.rpartition(PROMPT.encode())[0])
        self.is_over = False

    def enter(self, line: str) -> Iterator[list[str]]:
        self._shell.type(line)
        start = len(self._machine.serial)
        self._shell.type_blind("\n")
        seen, deadline = start, time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            self.is_over = self._machine.has_hung_up()  # by `poweroff`
            said = self._machine.serial
            self.is_over = self.is_over or said.endswith(HALTED)
            if self.is_over or len(said) > seen and PROMPT_LAST.search(said, start):
                seen, deadline = len(said), time.monotonic() + LATE_SECONDS
                lines = rendered(said[start:])
                yield lines if self.is_over else lines[:-1]
            if self.is_over:
                return
            time.sleep(POLL_SECONDS)


class Host:
    """A shell for each line, at the project's top."""

    greeting: list[str] = []
    is_over = False
    status = 0

    def enter(self, line: str) -> Iterator[list[str]]:
        for program in OPTIONAL:
            if re.search(rf"(^|[|;&] *){program} ", line) and not shutil.which(program):
                pytest.skip(f"{program} is not installed")
        outside = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        outside.update(LC_ALL="C.UTF-8", TERM="dumb", PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(
            ["bash", "-c", line], cwd=ROOT, env=outside, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            timeout=HOST_SECONDS,
        )  # fmt: skip
        self.status = done.returncode
        yield done.stdout.splitlines()


class Gdb:
    """`make debug FAST=1`, as it stands at the kernel's first instruction."""

    is_over = False
    status = 0

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger
        self.greeting = debugger.answer().splitlines()

    def enter(self, line: str) -> Iterator[list[str]]:
        yield self._debugger.ask(line).splitlines()


@pytest.mark.parametrize("fence", sessions("odyssey"))
def test_at_the_prompt(fence: Fence, log: Path) -> None:
    with Machine(qemu.cdrom(BUILD / "odyssey.iso"), log, qemu.Hardware()) as machine:
        machine.start()
        wrong = hold(fence, SerialLine(machine))
    assert not wrong, wrong


@pytest.mark.parametrize("fence", sessions("console"))
def test_on_the_host(fence: Fence) -> None:
    wrong = hold(fence, Host())
    assert not wrong, wrong


@pytest.mark.parametrize("fence", sessions("gdb"))
def test_under_gdb(fence: Fence, log: Path, tmp_path: Path) -> None:
    with session(Path(f"{log}.terminal"), tmp_path, "--fast") as debugger:
        wrong = hold(fence, Gdb(debugger))
    assert not wrong, wrong
