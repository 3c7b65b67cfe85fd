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
    direct: bool = False  # about the CPU alone: booted without firmware and GRUB, in 0.2 s

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
    r"(task `\w+` \(\d+\)|at boot, before there are tasks), (on|RSP in) .*",
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


UNMAPPED = r"0x[0-9a-f]{16}, where nothing is mapped: no region of this kernel"
# By number: mnemonic, name, what the report says behind "error code", and the function that
# raised it: by its name in tests/kernel/raise.c, which tells a real one from `INT n`.
VECTORS = (
    ("#DE", "divide error", "0x0", "divide_error"),
    ("#DB", "debug exception", "0x0", "debug"),
    ("NMI", "non-maskable interrupt", "0x0", "nmi"),
    None,  # #BP is survived
    ("#OF", "overflow", "0x0", "4"),
    ("#BR", "bound range exceeded", "0x0", "5"),
    ("#UD", "invalid opcode", "0x0", "invalid_opcode"),
    ("#NM", "device not available", "0x0", "device_not_available"),
    ("#DF", "double fault", "0x0", "double_fault"),
    ("#9", "coprocessor segment overrun", "0x0", "9"),
    ("#TS", "invalid TSS", "0x18: GDT entry 3", "invalid_tss"),
    ("#NP", "segment not present", "0x28: GDT entry 5", "segment_not_present"),
    ("#SS", "stack-segment fault", "0x28: GDT entry 5", "stack_fault"),
    ("#GP", "general protection fault", "0x0: no selector involved", "general_protection"),
    ("#PF", "page fault", "0x0: read, page not present.*", "page_fault"),
    ("#15", "reserved exception 15", "0x0", "15"),
    ("#MF", "x87 floating-point error", "0x0", "x87_error"),
    ("#AC", "alignment check", "0x0", "alignment_check"),
    ("#MC", "machine check", "0x0", "18"),
    ("#XM", "SIMD floating-point exception", "0x0", "19|simd_error"),
    ("#VE", "virtualization exception", "0x0", "20"),
    ("#CP", "control protection exception", "0x3.*", "control_protection"),
    *((f"#{n}", f"reserved exception {n}", "0x0", str(n)) for n in range(22, 28)),
    ("#HV", "hypervisor injection exception", "0x0", "28"),
    ("#VC", "VMM communication exception", "0x72", "vmm_communication"),
    ("#SX", "security exception", "0x1", "security"),
    ("#31", "reserved exception 31", "0x0", "31"),
)
BREAKPOINT = r".*breakpoint at 0x[0-9a-f]{16}.*"


def _vector(number: int) -> Scenario:
    name = f"vector_{number}"
    row = VECTORS[number]
    if row is None:
        survived = (BREAKPOINT, f"scenario {name}: survived")
        return Scenario(name, survived, panics=False, direct=True)
    mnemonic, words, error, function = row
    lines = (
        r"KERNEL PANIC: .+",
        rf"exception {number}, {mnemonic} {re.escape(words)}, error code {error}",
        *REGISTERS,
        rf"#0 0xffffffff8[0-9a-f]{{7}} raise_({function})\+0x[0-9a-f]+",
    )
    return Scenario(name, lines, direct=True)


def _struck(what: str, eighths: int, place: str, *before: str) -> Scenario:
    """A read that faults in the debug handler, on the way through something."""
    sentence = rf"KERNEL PANIC: .*{place}.*"
    trace = r"#0 0x[0-9a-f]{16} step\+0x.*"
    return Scenario(f"{what}_struck_{eighths}", (*before, sentence, trace), direct=True)


PRINTED = r"a line of 10 words, the last of which is this"

ALLOCATED, FREED = ("allocated", "allocate"), ("freed", "free")

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("basic_boot", BANNER, panics=False),
        Scenario("should_panic", (*BANNER, r"KERNEL PANIC: scenario should_panic: .+")),
        _exception("stack_overflow", "#DF", r"stack overflow in task `main`"),
        _exception("boot_stack_overflow", "#DF", r".*stack overflow.* boot stack.*"),
        _exception("task_stack_overflow", "#DF", r"stack overflow in task `deep`"),
        _exception(
            "interrupt_stack_overflow",
            "#DF",
            r"stack overflow: the interrupt stack ran into its guard page",
        ),
        Scenario(
            "breakpoint",
            (BREAKPOINT, r"scenario breakpoint: survived"),
            panics=False,
        ),
        _exception("invalid_opcode", "#UD", r"invalid opcode in `raise_invalid_opcode`: ud2, .+"),
        _exception("divide_error", "#DE", r"divide by zero in `raise_divide_error`"),
        _exception(
            "general_protection", "#GP", r"access to 0x8000000000000000, no valid address .*"
        ),
        _page_fault("page_fault_read", "read, page not present", rf"read of {UNMAPPED}"),
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
            "fault_while_printing", "read, page not present", rf"read of {UNMAPPED}"
        ),
        _page_fault(
            "fault_in_console", "write, page not present", rf"write of {UNMAPPED}"
        ),
        Scenario(
            "fault_in_panic",
            (r"KERNEL PANIC: scenario fault_in_panic: .+",),
        ),
        _page_fault(
            "fault_with_faulty_console",
            "read, page not present",
            rf"read of {UNMAPPED}",
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
        *(_vector(number) for number in range(len(VECTORS))),
        *(_struck("printing", eighths, "0xffffe9000000b000", PRINTED) for eighths in range(1, 8)),
        *(_struck("heap", eighths, "0xffffc0f000000010") for eighths in range(1, 8)),
    )
}
