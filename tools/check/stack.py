# SPDX-License-Identifier: MIT
"""The deepest chains of calls against the stacks of linker.ld.

A call through a pointer is followed to the functions that POINTERS names for
the file the call stands in. The table cannot rot: a call without an entry is a
problem, and so is a function whose address is taken and that no entry names.
Depths hold for the normal kernel; in the test kernel guard pages have to do.
"""
from __future__ import annotations

import os
import re
import struct
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import Iterable, NamedTuple, Optional

from check.disassembly import Disassembly, Function
from check.elf import STT_FUNC
from check.frames import WORD, Frames

# The shell's commands, and what lists the values of their arguments.
COMMANDS = tuple(
    f"command_{name}"
    for name in (
        "bench clear color cpu crash date dmesg echo heap help hwreport irq jobs keymap kill log "
        "map mem peek poweroff pt reboot sleep spawn tasks uptime version"
    ).split()
)
VALUES = (
    "bench_name", "color_name", "command_name", "demo_name", "keymap_name", "kind_name",
    "level_value", "part_name",
)  # fmt: skip

# Source file -> what its calls through pointers reach.
POINTERS = {
    "boot/multiboot2.c": ("boot_builder_add_map_entry", "boot_builder_subtract_map_entry"),
    "boot/pvh.c": ("boot_builder_add_map_entry", "boot_builder_subtract_map_entry"),
    "drivers/acpi_table.c": ("map", "unmap"),
    "drivers/i8042.c": ("receive",),
    "drivers/keyboard.c": ("keyboard_listen",),
    "drivers/uart16550.c": ("serial_listen",),
    "kernel/command_line.c": (
        "store_console", "store_keymap", "store_panic", "store_loglevel", "store_clock",
        "store_hwreport",
    ),  # fmt: skip
    "kernel/commands/bench.c": (
        "call_nothing", "copy_page", "clear_page", "format_line", "allocate_and_free",
        "frame_and_back", "ask_time", "task_yield",
    ),  # fmt: skip
    "kernel/commands/crash.c": (
        "read_null", "call_null", "read_unmapped", "write_rodata", "execute_data",
        "print_bad_string", "divide_by_zero", "invalid_opcode", "general_protection", "breakpoint",
        "overflow_stack", "smash_stack", "double_fault", "fail_assertion", "plain_panic",
        "free_twice", "free_middle", "overrun_block", "use_after_free", "deadlock", "lock_up",
        "recurse",
    ),  # fmt: skip
    "kernel/commands/help.c": VALUES,
    "kernel/commands/spawn.c": (
        "demo_example", "demo_channel", "demo_sleepers", "demo_clock", "demo_echo",
    ),  # fmt: skip
    "kernel/console.c": ("screen_write", "screen_recover", "serial_write", "line_give_way"),
    "kernel/counter_clock.c": (
        "nothing_read", "pit_polled_read", "tick_and_pit_read", "tick_count", "tsc_read",
    ),  # fmt: skip
    "kernel/context_switch.asm": ("task_start",),  # where a new stack's first switch goes
    "kernel/demos/clock.c": ("screen_write", "serial_write"),
    "kernel/executor.c": ("halt", "task_report_deadlock"),
    "kernel/executor.h": ("stuck_report",),
    "kernel/irq.c": ("tick_advance", "rtc_tick", "i8042_interrupt", "serial_interrupt"),
    "kernel/line_completion.c": ("complete_candidate",),
    "kernel/line_view.c": ("console_write",),
    "kernel/panic.c": (),  # the test kernel's end
    "kernel/panic_report.c": (
        "exception_print", "context_print", "version_part_print", "registers_print", "code_print",
        "owner_print", "walk_print", "backtrace_part_print",
    ),  # fmt: skip
    "kernel/shell/command.c": COMMANDS,
    "kernel/shell/complete.c": VALUES,
    "kernel/task.c": (
        "program_main", "job_main", "left_task", "right_task", "example", "find_number", "produce",
        "consume", "sleeper", "clock",
    ),  # fmt: skip
    "kernel/trap.c": (),  # the test kernel's handlers
    "lib/format.c": ("sink", "copy_to_buffer"),
    "lib/terminal.c": ("glyph", "glyph_number"),
    "lib/terminal_page.c": ("put", "show"),
    "mm/checked/heap_checked.c": ("kernel_heap_report",),
    "mm/checked/kmalloc.c": ("is_in_interrupt",),
    "mm/heap.c": ("window_grow",),
    "mm/heap_fault.c": ("caller_write", "write_address"),
    "mm/heap_space.c": ("window_grow", "window_shrink"),
    "mm/page_path.c": ("invalidate", "table_alloc", "table_free"),
    "mm/page_split.c": ("invalidate", "table_alloc", "table_free"),
    "mm/page_table.c": ("invalidate",),
    "mm/paging.c": ("table_alloc", "table_free"),
    "mm/page_walk.c": ("gather_executable", "compare", "join_run", "note_first"),
}

