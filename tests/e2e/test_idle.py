# SPDX-License-Identifier: MIT
"""The halt of an idle kernel, with an interrupt at every instruction around it."""
from __future__ import annotations

from pathlib import Path

from odyssey import judge, qemu
from odyssey.boot import Bounds, boot
from odyssey.settings import BUILD

# One instruction is one nanosecond; virtual time goes on by itself only where the CPU halts.
EXACT = ("-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm")


def sweep(scenario: str, log: Path, bounds: Bounds) -> judge.Observation:
    machine = qemu.headless(qemu.Hardware())
    machine += qemu.direct(BUILD / "odyssey-test.elf", f"scenario={scenario}")
    return boot([*machine, *qemu.DEBUG_EXIT, *EXACT], log, bounds)


def test_no_wake_up_is_lost_at_any_of_4000_offsets(logs: Path) -> None:
    seen = sweep("idle_sweep", logs / "e2e-idle-sweep", Bounds())
    assert seen.status == judge.STATUS_SUCCESS
    assert b"idle sweep: 4000 offsets of one instruction, no wake-up lost" in seen.serial


def test_gap_between_sti_and_hlt_is_noticed(logs: Path) -> None:
    """The control: a kernel that does lose wake-ups halts for good."""
    seen = sweep("idle_sweep_with_gap", logs / "e2e-idle-gap", Bounds(first=60, idle=15, total=60))
    assert b"idle sweep: with a gap" in seen.serial
    assert b"no wake-up lost" not in seen.serial
    assert seen.status is None
