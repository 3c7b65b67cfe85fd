# SPDX-License-Identifier: MIT
"""A report that is struck from outside: by a panic, a jump to nowhere, tables that lead nowhere."""
from __future__ import annotations

import re
import struct
from pathlib import Path

from odyssey.handover import Handover

NOWHERE = 0x80000  # nothing is mapped in the low half
READ_UNMAPPED = 0xFFFFEC0000000000  # what `crash read-unmapped` reads
NO_MEMORY = 0xFFFFF00000  # an address that this CPU can form, and no chip answers
HALTED = rb"System halted\."


def dying(boot: Handover) -> None:
    """Somebody makes the kernel panic; it is stopped before a part of its report."""
    boot.run_to("executor_run")
    boot.machine.send_serial(b"crash panic\r")
    boot.run_to("panic_part_print")


def test_panic_in_the_report_is_named(logs: Path) -> None:
    with Handover(logs / "e2e-failure-panic-in-panic") as boot:
        dying(boot)
        boot.gdb.set_register("rdi", boot.address("program_name"))
        boot.gdb.set_register("rip", boot.address("panic"))
        boot.gdb.detach()
        end = boot.machine.wait_serial(rb"\(a second fault cut this short: another panic\)").end()
        boot.machine.wait_serial(HALTED, end)
        assert boot.machine.serial.count(b"KERNEL PANIC") == 1


def test_jump_out_of_the_report_is_named(logs: Path) -> None:
    with Handover(logs / "e2e-failure-jump-in-panic") as boot:
        dying(boot)
        boot.gdb.set_register("rip", NOWHERE)
        boot.gdb.detach()
        cut = rb"\(a second fault cut this short: #PF at 0x0000000000080000\)"
        end = boot.machine.wait_serial(cut).end()
        boot.machine.wait_serial(HALTED, end)


def test_walk_ends_where_a_table_is_no_memory(logs: Path) -> None:
    with Handover(logs / "e2e-failure-walk") as boot:
        boot.run_to("executor_run")
        registers = {"command-line": "info registers"}
        said = boot.machine.qmp.command("human-monitor-command", **registers)
        top = int(re.search(r"CR3=(\w+)", said)[1], 16) & ~0xFFF
        index = READ_UNMAPPED >> 39 & 0x1FF
        boot.gdb.write_physical(top + 8 * index, struct.pack("<Q", NO_MEMORY | 3))
        boot.machine.send_serial(b"crash read-unmapped\r")
        boot.gdb.detach()
        walk = rf"walk: PML4\[{index}\] 0x{NO_MEMORY:x},\r\n"
        walk += rf".*cannot be read: the table's place, 0x{NO_MEMORY:x}, is no memory\r\n"
        boot.machine.wait_serial(walk.encode())
        boot.machine.wait_serial(HALTED)
