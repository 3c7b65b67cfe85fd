# SPDX-License-Identifier: MIT
"""Tasks of the normal kernel, seen from outside."""
from __future__ import annotations

from pathlib import Path

from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD


LINES_AT_A_TIME = 8


def test_example_and_keyboard_task_run_side_by_side(logs: Path) -> None:
    boot = qemu.direct(BUILD / "odyssey.elf", "demo")
    with Machine(boot, logs / "e2e-demo", qemu.Hardware()) as machine:
        machine.start()
        end = machine.wait_main_loop()
        machine.wait_serial(rb"async number: 42\r\n", end)
        machine.type_text("typed")


def test_ten_thousand_bytes_on_the_serial_line_are_all_echoed(logs: Path) -> None:
    line = b"0123456789" * 5
    lines = 200
    with Machine(qemu.direct(BUILD / "odyssey.elf"), logs / "e2e-speed", qemu.Hardware()) as machine:
        machine.start()
        end = machine.wait_main_loop()
        # QEMU hands bytes over as fast as they are taken, so some lines at a time and no more.
        for sent in range(0, lines, LINES_AT_A_TIME):
            machine.send_serial((line + b"\r") * LINES_AT_A_TIME)
            machine.wait_until(
                lambda: machine.serial.count(line + b"\r\n", end) == sent + LINES_AT_A_TIME,
                "every line's echo",
            )
        assert b"bytes lost" not in machine.serial[end:]
