# SPDX-License-Identifier: MIT
"""Numbers, symbols and memory, as the commands need them."""
from __future__ import annotations

import os
import re

import gdb

MASK64 = (1 << 64) - 1
# As QEMU's monitor prints a word of physical memory.
MONITOR_WORD = re.compile(r"[0-9a-f]+: 0x([0-9a-f]+)\s*")


def unsigned(expression: str) -> int:
    """The value of an expression in GDB's words, as 64 bits: an address, a number, a register."""
    return int(gdb.parse_and_eval(f"(unsigned long)({expression})")) & MASK64


def said(argument: str) -> int:
    """The value of an expression that a person typed."""
    try:
        return unsigned(argument)
    except gdb.error as error:
        raise gdb.GdbError(str(error)) from None


def image_offset() -> int:
    """How much higher the kernel is linked than it is loaded."""
    return unsigned("&__image_start") - unsigned("&IMAGE_LOAD_ADDRESS")


def read_physical(address: int) -> int:
    """The 64-bit word at a physical address, whatever is mapped."""
    answer = gdb.execute(f"monitor xp /1gx {address:#x}", to_string=True)
    match = MONITOR_WORD.fullmatch(answer)
    if match is None:
        raise gdb.GdbError(f"no memory at physical address {address:#x}: {answer.strip()}")
    return int(match[1], 16)


def symbol_at(address: int) -> str:
    """The symbol that an address belongs to, as "name + offset"."""
    answer = gdb.execute(f"info symbol {address:#x}", to_string=True)
    if " in section " not in answer:
        return "nothing of the kernel"
    return answer.partition(" in section ")[0]


def function_at(address: int) -> str:
    return symbol_at(address).partition(" + ")[0]


def line_at(address: int) -> str:
    """The source of a code address, as " at file:line"; empty where there is none."""
    line = gdb.find_pc_line(address)
    if line.symtab is None:
        return ""
    return f" at {os.path.normpath(line.symtab.filename)}:{line.line}"
