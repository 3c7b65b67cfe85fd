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
from typing import Optional

import pytest
from odyssey import qemu
from odyssey.handover import Framebuffer, Handover, command_line, memory_map, ranges_of
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
    words: str = ""  # on the command line
    times: int = 1  # so many calls fail
    then: tuple[str, ...] = ()  # typed at the prompt afterwards; what it shows
    framebuffer: Optional[Framebuffer] = None
    extra: tuple[str, ...] = ()  # of the machine, for QEMU


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
    "name-of-a-range": Failure(
        "frame_name_reserved",
        STATUS["ERR_FULL"],
        (r"DEBUG memory: low memory at 0x0, 0x100000 bytes: not named: no room left",),
        words="loglevel=3",
    ),
    "local-apic": Failure(
        "paging_map_device",
        STATUS["ERR_NO_MEMORY"],
        (r"WARN local_apic: left as the firmware set it: its registers cannot be mapped",),
        within=("irq_route_init",),
        then=("hwreport", "apic: at 0xfee00000, cannot be mapped"),
    ),
    "local-apic-off": Failure(
        "local_apic_mode", 0, (), within=("irq_route_init",), then=("hwreport", "apic: disabled")
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
        then=("hwreport", "rtc: time cannot be read"),
    ),
    "no-timer": Failure(
        "rtc_is_present",
        0,
        (
            r"WARN pit8254: channel 0 does not count",
            r"WARN tick: nothing ticks on this machine: all waits are polled",
        ),
        within=("tick_init",),
        extra=("-M", "pc,pit=off"),
    ),
    "fixed-hardware": Failure(
        "acpi_table_map",
        STATUS["ERR_CORRUPT"],
        (r"INFO acpi: \d tables by the RSDT, no FADT",),
        within=("acpi_tables_find",),
        passing=1,  # the HPET's
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
        then=("hwreport", r"8042: .*self-test none, port test 0x03"),
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
    "task-of-a-task": Failure(
        "task_spawn",
        STATUS["ERR_NO_MEMORY"],
        (),
        typed="spawn example",
        within=("demo_example",),
        passing=1,
        then=("tasks", r"\n +\d+  tasks [^\n]*\r\n +\d+  shell [^\n]*\r\nidle"),
    ),
    "report-given-up": Failure(
        "hwreport_print", STATUS["ERR_CANCELLED"], (), words="hwreport", then=("keymap", "us")
    ),
    "pixels-out-of-reach": Failure(
        "boot_window_map",
        0,
        (r"WARN screen: 640x400 pixels at 0x200000000: not shown, they cannot be mapped",),
        framebuffer=Framebuffer(640, 400, 32, 640 * 4, address=1 << 33),
    ),
    "glyphs": Failure(
        "glyphs_are_there",
        0,
        (r"WARN screen: 640x400 pixels: not shown, this kernel was built without GRUB's font",),
        framebuffer=Framebuffer(640, 400, 32, 640 * 4),
    ),
    "large-screen": Failure(
        "kmalloc",
        0,
        (r"WARN screen: 80x25 characters of 128x48: no memory for more",),
        within=("screen_grow",),
        times=6,
        framebuffer=Framebuffer(),
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
        boot.run_to("executor_run")
        boot.machine.send_serial(f"{failure.typed}\r".encode())
    for function in failure.within:
        boot.run_to(function)
    for _ in range(failure.passing):
        boot.run_through(failure.function)
    for _ in range(failure.times):
        boot.run_to(failure.function)
        if failure.leaves:
            gdb.write(gdb.register("rdi"), failure.leaves)
        gdb.return_at_once(failure.answer)
    gdb.detach()


@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_said_in_words(name: str, logs: Path) -> None:
    failure = FAILURES[name]
    if failure.extra and not qemu.has_property("-M", "pc", "pit"):
        pytest.skip("this QEMU makes no PC without its PIT")
    tags = [memory_map(ranges_of(128)), command_line(failure.words)]
    extra = ("-vga", "none") if failure.framebuffer else failure.extra
    log = logs / f"e2e-failure-{name}"
    with Handover(log, failure.framebuffer, extra=extra, tags=tags) as boot:
        let_it_fail(boot, failure)
        end = 0
        for line in (*failure.says, failure.ends):
            end = boot.machine.wait_serial(line.encode(), end).end()
        if failure.then:
            boot.machine.send_serial(f"{failure.then[0]}\r".encode())
            boot.machine.wait_serial(failure.then[1].encode(), end)
        assert (b"KERNEL PANIC" in boot.machine.serial) == (failure.ends == HALTED)


def test_clock_without_a_time_of_day_shows_that_since_the_start(logs: Path) -> None:
    with Handover(logs / "e2e-failure-clock") as boot:
        let_it_fail(boot, Failure("rtc_read_time", STATUS["ERR_TIMED_OUT"], ()))
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"spawn clock\r")
        boot.machine.wait_screen(lambda lines: "00:00:0" in lines[0], "seconds since the start")


# --- Interrupts that do not come ---------------------------------------------------

PIC_MASKS = {"timer": 0x21, "clock": 0xA1}  # ports of the two interrupt controllers' masks


def mask(boot: Handover, chip: str) -> None:
    """As if no line of this controller led anywhere."""
    line = f"o/1 {PIC_MASKS[chip]:#x} 0xff"
    boot.machine.qmp.command("human-monitor-command", **{"command-line": line})


@pytest.mark.parametrize("is_clock_silent", [False, True], ids=["timer", "timer-and-clock"])
def test_timer_whose_interrupt_does_not_come_is_given_up(
    is_clock_silent: bool, logs: Path
) -> None:
    with Handover(logs / f"e2e-failure-silent-{is_clock_silent}") as boot:
        boot.run_through("input_init")  # the last before interrupts are enabled
        mask(boot, "timer")
        if is_clock_silent:
            boot.run_through("rtc_start_periodic")
            mask(boot, "clock")
        boot.gdb.detach()
        lines = [r"WARN tick: the PIT counts, but its interrupt does not come"]
        lines += [r"INFO tick: RTC periodic interrupt at 1024 Hz"]
        if is_clock_silent:
            lines += [r"WARN tick: the RTC's interrupt does not come"]
            lines += [r"WARN tick: nothing ticks on this machine: all waits are polled"]
        end = 0
        for line in lines:
            end = boot.machine.wait_serial(line.encode(), end).end()
        boot.machine.send_serial(b"sleep 0.1\recho awake\r")
        boot.machine.wait_serial(rb"\nawake\r\n", end)
