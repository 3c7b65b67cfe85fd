#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write the kernel's symbol table as NASM source: symbols.py KERNEL.elf > symbols.asm

The table that kernel/symbols.c reads: function starts as offsets from
__text_start, in rising order, and for each the place of its name in a block
of strings. With no argument the table is empty, as the first link wants it.
"""

import subprocess
import sys

HEADER = """; SPDX-License-Identifier: MIT
; Made by tools/symbols.py from the linked kernel.
section .symbols progbits alloc noexec nowrite align=8
global symbol_table_count, symbol_table_offsets, symbol_table_names, symbol_table_strings
"""


def functions(elf: str, nm: str) -> list[tuple[int, str]]:
    """Every name in the text section, as (offset, name); of aliases the shortest name."""
    listing = subprocess.run([nm, elf], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    text = [(int(row[0], 16), row[2]) for row in rows if len(row) == 3 and row[1] in "tT"]
    bounds = {name: address for address, name in text if name in ("__text_start", "__text_end")}
    start, end = bounds["__text_start"], bounds["__text_end"]
    chosen: dict[int, str] = {}
    for address, name in text:
        if name in bounds or not start <= address < end:
            continue
        known = chosen.get(address - start)
        if known is None or (len(name), name) < (len(known), known):
            chosen[address - start] = name
    return sorted(chosen.items())


def rows(label: str, directive: str, values: list[str]) -> str:
    lines = [f"{label}:"]
    lines += [f"    {directive} " + ", ".join(values[i : i + 8]) for i in range(0, len(values), 8)]
    return "\n".join(lines) + "\n"


def table(symbols: list[tuple[int, str]]) -> str:
    places, strings, position = [], [], 0
    for _, name in symbols:
        places.append(str(position))
        strings.append(f'"{name}", 0')
        position += len(name) + 1
    return (
        HEADER
        + rows("symbol_table_count", "dd", [str(len(symbols))])
        + rows("symbol_table_offsets", "dd", [hex(offset) for offset, _ in symbols])
        + rows("symbol_table_names", "dd", places)
        + rows("symbol_table_strings", "db", strings)
    )


def main() -> None:
    if len(sys.argv) > 3:
        sys.exit("usage: symbols.py [KERNEL.elf [NM]]")
    nm = sys.argv[2] if len(sys.argv) > 2 else "nm"
    sys.stdout.write(table(functions(sys.argv[1], nm) if len(sys.argv) > 1 else []))


if __name__ == "__main__":
    main()
