# SPDX-License-Identifier: MIT
"""The card of `make grade`: what a tree is asked, and what each answer is worth.

A check is passed or not; its points are all or nothing. One whose `needs` were
not passed is not run: what it is about cannot be seen without them. So what a
missing piece costs is what it does itself, and the checks declared here to
need that. A suite boots no further than its stage: "console" has the CPU's
tables and the consoles, "memory" also frames, paging and heap, "tasks" all.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class Built:
    """These files of build/ can be made; * stands for every source of the reference."""

    targets: tuple[str, ...]


@dataclass(frozen=True)
class Gates:
    """Gates of `make check` on the linked kernel, by their functions' names."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Host:
    """Suites of the pure modules, on this machine under sanitizers."""

    suites: tuple[str, ...]


@dataclass(frozen=True)
class Suites:
    """Suites in the test kernel, each in a boot of its own.

    The stage "grub" is "console", reached through the image's boot loader.
    """

    stage: str
    suites: tuple[str, ...]


@dataclass(frozen=True)
class Scenarios:
    """Scenarios of the test kernel."""

    stage: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """Somebody at the normal kernel's prompt: a function of sessions.py."""

    name: str


@dataclass(frozen=True)
class Framework:
    """The tree's own test framework on suites with something wrong: a function of framework.py."""

    name: str


Probe = Union[Built, Gates, Host, Suites, Scenarios, Session, Framework]


@dataclass(frozen=True)
class Check:
    item: str
    name: str
    points: int
    probe: Probe
    needs: tuple[str, ...] = ()


FREESTANDING = "freestanding set-up"
VGA = "VGA buffer"
SERIAL = "serial"
CPU = "CPU interrupts"
HARDWARE = "hardware interrupts"
MEMORY = "memory and heap"
FRAMEWORK = "testing framework"

CONSOLE = ("tests linked", "console reached")
MEMORY_UP = (*CONSOLE, "memory reached")
TASKS_UP = (*MEMORY_UP, "main loop reached")
PROMPT_UP = ("linked", "main loop reached")

