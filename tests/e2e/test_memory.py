# SPDX-License-Identifier: MIT
"""The `memory:` line on machines from 16 MiB to 64 GiB, page by page what their memory map says."""
from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from odyssey import qemu
from odyssey.machine import Machine

KIB, MIB, GIB = 1, 1024, 1024 * 1024

# Whole pages below SeaBIOS's EBDA, which begins at 639 KiB.
CONVENTIONAL = 636 * KIB

# From how much RAM on each board ends low memory, where then, and what SeaBIOS keeps at that end.
BOARDS = {
    "pc": (3584 * MIB, 3 * GIB, 128 * KIB),
    "q35": (2816 * MIB, 2 * GIB, 132 * KIB),
}

MACHINES = {
    "16M": ("pc", 16 * MIB, "16M", ""),
    "64M": ("pc", 64 * MIB, "64M", ""),
    "1G": ("pc", 1 * GIB, "1G", ""),
    "3584M": ("pc", 3584 * MIB, "3584M", ""),
    "5G": ("q35", 5 * GIB, "5G", "-M q35"),
    "64G": (
        "q35",
        64 * GIB,
        "64G",
        "-object memory-backend-ram,id=ram,size=64G,reserve=off -M q35,memory-backend=ram",
    ),
}

pytestmark = pytest.mark.skipif(
    qemu.Hardware.from_environment().firmware == "uefi", reason="SeaBIOS machines"
)


def usable_kib(board: str, installed: int) -> int:
    threshold, low_end, kept = BOARDS[board]
    low = low_end if installed >= threshold else installed
    return CONVENTIONAL + (low - 1 * MIB - kept) + (installed - low)


@pytest.mark.parametrize("name", MACHINES)
def test_the_line_is_exact(iso: Path, logs: Path, name: str) -> None:
    board, installed, size, extra = MACHINES[name]
    if "reserve=off" in extra and not qemu.has_property("-object", "memory-backend-ram", "reserve"):
        pytest.skip(f"this QEMU would take {size} of the host's memory")
    hardware = qemu.Hardware(memory=size, extra=tuple(shlex.split(extra)))
    with Machine(qemu.cdrom(iso), logs / f"e2e-memory-{name}", hardware) as machine:
        machine.start()
        found = machine.wait_serial(
            rb"memory: (\d+) KiB usable, (\d+) KiB reserved, (\d+) KiB free\r\n"
        )
        machine.wait_main_loop()
    usable, reserved, free = map(int, found.groups())
    assert usable == usable_kib(board, installed)
    assert usable == reserved + free
    # Low memory aside, the kernel takes little: its image, tables, and a bit a frame.
    kernel = reserved - CONVENTIONAL
    assert 0 < kernel < 4 * MIB + usable // 30000
