# SPDX-License-Identifier: MIT
"""A non-maskable interrupt: reported once, and of no consequence to a report."""
from __future__ import annotations

from odyssey.machine import Machine

HALTED = b"System halted.\r\n"


def test_nmi_is_reported_once(fresh_machine: Machine) -> None:
    fresh_machine.start()
    end = fresh_machine.wait_prompt()
    fresh_machine.wait_halted()
    fresh_machine.qmp.command("inject-nmi")
    fresh_machine.wait_serial(rb"KERNEL PANIC: non-maskable interrupt \(NMI\): from no source that the chipset names\r\n", end)
    # Into the report, and after it: neither cuts it short nor begins another.
    fresh_machine.qmp.command("inject-nmi")
    halted = fresh_machine.wait_serial(HALTED, end).end()
    fresh_machine.qmp.command("inject-nmi")
    # Once the CPU stands halted again, all that it had to say about them has been said.
    fresh_machine.wait_halted()
    said = fresh_machine.serial[end:]
    assert said.count(b"KERNEL PANIC: ") == 1
    assert said.count(HALTED) == 1
    assert len(fresh_machine.serial) == halted