CARD = (
    Check(FREESTANDING, "assembled", 1, Built(("boot/*.asm.o", "kernel/*.asm.o"))),
    Check(FREESTANDING, "linked", 3, Built(("odyssey.elf",)), ("assembled",)),
    Check(FREESTANDING, "tests linked", 1, Built(("odyssey-test.elf",)), ("linked",)),
    Check(
        FREESTANDING,
        "loader's header",
        2,
        Gates(("multiboot2_header", "grub_accepts")),
        ("linked",),
    ),
    Check(
        FREESTANDING,
        "segments",
        1,
        Gates(("segments", "nothing_writable_and_executable", "no_orphan_section")),
        ("linked",),
    ),
    Check(
        FREESTANDING,
        "no red zone, no vectors",
        2,
        Gates(("no_vector_instruction", "no_access_below_stack", "no_library_recursion")),
        ("linked",),
    ),
    Check(
        FREESTANDING,
        "console reached",
        2,
        Suites("console", ("stack_protector",)),
        ("tests linked",),
    ),
    Check(
        FREESTANDING,
        "started by GRUB",
        2,
        Suites("grub", ("stack_protector",)),
        (*CONSOLE, "loader's header"),
    ),
    Check(
        FREESTANDING,
        "main loop reached",
        1,
        Scenarios("tasks", ("basic_boot",)),
        (*MEMORY_UP, "gates"),
    ),
    #
    Check(VGA, "cells and registers", 5, Suites("console", ("vga_text",)), (*CONSOLE, "terminal")),
    Check(VGA, "code page", 2, Suites("console", ("vga_cp437",)), CONSOLE),
    Check(
        VGA,
        "terminal",
        4,
        Suites("console", ("terminal", "terminal_sequence", "terminal_model")),
        CONSOLE,
    ),
    Check(VGA, "printing", 2, Suites("console", ("printing",)), (*CONSOLE, "cells and registers")),
    Check(VGA, "prompt on the screen", 2, Session("screen"), (*PROMPT_UP, "printing")),
    #
    Check(SERIAL, "UART", 5, Suites("console", ("uart16550",)), CONSOLE),
    Check(SERIAL, "formatting", 2, Suites("console", ("format", "digits")), CONSOLE),
    Check(
        SERIAL,
        "prompt on the line",
        3,
        Session("serial"),
        (*PROMPT_UP, "UART", "task wake-ups"),
    ),
    #
    Check(CPU, "descriptors", 3, Suites("console", ("descriptors",)), (*CONSOLE, "gates")),
    Check(CPU, "gates", 4, Scenarios("console", ("breakpoint", "invalid_opcode")), CONSOLE),
    Check(CPU, "trap frames", 4, Suites("console", ("trap",)), (*CONSOLE, "gates", "double fault")),
    Check(
        CPU,
        "exceptions",
        4,
        Scenarios(
            "console", ("divide_error", "general_protection", "page_fault_read", "vector_10")
        ),
        (*CONSOLE, "gates"),
    ),
    Check(
        CPU,
        "double fault",
        3,
        Scenarios("console", ("vector_8", "boot_stack_overflow")),
        (*CONSOLE, "gates"),
    ),
    Check(
        CPU,
        "words",
        2,
        Suites("console", ("trap_words", "fault_sentence", "backtrace")),
        (*CONSOLE, "gates"),
    ),
    #
    Check(
        HARDWARE,
        "interrupt controllers",
        3,
        Suites("tasks", ("pic8259", "irq_route")),
        TASKS_UP,
    ),
    Check(
        HARDWARE,
        "interrupt frames",
        1,
        Suites("tasks", ("trap",)),
        (*TASKS_UP, "trap frames", "interrupt controllers", "page tables"),
    ),
    Check(
        HARDWARE,
        "timers",
        3,
        Suites("tasks", ("tick", "pit8254", "rtc", "clock")),
        (*TASKS_UP, "interrupt controllers"),
    ),
    Check(
        HARDWARE,
        "key codes",
        2,
        Suites("console", ("scancode", "keymap", "keystroke")),
        CONSOLE,
    ),
    Check(
        HARDWARE,
        "task wake-ups",
        3,
        Suites("tasks", ("executor", "event", "channel", "cancel", "tasks")),
        (*TASKS_UP, "timers", "heap", "page tables"),
    ),
    Check(
        HARDWARE,
        "keyboard",
        3,
        Session("keyboard"),
        (*PROMPT_UP, "key codes", "interrupt controllers", "task wake-ups", "printing"),
    ),
    #
    Check(MEMORY, "memory map", 2, Suites("console", ("memory_map", "frame_setup")), CONSOLE),
    Check(MEMORY, "frames", 3, Host(("frame", "frame_run", "frame_bitmap"))),
    Check(MEMORY, "page tables", 3, Host(("page_table", "page_trace", "page_audit"))),
    Check(MEMORY, "heap", 3, Host(("heap", "heap_checked"))),
    Check(
        MEMORY,
        "memory reached",
        1,
        Suites("memory", ("failure_sweep",)),
        CONSOLE,
    ),
    Check(MEMORY, "the machine's frames", 1, Suites("memory", ("frame_machine",)), MEMORY_UP),
    Check(
        MEMORY,
        "address space",
        1,
        Suites("memory", ("memory",)),
        (*MEMORY_UP, "gates", "page tables"),
    ),
    Check(
        MEMORY,
        "kernel heap",
        1,
        Suites("memory", ("kernel_heap", "kmalloc")),
        (*MEMORY_UP, "heap", "page tables"),
    ),
    #
    Check(FRAMEWORK, "passes what passes", 2, Framework("passes"), ("console reached",)),
    Check(FRAMEWORK, "fails what fails", 3, Framework("fails"), ("passes what passes",)),
    Check(FRAMEWORK, "says what it got", 1, Framework("explains"), ("fails what fails",)),
    Check(FRAMEWORK, "skips and selects", 1, Framework("selects"), ("passes what passes",)),
    Check(
        FRAMEWORK,
        "finds what is left behind",
        1,
        Framework("leaks"),
        ("passes what passes", "main loop reached"),
    ),
    Check(FRAMEWORK, "survives a panic", 1, Framework("panics"), ("passes what passes",)),
    Check(FRAMEWORK, "names who hangs", 1, Framework("hangs"), ("passes what passes",)),
)

ITEMS = {
    FREESTANDING: 15,
    VGA: 15,
    SERIAL: 10,
    CPU: 20,
    HARDWARE: 15,
    MEMORY: 15,
    FRAMEWORK: 10,
}

# Tests that have nothing to test on the machine that grades; at the stage "console"
# those that need an interrupt controller, which the suite runs at the stage "tasks".
MAY_SKIP = {
    "grub": frozenset(),
    "console": frozenset(
        f"trap.{name}"
        for name in (
            "direction_flag_is_clear_in_an_interrupt_and_restored_after",
            "every_register_survives_an_interrupt",
            "interrupts_run_on_the_interrupt_stack",
            "stack_is_aligned_in_an_interrupt_whatever_it_was_before",
        )
    ),
    "memory": frozenset({"memory.framebuffer_is_not_in_the_direct_map"}),
    "tasks": frozenset({"clock.follows_the_tsc_where_it_is_invariant_and_measured"}),
}


def lost_with(failed: frozenset[str]) -> frozenset[str]:
    """These checks, and all that need one of them, at whatever remove."""
    lost = failed
    while True:
        more = lost | {check.name for check in CARD if lost & frozenset(check.needs)}
        if more == lost:
            return lost
        lost = more


def points_of(names: frozenset[str]) -> int:
    return sum(check.points for check in CARD if check.name in names)
