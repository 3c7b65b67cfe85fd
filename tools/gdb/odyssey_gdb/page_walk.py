# SPDX-License-Identifier: MIT
"""The CPU's way from a virtual address to a physical one.

Source: Intel SDM, volume 3, "4-Level Paging and 5-Level Paging".
"""
from __future__ import annotations

import gdb

from .memory import line_at, read_physical, said, symbol_at, unsigned

LEVELS = (("PML5E", 48), ("PML4E", 39), ("PDPTE", 30), ("PDE", 21), ("PTE", 12))
LOWEST, LARGE_LEVELS = "PTE", ("PDPTE", "PDE")
PAGE_SIZES = {30: "1 GiB", 21: "2 MiB", 12: "4 KiB"}
PRESENT, WRITE, USER, LARGE, NO_EXECUTE = 1 << 0, 1 << 1, 1 << 2, 1 << 7, 1 << 63
ADDRESS = 0x000F_FFFF_FFFF_F000
CR0_PG, CR4_LA57, EFER_LMA = 1 << 31, 1 << 12, 1 << 10


def rights(entry: int) -> str:
    write = "W" if entry & WRITE else "-"
    execute = "-" if entry & NO_EXECUTE else "X"
    return f"R{write}{execute}{' user' if entry & USER else ''}"


def combined(entries: list[int]) -> int:
    """An entry with the rights that all of them leave: each may only take away."""
    together = entries[0]
    for entry in entries[1:]:
        together = (together & entry) | ((together | entry) & NO_EXECUTE)
    return together


class PageWalk(gdb.Command):
    """Show how the CPU translates an address, level by level from CR3.

    Usage: page-walk ADDRESS

    ADDRESS is any expression. For each table entry: its place in physical
    memory, its value, its rights; then the physical address with the rights
    that all levels together leave."""

    def __init__(self) -> None:
        super().__init__("page-walk", gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument: str, from_tty: bool) -> None:
        if not argument:
            raise gdb.GdbError("usage: page-walk ADDRESS")
        address = said(argument)
        if not unsigned("$cr0") & CR0_PG:
            print(f"paging is off: {address:#x} is a physical address")
        elif not unsigned("$efer") & EFER_LMA:
            raise gdb.GdbError("the CPU is not in long mode")
        else:
            levels = LEVELS if unsigned("$cr4") & CR4_LA57 else LEVELS[1:]
            walk(address, unsigned("$cr3") & ADDRESS, levels)


def walk(address: int, table: int, levels: tuple[tuple[str, int], ...]) -> None:
    sign = address >> (levels[0][1] + 8)
    if sign not in (0, (1 << (56 - levels[0][1])) - 1):
        raise gdb.GdbError(f"{address:#x} is not canonical: its use is a general protection fault")
    print(f"CR3 {table:#x}")
    entries = []
    for name, shift in levels:
        index = address >> shift & 511
        entry = read_physical(table + 8 * index)
        where = f"{f'{name}[{index}]':10} at {table + 8 * index:#014x}: {entry:#018x}"
        if not entry & PRESENT:
            print(f"{where}  not present")
            return
        print(f"{where}  {rights(entry)}")
        entries.append(entry)
        table = entry & ADDRESS
        if name == LOWEST or (name in LARGE_LEVELS and entry & LARGE):
            offset = (1 << shift) - 1
            physical = (table & ~offset) | (address & offset)
            print(
                f"{address:#x} -> {physical:#x}, page of {PAGE_SIZES[shift]}, "
                f"{rights(combined(entries))}, {symbol_at(address)}{line_at(address)}"
            )
            return
