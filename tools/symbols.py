#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write the kernel's symbol table as NASM source: symbols.py KERNEL.elf > symbols.asm

The table that kernel/symbols.c reads: where functions and objects start, in
rising order, and for each the place of its name in a block of strings. Text
and read-only data count from __text_start. Writable data counts from
__data_start, above WRITABLE, because this table lies between the two and
moves it. Where an object ends and no other begins, an empty name says so.
With no argument the table is empty, as the first link wants it.
"""

import re
import subprocess
import sys
from bisect import bisect_left

HEADER = """; SPDX-License-Identifier: MIT
; Made by tools/symbols.py from the linked kernel.
section .symbols progbits alloc noexec nowrite align=8
global symbol_table_count, symbol_table_offsets, symbol_table_names, symbol_table_strings
"""

WRITABLE = 1 << 31
PADDING = 32  # bytes behind an object that may only align the next one

# Bounds that linker.ld sets, elements of arrays that the linker gathers, and this table.
BOUND = re.compile(r"__\w+_(start|end|bottom|top)")
NAMELESS = ("ktest_entry_", "ktest_counter_", "kbench_entry_", "symbol_table_")


def symbols(elf: str, nm: str) -> list[tuple[int, str]]:
    """What has a name, as (place, name), and ends of objects, without one."""
    listing = subprocess.run([nm, "-S", elf], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    named = [(int(row[0], 16), row[-2], row[-1]) for row in rows if len(row) in (3, 4)]
    sizes = {(int(row[0], 16), row[-1]): int(row[1], 16) for row in rows if len(row) == 4}
    bounds = {name: address for address, _, name in named if BOUND.fullmatch(name)}
    start, text_end = bounds["__text_start"], bounds["__text_end"]
    constants_end, data, end = bounds["__rodata_end"], bounds["__data_start"], bounds["__bss_end"]
    chosen: dict[int, str] = {}
    ends = {text_end - start}
    for address, kind, name in named:
        is_object = address >= text_end
        if name in bounds or not start <= address < end:
            continue
        if kind not in ("rRdDbB" if is_object else "tT") or is_object and name.startswith(NAMELESS):
            continue
        place = address - start if address < constants_end else WRITABLE + address - data
        if is_object:
            size = sizes.get((address, name))
            if size is None and "." in name:  # NASM's label for where something ends
                ends.add(place)
                continue
            ends.add(place + (size or 0))
            name = name.partition(".")[0]  # of a static variable: `table.0`
        known = chosen.get(place)
        if known is None or (len(name), name) < (len(known), known):
            chosen[place] = name
    return sorted({**{end: "" for end in gaps(sorted(chosen), ends)}, **chosen}.items())


def gaps(starts: list[int], ends: set[int]) -> list[int]:
    """Ends of objects that no other begins soon behind."""
    following = [*starts, sys.maxsize]
    return [end for end in ends if following[bisect_left(following, end)] >= end + PADDING]


def rows(label: str, directive: str, values: list[str]) -> str:
    lines = [f"{label}:"]
    lines += [f"    {directive} " + ", ".join(values[i : i + 8]) for i in range(0, len(values), 8)]
    return "\n".join(lines) + "\n"


def table(entries: list[tuple[int, str]]) -> str:
    places: dict[str, int] = {}
    position = 0
    for _, name in entries:
        if name not in places:
            places[name] = position
            position += len(name) + 1
    return (
        HEADER
        + rows("symbol_table_count", "dd", [str(len(entries))])
        + rows("symbol_table_offsets", "dd", [hex(place) for place, _ in entries])
        + rows("symbol_table_names", "dd", [str(places[name]) for _, name in entries])
        + rows("symbol_table_strings", "db", [f'"{name}", 0' if name else "0" for name in places])
    )


def main() -> None:
    if len(sys.argv) > 3:
        sys.exit("usage: symbols.py [KERNEL.elf [NM]]")
    nm = sys.argv[2] if len(sys.argv) > 2 else "nm"
    sys.stdout.write(table(symbols(sys.argv[1], nm) if len(sys.argv) > 1 else []))


if __name__ == "__main__":
    main()