# panic() may come from anywhere and never returns: a call of it is no step in a
# chain. Its own chain is added to every stack instead.
UPCALL = "panic"
TRAP_STUB, IRQ_STUB = "trap_stub_0", "trap_stub_32"
ROOTS = ("kmain", "irq_dispatch", TRAP_STUB, UPCALL)
# The CPU aligns RSP to 16 and pushes five words; a stub's walk has one for them all.
PUSHED_BY_CPU = (16 - WORD) + 5 * WORD - WORD
# Stack in linker.ld -> the function that begins on it; None where only traps run.
STACKS = {
    "boot": "kmain",
    "interrupt": "irq_dispatch",
    "double_fault": None,
    "nmi": None,
    "machine_check": None,
    "panic": "panic_run",
}

# Each task begins here, and must do with TASK_STACK_DEFAULT of kernel/task.h.
TASK_START, TASK_STACK = "task_start", 16 << 10

STACK_TOP = re.compile(r"__(\w+)_stack_top")
IMMEDIATE = re.compile(r"\$(0x[0-9a-f]+)")


class Step(NamedTuple):
    function: Function
    size: int  # bytes on the stack before the next step's frame


@dataclass(frozen=True)
class Chain:
    steps: tuple[Step, ...] = ()

    @property
    def size(self) -> int:
        return sum(step.size for step in self.steps)

    def __str__(self) -> str:
        return " > ".join(f"{step.function} {step.size}" for step in self.steps)


@dataclass(frozen=True)
class Row:
    """What can be on one stack at most, in bytes."""

    stack: str
    size: int
    own: int  # the chain that begins on it
    trap: int  # an exception at the deepest point of that, with its report
    panic: int  # a panic at the deepest point of the report

    @property
    def used(self) -> int:
        return self.own + self.trap + self.panic


