# SPDX-License-Identifier: MIT
"""Much and strange input: nothing is lost that fits, and nothing does harm."""
from __future__ import annotations

import random
import re
import string
from pathlib import Path
from typing import Iterator

import pytest
from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD
from odyssey.shell import Shell

SCREENFUL = 2000
PASTE = 10 * 1024


@pytest.fixture(scope="module")
def machine(logs: Path) -> Iterator[Machine]:
    boot = qemu.direct(BUILD / "odyssey.elf")
    with Machine(boot, logs / "e2e-typing", qemu.Hardware()) as machine:
        machine.start()
        machine.wait_serial(rb"odyssey> ")
        yield machine


def nothing_was_lost(machine: Machine) -> None:
    assert b"bytes lost" not in machine.serial


def test_screenful_over_the_keyboard_loses_nothing(machine: Machine) -> None:
    letters = random.Random(1).choices(string.ascii_letters + string.digits, k=SCREENFUL - 5)
    text = "".join(letters)
    shell = Shell(machine, by="keyboard")
    assert shell.run(f"echo {text}").splitlines()[-1] == text
    nothing_was_lost(machine)


def test_ten_kib_pasted_on_the_serial_line_run_line_by_line(machine: Machine) -> None:
    lines = [f"echo line {number} of many" for number in range(PASTE // 20)]
    start = len(machine.serial)
    machine.send_serial("".join(line + "\r" for line in lines).encode())
    last = lines[-1].removeprefix("echo ")
    machine.wait_serial(rb"\n" + last.encode() + rb"\r\n", start)
    said = machine.serial[start:].decode()
    assert re.findall(r"\nline (\d+) of many\r", said) == [str(n) for n in range(len(lines))]
    nothing_was_lost(machine)


def test_line_of_5000_characters_is_cut_with_bells(machine: Machine) -> None:
    shell = Shell(machine)
    start = len(machine.serial)
    shell.type_blind("echo " + 5000 * "y" + "\n")
    found = machine.wait_serial(rb"\r\n(y+)\r\nodyssey> ", start)
    assert len(found[1]) == 4095 - len("echo ")
    assert b"\a" in machine.serial[start : found.start()]


def test_any_bytes_do_no_harm(machine: Machine) -> None:
    # No lines that could be commands: only what a prompt has to survive.
    noise = random.Random(2).choices([b for b in range(256) if b not in b"\r\n"], k=4096)
    start = len(machine.serial)
    # At the end, end whatever sequence was begun, and give the line up.
    machine.send_serial(bytes(noise) + b"\x18\x03echo alive\r")
    machine.wait_serial(rb"\r\nalive\r\nodyssey> ", start)
