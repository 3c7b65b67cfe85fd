# SPDX-License-Identifier: MIT
"""A machine check, as the hardware would signal it: QEMU's monitor injects the error."""
from __future__ import annotations

from pathlib import Path

import pytest
from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD

# IA32_MCi_STATUS: valid, uncorrected, enabled, context corrupt; an error in the cache hierarchy.
STATUS = 1 << 63 | 1 << 61 | 1 << 60 | 1 << 57 | 0x0135
HAS_ADDRESS, ADDRESS = 1 << 58, 0x7654000
# IA32_MCG_STATUS: a machine check is in progress, the program cannot be gone on with.
GLOBAL_STATUS = 1 << 2
FIRST_CPU, SECOND_BANK = 0, 1


@pytest.mark.parametrize(
    ("bits", "place"), [(0, ""), (HAS_ADDRESS, f", at {ADDRESS:#x}")], ids=["bare", "address"]
)
def test_uncorrected_error_is_reported_once(bits: int, place: str, logs: Path) -> None:
    medium = qemu.direct(BUILD / "odyssey.elf")
    with Machine(medium, logs / f"e2e-machine_check-{bits}", qemu.Hardware()) as machine:
        machine.start()
        end = machine.wait_prompt()
        machine.wait_halted()
        error = f"mce {FIRST_CPU} {SECOND_BANK} {STATUS | bits:#x} {GLOBAL_STATUS:#x} {ADDRESS:#x} 0"
        answer = machine.qmp.command("human-monitor-command", **{"command-line": error})
        assert answer == ""
        machine.wait_serial(rb"KERNEL PANIC: .*machine check.*" + place.encode() + rb"\r\n", end)
        machine.wait_serial(rb"exception 18, #MC machine check", end)
        machine.wait_serial(rb"System halted\.\r\n", end)
        assert machine.serial.count(b"KERNEL PANIC: ") == 1