class Stacks:
    """Chains of calls in one kernel."""

    def __init__(self, disassembly: Disassembly, frames: Frames, addr2line: str) -> None:
        self._disassembly = disassembly
        self._frames = frames
        self._addr2line = addr2line
        self._chains: dict[int, Chain] = {}
        self._path: list[Function] = []
        self.recursions: set[str] = set()
        self.problems: list[str] = []

    def chains(self) -> list[Chain]:
        """The deepest chain from each place where one begins."""
        return [self.deepest(root) for root in ROOTS]

    def rows(self) -> list[Row]:
        panic = self.deepest(UPCALL).size
        # A hardware interrupt leaves no more than its frame on the stack it came to.
        trap = max(self.deepest(TRAP_STUB).size, self.deepest(IRQ_STUB).size) + PUSHED_BY_CPU
        rows = []
        for name, root in STACKS.items():
            own = self.deepest(root).size if root else 0
            rows.append(Row(name.replace("_", " "), self._size_of(name), own, trap, panic))
        if self._disassembly.named(TASK_START):
            rows.append(Row("task", TASK_STACK, self.deepest(TASK_START).size, trap, panic))
        return rows

    def deepest(self, name: str) -> Chain:
        """The deepest chain of calls from a function."""
        functions = self._disassembly.named(name)
        if not functions:
            self.problems.append(f"no function {name} to follow calls from")
            return Chain()
        return max(map(self._follow, functions), key=lambda chain: chain.size)

    def unnamed_targets(self) -> list[str]:
        """Functions that something calls by a pointer, and POINTERS does not know of."""
        known = {name for targets in POINTERS.values() for name in targets}
        return [
            f"{function}: its address is taken, and no entry of POINTERS names it"
            for function in self._address_taken
            if function.source_name not in known
        ]

    def unnamed_stacks(self) -> list[str]:
        """Stacks of linker.ld that STACKS does not know of."""
        found = (STACK_TOP.fullmatch(symbol.name) for symbol in self._disassembly.elf.symbols)
        names = sorted({match[1] for match in found if match} - set(STACKS))
        return [f"{name} stack: no entry of STACKS says what begins on it" for name in names]

    def _size_of(self, stack: str) -> int:
        elf = self._disassembly.elf
        return elf.address_of(f"__{stack}_stack_top") - elf.address_of(f"__{stack}_stack_bottom")

    def _follow(self, function: Function) -> Chain:
        if function.address in self._chains:
            return self._chains[function.address]
        if function in self._path:
            turn = self._path[self._path.index(function) :]
            self.recursions.add(" > ".join(map(str, (*turn, function))))
            return Chain()  # one turn is counted
        frame = self._frames.by_address[function.address]
        self._path.append(function)
        best = Chain((Step(function, frame.peak),))
        for call in frame.calls:
            if call.changes_stack:
                continue
            for callee in self._callees(call.site, call.target):
                below = self._follow(callee)
                if call.depth + below.size > best.size:
                    best = Chain((Step(function, call.depth), *below.steps))
        self._path.pop()
        self._chains[function.address] = best
        return best

    def _callees(self, site: int, target: Optional[int]) -> Iterable[Function]:
        if target is None:
            return self._behind_pointer(site)
        function = self._disassembly.function_at(target)
        if function is None or function.bits != 64:
            self.problems.append(f"0x{site:x}: a call of what is no function")
            return ()
        return () if function.name == UPCALL else (function,)

    def _behind_pointer(self, site: int) -> list[Function]:
        file = self._files[site]
        if file not in POINTERS:
            problem = f"{file}: a call through a pointer, and no entry of POINTERS says where to"
            if problem not in self.problems:
                self.problems.append(problem)
            return []
        found = []
        for name in POINTERS[file]:
            functions = [f for f in self._address_taken if f.source_name == name]
            if not functions:
                self.problems.append(f"POINTERS[{file}]: {name}: nothing takes its address")
            found += functions
        return found

    @cached_property
    def _files(self) -> dict[int, str]:
        """The source file of each call through a pointer."""
        frames = self._frames.by_address.values()
        sites = [call.site for frame in frames for call in frame.calls if call.target is None]
        command = [self._addr2line, "-e", str(self._disassembly.elf.path), *map(hex, sites)]
        listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return {site: _file(line) for site, line in zip(sites, listing.splitlines())}

    @cached_property
    def _address_taken(self) -> list[Function]:
        """C functions whose address stands in data or in an instruction."""
        elf = self._disassembly.elf
        entries = {
            symbol.address
            for symbol in elf.symbols
            if symbol.kind == STT_FUNC and ".cold" not in symbol.name
        }
        taken = set()
        for name in (".rodata", ".data"):
            section = elf.section(name)
            content = elf.bytes_of(section) if section else b""
            words = struct.iter_unpack("<Q", content[: len(content) // WORD * WORD])
            taken |= entries.intersection(word for (word,) in words)
        for instruction in self._disassembly.by_address.values():
            for match in IMMEDIATE.finditer(instruction.operands):
                if int(match[1], 16) in entries:
                    taken.add(int(match[1], 16))
        return [f for f in self._disassembly.functions if f.address in taken]


def _file(line: str) -> str:
    return os.path.normpath(line.rpartition(":")[0])
