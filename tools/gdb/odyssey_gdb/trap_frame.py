# SPDX-License-Identifier: MIT
"""A trap frame, as the entry stubs leave it on the stack: kernel/trap.h."""
from __future__ import annotations

from typing import Optional

import gdb

from .memory import function_at, line_at, said, symbol_at, unsigned

IRQ_VECTORS = range(32, 48)
NAMED_FIELDS = ("vector", "error_code", "rip", "cs", "rflags", "rsp", "ss")
NOT_SAVED_BY_INTERRUPTS = ("r12", "r13", "r14", "r15")
CALLS_MAX = 16


class TrapFrame(gdb.Command):
    """Show an exception's or interrupt's saved registers, in words.

    Usage: trap-frame [ADDRESS]

    ADDRESS is that of a struct trap_frame; without it, the one that the
    innermost function with such an argument was given: stop in trap_dispatch,
    irq_dispatch or panic_at. Then comes who called whom up to the trap."""

    def __init__(self) -> None:
        super().__init__("trap-frame", gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument: str, from_tty: bool) -> None:
        kind = gdb.lookup_type("struct trap_frame")
        address = said(argument) if argument else innermost(kind)
        if address is None:
            raise gdb.GdbError("no function up from here was given a trap frame: say its address")
        try:
            show(gdb.Value(address).cast(kind.pointer()).dereference())
        except gdb.MemoryError as error:
            raise gdb.GdbError(f"no trap frame at {address:#x}: {error}") from None


def innermost(kind: gdb.Type) -> Optional[int]:
    """The trap frame that the innermost function with one as its argument was given."""
    frame: Optional[gdb.Frame] = gdb.newest_frame()
    while frame is not None:
        for symbol in arguments(frame):
            if is_pointer_to(symbol.type, kind):
                value = symbol.value(frame)
                if not value.is_optimized_out and int(value) != 0:
                    return int(value)
        frame = frame.older()
    return None


def arguments(frame: gdb.Frame) -> list[gdb.Symbol]:
    if frame.function() is None:
        return []
    block = frame.block()
    while block.function is None:
        block = block.superblock
    return [symbol for symbol in block if symbol.is_argument]


def is_pointer_to(candidate: gdb.Type, kind: gdb.Type) -> bool:
    return candidate.code == gdb.TYPE_CODE_PTR and candidate.target().unqualified() == kind


def show(frame: gdb.Value) -> None:
    vector = int(frame["vector"])
    print(f"vector {vector}, {name_of(vector)}, error code {int(frame['error_code']):#x}")
    rip, rsp = int(frame["rip"]), int(frame["rsp"])
    flags = frame["rflags"].cast(gdb.parse_and_eval("$eflags").type)
    print(f"rip {rip:016x}  {symbol_at(rip)}{line_at(rip)}")
    print(f"rsp {rsp:016x}  cs {int(frame['cs']):04x}  ss {int(frame['ss']):04x}  rflags {flags}")
    general = [field.name for field in frame.type.fields() if field.name not in NAMED_FIELDS]
    if vector in IRQ_VECTORS:
        general = [name for name in general if name not in NOT_SAVED_BY_INTERRUPTS]
    general.reverse()
    for start in range(0, len(general), 3):
        row = general[start : start + 3]
        print("  ".join(f"{name:3} {int(frame[name]):016x}" for name in row))
    show_calls(rip, int(frame["rbp"]))


def name_of(vector: int) -> str:
    if vector in IRQ_VECTORS:
        return f"hardware interrupt, IRQ {vector - IRQ_VECTORS.start}"
    if vector >= IRQ_VECTORS.stop:
        return "interrupt that no line has"
    row = gdb.parse_and_eval(f"'kernel/trap.c'::exceptions[{vector}]")
    return f"{row['mnemonic'].string()} {row['name'].string()}"


def show_calls(address: int, frame_pointer: int) -> None:
    """Follow the chain of frame pointers, which ends with a return address of 0."""
    for number in range(CALLS_MAX):
        show_call(number, address)
        try:
            address = unsigned(f"((unsigned long *){frame_pointer:#x})[1]")
            frame_pointer = unsigned(f"((unsigned long *){frame_pointer:#x})[0]")
        except gdb.MemoryError:
            return
        if address == 0:
            return


def show_call(number: int, address: int) -> None:
    # What returns to an address is the call before it.
    code = address if number == 0 else address - 1
    print(f"#{number:<2} {address:016x}  {function_at(code)}{line_at(code)}")
