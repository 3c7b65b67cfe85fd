# SPDX-License-Identifier: MIT
"""The kernel's entry: where its first instruction runs, before paging."""
from __future__ import annotations

from pathlib import Path

import gdb

from .memory import image_offset, unsigned

ENTRIES = ("multiboot2_entry", "pvh_entry")
COMPARED = 16  # bytes


class Odyssey(gdb.Command):
    """Odyssey's own commands:

    trap-frame [ADDRESS]  an exception's or interrupt's saved registers, in words
    page-walk ADDRESS     how the CPU translates an address, level by level
    boot-info             what the boot loader handed over
    tasks                 what each task waits for, and who called whom up to there
    heap-blocks [ADDRESS] the heap's blocks: whose, how large, and what is broken
    odyssey enter         run the machine until a loader has started the kernel

    Each has its own `help`. QEMU's monitor answers, too: `monitor info tlb`,
    `monitor info pic`, `monitor system_reset`. Breakpoints need no paging to be
    set: `break kmain` works from the first instruction on."""

    def __init__(self) -> None:
        super().__init__("odyssey", gdb.COMMAND_USER, prefix=True)

    def invoke(self, argument: str, from_tty: bool) -> None:
        gdb.execute("help odyssey")


class _EntryBreakpoint(gdb.Breakpoint):
    """Stops at an entry's physical address once the kernel's code lies there.

    Before, firmware and loader use the same memory for code of their own.
    """

    def __init__(self, symbol: str) -> None:
        self._linked = unsigned(f"&{symbol}")
        self._loaded = self._linked - image_offset()
        super().__init__(f"*{self._loaded:#x}", gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.silent = True

    def stop(self) -> bool:
        read = gdb.selected_inferior().read_memory
        return read(self._loaded, COMPARED) == read(self._linked, COMPARED)


class Enter(gdb.Command):
    """Run the machine until GRUB, or QEMU's own loader, has started the kernel.

    Usage: odyssey enter

    It then stands before its first instruction, in 32-bit mode without paging."""

    def __init__(self) -> None:
        super().__init__("odyssey enter", gdb.COMMAND_RUNNING)

    def invoke(self, argument: str, from_tty: bool) -> None:
        breakpoints = [_EntryBreakpoint(symbol) for symbol in ENTRIES]
        try:
            gdb.execute("continue", to_string=True)
        finally:
            for breakpoint in breakpoints:
                breakpoint.delete()
        _name_entry_code()
        gdb.execute("frame")


def _name_entry_code() -> None:
    """Tell GDB the source of the code that runs where it was loaded, not where it was linked."""
    code = Path(gdb.current_progspace().filename).parent / "boot" / "entry.asm.o"
    start = unsigned(f"&{ENTRIES[0]}") - image_offset()
    gdb.execute(f'add-symbol-file "{code}" -s .text.entry {start:#x}', to_string=True)
