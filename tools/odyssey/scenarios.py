# SPDX-License-Identifier: MIT
"""What each scenario of the test kernel must print: the one place that says so.

A scenario boots, does one thing and writes its exit status; that the status is
right is the judge's to say. `lines` are regular expressions, each matching a
whole line, in this order, with anything between.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

HALTED = "System halted."
BACKTRACE = re.compile(r"#\d+ 0xffffffff8[0-9a-f]{7} \w+\+0x[0-9a-f]+")


@dataclass(frozen=True)
class Scenario:
    name: str
    lines: tuple[str, ...]
    panics: bool = True
    backtrace: bool = True

    def complaint(self, printed: list[str]) -> Optional[str]:
        """What is wrong with the lines that were printed, or None."""
        rest = iter(printed)
        for pattern in self.lines:
            if not any(re.fullmatch(pattern, line) for line in rest):
                return f"no line like {pattern!r} (in this order)"
        return self._panic_complaint(printed) if self.panics else None

    def _panic_complaint(self, printed: list[str]) -> Optional[str]:
        """One panic, whole: sentence, backtrace, last line."""
        panics = [line for line in printed if "KERNEL PANIC: " in line]
        if len(panics) != 1:
            return f"want one line 'KERNEL PANIC: ...', got {panics}"
        if [line for line in printed if HALTED in line] != [HALTED]:
            return f"want {HALTED!r} once, alone on its line"
        if [line for line in printed if line][-1] != HALTED:
            return f"want {HALTED!r} last"
        if self.backtrace and not any(map(BACKTRACE.fullmatch, printed)):
            return "no backtrace line '#N 0xffffffff8....... function+0x..'"
        return None


BANNER = (
    r"Hello from ODYSSEY OS!",
    r".*memory: \d+ KiB usable, \d+ KiB reserved, \d+ KiB free",
    r"System initialized\. Entering main loop\.\.\.",
)
REGISTERS = (
    r"task `\w+` \(\d+\), (on|RSP in) .*",
    r"rip [0-9a-f]{16} .*rsp [0-9a-f]{16} .*",
    r"rax [0-9a-f]{16} .*",
    r".*r15 [0-9a-f]{16}  cr2 [0-9a-f]{16}",
    r"cr0 [0-9a-f]+ cr3 [0-9a-f]+ .*rflags [0-9a-f]+ \[[A-Z ]*\]",
    r"code:( [0-9a-f-]{2}){8} <[0-9a-f-]{2}>( [0-9a-f-]{2}){15}",
)


def _exception(name: str, mnemonic: str, sentence: str) -> Scenario:
    reported = rf"exception \d+, {mnemonic} .*"
    return Scenario(name, (rf"KERNEL PANIC: {sentence}", reported, *REGISTERS))


def _page_fault(name: str, words: str, sentence: str) -> Scenario:
    """The address's owner and the walk to it are told as well."""
    reported = rf"exception 14, #PF page fault, error code 0x[0-9a-f]+: {words}"
    walk = (r"address 0x[0-9a-f]{16}: .+", r"walk: PML4\[\d+\] .+")
    return Scenario(name, (rf"KERNEL PANIC: {sentence}", reported, *REGISTERS, *walk))


def _heap_misuse(name: str, fault: str, place: str, *callers: tuple[str, str]) -> Scenario:
    """The sentence names the fault, the block, and each caller as (what it did, function)."""
    named = "".join(rf", {did} by misuse_{function}\+0x[0-9a-f]+" for did, function in callers)
    sentence = rf"heap: {fault}: 0xffffc[0-9a-f]{{11}}{place} of 40 bytes(, byte 0x4[12])?{named}"
    return Scenario(f"heap_{name}", (rf"KERNEL PANIC: {sentence}",))


UNMAPPED = r"0x[0-9a-f]{16}, where nothing is mapped"
ALLOCATED, FREED = ("allocated", "allocate"), ("freed", "free")

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("basic_boot", BANNER, panics=False),
        Scenario("should_panic", (*BANNER, r"KERNEL PANIC: scenario should_panic: .+")),
        _exception("stack_overflow", "#DF", r"stack overflow in task `main`"),
        _exception("task_stack_overflow", "#DF", r"stack overflow in task `deep`"),
        _exception(
            "interrupt_stack_overflow",
            "#DF",
            r"stack overflow: the interrupt stack ran into its guard page",
        ),
        Scenario(
            "breakpoint",
            (r".*breakpoint at 0x[0-9a-f]{16}.*", r"scenario breakpoint: survived"),
            panics=False,
        ),
        _exception("invalid_opcode", "#UD", r"invalid opcode in `invalid_opcode`: ud2, .+"),
        _exception("divide_error", "#DE", r"divide by zero in `divide_error`"),
        _exception(
            "general_protection", "#GP", r"access to 0x8000000000000000, no valid address .*"
        ),
        _page_fault("page_fault_read", "read, page not present", rf"read of {UNMAPPED}: no region of this kernel"),
        _page_fault(
            "page_fault_write",
            "write, protection violation",
            r"write to read-only page of \.rodata.*",
        ),
        _page_fault(
            "page_fault_exec",
            "execute, protection violation",
            r"execution of data: jump into \.data.*",
        ),
        _page_fault(
            "page_fault_reserved",
            "read, reserved bit set in an entry",
            r"damaged page table: a reserved bit is set on the way to 0x[0-9a-f]{16} \(read\)",
        ),
        # Beyond the interface: faults in the middle of printing.
        _page_fault(
            "fault_while_printing", "read, page not present", rf"read of {UNMAPPED}: no region of this kernel"
        ),
        Scenario(
            "fault_in_panic",
            (r"KERNEL PANIC: scenario fault_in_panic: .+",),
        ),
        _page_fault(
            "fault_with_faulty_console",
            "read, page not present",
            rf"read of {UNMAPPED}: no region of this kernel",
        ),
        _heap_misuse("double_free", "double free", "", ALLOCATED, FREED, ("handed in", "free_at")),
        _heap_misuse(
            "wrong_pointer",
            "wrong pointer",
            ", 16 bytes into the block 0xffffc[0-9a-f]{11}",
            ALLOCATED,
            ("handed in", "free_at"),
        ),
        _heap_misuse(
            "overrun",
            "write past the end",
            ", 0 bytes behind the block 0xffffc[0-9a-f]{11}",
            ALLOCATED,
            ("handed in", "free"),
        ),
        _heap_misuse(
            "use_after_free",
            "write after free",
            ", 7 bytes into the block 0xffffc[0-9a-f]{11}",
            ALLOCATED,
            FREED,
        ),
        Scenario(
            "heap_in_interrupt",
            (r"KERNEL PANIC: assertion failed: !kernel\.watch\.is_in_interrupt\(\) .+",),
        ),
        _exception("null_pointer", "#PF", r"null pointer: read at offset 0x18"),
        Scenario(
            "fault_in_report",
            (
                r"KERNEL PANIC: scenario fault_in_report: ",
                r"\(a second fault cut this short: #PF at 0x[0-9a-f]{16} \w+\+0x[0-9a-f]+\)",
                r"task `main` \(\d+\), on the stack of task `main`, \d+ bytes of it left",
            ),
        ),
    )
}
