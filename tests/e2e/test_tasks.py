# SPDX-License-Identifier: MIT
"""Tasks of the normal kernel, seen from outside."""
from __future__ import annotations

from pathlib import Path

from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD
from odyssey.shell import Shell


def test_example_and_shell_run_side_by_side(logs: Path) -> None:
    with Machine(qemu.direct(BUILD / "odyssey.elf"), logs / "e2e-example", qemu.Hardware()) as machine:
        machine.start()
        shell = Shell(machine)
        shell.run("spawn example")
        machine.wait_serial(rb"async number: 42\r\n")
        assert shell.run("echo typed") == "typed\n"


def test_ten_thousand_bytes_at_once_on_the_serial_line_all_arrive(logs: Path) -> None:
    text = "0123456789" * 5
    lines = 200
    with Machine(qemu.direct(BUILD / "odyssey.elf"), logs / "e2e-speed", qemu.Hardware()) as machine:
        machine.start()
        end = machine.wait_prompt()
        for _ in range(lines):
            machine.send_serial(f"echo {text}\r".encode())
        machine.wait_until(
            lambda: machine.serial.count(f"\n{text}\r\n".encode(), end) == lines, "every line"
        )
        assert b"bytes lost" not in machine.serial[end:]
