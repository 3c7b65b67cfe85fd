# SPDX-License-Identifier: MIT
"""Machines for the end-to-end tests: the shipped ISO, booted through its boot loader."""
from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator

import pytest
from odyssey import qemu
from odyssey.image import with_command_line
from odyssey.machine import Machine
from odyssey.settings import BUILD, environment


@pytest.fixture(scope="session")
def iso() -> Path:
    shipped = BUILD / "odyssey.iso"
    words = environment("CMDLINE")
    return with_command_line(shipped, words) if words else shipped


@pytest.fixture(scope="module")
def machine(iso: Path, logs: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine at its prompt, shared by the tests of a module: each begins a new line."""
    name = request.module.__name__.rpartition(".")[2]
    with Machine(qemu.cdrom(iso), logs / f"e2e-{name}") as machine:
        machine.start()
        machine.wait_prompt()
        yield machine


@pytest.fixture(scope="session")
def medium(iso: Path) -> Callable[[str], list[str]]:
    """What the machine of FIRMWARE= boots the kernel from, with words on its command line.

    The image; under BIOS the ELF file, which gets there in a fifth of the time.
    """

    def choose(words: str = "") -> list[str]:
        if qemu.Hardware.from_environment().firmware == "bios":
            return qemu.direct(BUILD / "odyssey.elf", words)
        return qemu.cdrom(with_command_line(iso, words) if words else iso)

    return choose


@pytest.fixture
def fresh_machine(iso: Path, logs: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine of the test's own, not started yet."""
    with Machine(qemu.cdrom(iso), logs / f"e2e-{request.node.name}") as machine:
        yield machine


@pytest.fixture
def on_screen() -> Callable[[Machine, str], None]:
    """Wait until a text is on the screen, alone on its line."""

    def wait(machine: Machine, text: str) -> None:
        machine.wait_screen(lambda lines: text in lines, f"a line {text!r} on the screen")

    return wait
