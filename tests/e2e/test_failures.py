# SPDX-License-Identifier: MIT
"""What goes wrong where no machine here lets it go wrong: it is said, and what can goes on.

The machine is stopped where a function begins, which then returns at once what
the test says, with what it would leave behind its first argument.
"""
from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from odyssey.handover import Handover
from odyssey.settings import ROOT

HEADER = (ROOT / "lib" / "status.h").read_text()
STATUS = {name: number for number, name in enumerate(re.findall(r"X\((\w+), \"", HEADER))}
NO_ANSWER = 0x100
HEAP_BAD_BLOCK = 1
PROMPT = r"odyssey> "
HALTED = r"System halted\."


@dataclass(frozen=True)
class Failure:
    """One call that fails, and all that is to be said of it, in order, a line each."""

    function: str
    answer: int
    says: tuple[str, ...]
    typed: str = ""  # at the prompt, before
    within: tuple[str, ...] = ()  # functions that are come to first, one after the other
    passing: int = 0  # so many calls are let through
    leaves: bytes = b""  # behind the first argument
    ends: str = PROMPT


def out_of_memory(function: str, sentence: str) -> Failure:
    """A boot that cannot go on."""
    panic = f"KERNEL PANIC: {sentence}"
    return Failure(function, STATUS["ERR_NO_MEMORY"], (panic,), ends=HALTED)


def no_memory_for_task(typed: str, *within: str, says: str, passing: int = 0) -> Failure:
    return Failure("task_spawn", STATUS["ERR_NO_MEMORY"], (says,), typed, within, passing)


def audit(violations: int, first: int) -> bytes:
    """struct page_audit, up to the first run's address."""
    return struct.pack("<B7xQQQ", 1, 1000, violations, first)


FAILURES = {
    "frames": out_of_memory(
        "frame_init", r"memory: frames: not enough memory: the loader's map has \d+ KiB free"
    ),
    "page-tables": out_of_memory("paging_init", "memory: page tables: not enough memory"),
    "heap": out_of_memory("kernel_heap_init", "memory: heap: not enough memory"),
    "first-task": out_of_memory("task_spawn", "kmain: first task: not enough memory"),
    "local-apic": Failure(
        "paging_map_device",
        STATUS["ERR_NO_MEMORY"],
        (r"WARN local_apic: left as the firmware set it: its registers cannot be mapped",),
        within=("irq_route_init",),
    ),
    "hpet": Failure(
        "paging_map_device",
        STATUS["ERR_NO_MEMORY"],
        (r"WARN hpet: got 0xfed00000 for its address, want registers there",),
        within=("irq_route_init", "acpi_hpet_address"),
    ),
    "time-of-day": Failure(
        "rtc_read_time",
        STATUS["ERR_TIMED_OUT"],
        (r"WARN rtc: time of day unknown: no answer in time",),
    ),
    "keyboard-controller": Failure(
        "keyboard_init",
        STATUS["ERR_TIMED_OUT"],
        (
            r"WARN keyboard: no keyboard found: the 8042 controller does not answer",
            r"INFO keyboard: one on USB works only where the firmware shows it as PS/2",
        ),
    ),
    "keyboard": Failure(
        "keyboard_init",
        STATUS["ERR_NOT_FOUND"],
        (
            r"WARN i8042: self-test: got no answer, want 0x55",
            r"WARN i8042: port test: got 0x3, want 0x0",
            r"WARN keyboard: no keyboard found: none answers the 8042 controller",
        ),
        leaves=struct.pack("<HH", NO_ANSWER, 3),
    ),
    "rights-at-boot": Failure(
        "paging_audit",
        0,
        (
            r"ERROR paging: 3 mappings can be written and executed, the first at"
            r" 0xffffffff80123000",
        ),
        within=("memory_report",),
        leaves=audit(3, 0xFFFFFFFF80123000),
    ),
    "rights": Failure(
        "paging_audit",
        0,
        (r"audit: 2 ranges can be written and executed, the first at 0xffff800000001000",),
        typed="map",
        within=("job_start",),
        leaves=audit(2, 0xFFFF800000001000),
    ),
    "damaged-heap": Failure(
        "kmalloc_check",
        HEAP_BAD_BLOCK,
        (r"check: a block's tag is damaged: 0x2a, allocated by 0x17",),
        typed="heap",
        within=("job_start",),
        leaves=struct.pack("<I4x3QB7x3Q", HEAP_BAD_BLOCK, 42, 0, 0, 0, 23, 0, 0),
    ),
    "job": no_memory_for_task("sleep 1", "job_start", says="shell: not enough memory"),
    "consumer": no_memory_for_task(
        "spawn channel", "demo_channel", says="spawn: not enough memory"
    ),
    "producer": Failure(
        "task_spawn",
        STATUS["ERR_NO_MEMORY"],
        ("spawn: not enough memory", "consumer: the channel is closed"),
        typed="spawn channel",
        within=("demo_channel",),
        passing=1,
        ends="",
    ),
    "two-tasks": Failure(
        "task_spawn",
        STATUS["ERR_NO_MEMORY"],
        ("KERNEL PANIC: crash: deadlock: no memory for two tasks",),
        typed="crash deadlock",
        within=("shell_take_input",),
        passing=1,
        ends=HALTED,
    ),
}


def let_it_fail(boot: Handover, failure: Failure) -> None:
    gdb = boot.gdb
    if failure.typed:
        gdb.run_to(boot.address("executor_run"))
        boot.machine.send_serial(f"{failure.typed}\r".encode())
    for function in failure.within:
        gdb.run_to(boot.address(function))
    for _ in range(failure.passing):
        gdb.run_to(boot.address(failure.function))
        gdb.run_to(gdb.return_address())
    gdb.run_to(boot.address(failure.function))
    if failure.leaves:
        gdb.write(gdb.register("rdi"), failure.leaves)
    gdb.return_at_once(failure.answer)
    gdb.detach()


@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_said_in_words(name: str, logs: Path) -> None:
    failure = FAILURES[name]
    with Handover(logs / f"e2e-failure-{name}") as boot:
        let_it_fail(boot, failure)
        end = 0
        for line in (*failure.says, failure.ends):
            end = boot.machine.wait_serial(line.encode(), end).end()
        assert (b"KERNEL PANIC" in boot.machine.serial) == (failure.ends == HALTED)
