# SPDX-License-Identifier: MIT
"""Gates on the instructions of a linked kernel, build/odyssey.full.

As in loaded_gates.py: a gate returns what is wrong, a line each. The file must
have its symbols; that the loaded file has the same code is a gate over there.
"""
from __future__ import annotations

import re
from typing import Iterable

from check.disassembly import Function, Instruction
from check.frames import Frame
from check.image import Image
from check.stack import UPCALL

# Who may use vector registers: what provokes #NM, #MF and #XM, in tests/kernel/raise.c.
VECTOR_EXEMPT = frozenset(
    ("raise_device_not_available", "raise_x87_error", "raise_simd_error", "run_sse")
)

VECTOR_REGISTER = re.compile(r"%([xyz]mm\d+|mm\d|st\b|k[0-7]|bnd\d|tmm\d)")
# All x87 instructions begin with f and nothing else does; these have no operand
# that would give them away, or only memory.
VECTOR_MNEMONIC = re.compile(r"f\w+|v?ldmxcsr|v?stmxcsr|xsave\w*|xrstor\w*|emms|wait|vzero\w+")
UNKNOWN = "(bad)"

BELOW_RSP = re.compile(r"-0x[0-9a-f]+\(%[er]sp")

FRAME_LIMIT = 1024

# What GCC and Clang may make of a loop, and so must not make of the function's own loop.
LIBRARY_CALLS = ("memcpy", "memmove", "memset", "memcmp", "strlen")


def no_vector_instruction(image: Image) -> list[str]:
    """No SSE, AVX, MMX or x87: nobody saves those registers for what was interrupted."""
    return [
        f"{function}: {instruction}"
        for function in image.disassembly.functions
        if function.name not in VECTOR_EXEMPT
        for instruction in function.instructions
        if _uses_vector(instruction)
    ]


def _uses_vector(instruction: Instruction) -> bool:
    return bool(
        VECTOR_REGISTER.search(instruction.operands)
        or VECTOR_MNEMONIC.fullmatch(instruction.mnemonic)
        or instruction.mnemonic == UNKNOWN
    )


def no_access_below_stack(image: Image) -> list[str]:
    """No red zone: an interrupt would write over what lies below RSP."""
    problems = [
        f"{function}: {instruction}"
        for function in image.disassembly.functions
        for instruction in function.instructions
        if BELOW_RSP.search(instruction.operands) and instruction.mnemonic not in ("lea", "nop")
    ]
    found = set(problems)
    for frame in image.frames.by_address.values():
        problems += [
            f"{frame.function}: {instruction}"
            for instruction in frame.below_stack
            if f"{frame.function}: {instruction}" not in found
        ]
    return problems


def no_library_recursion(image: Image) -> list[str]:
    """memcpy and its like reach neither themselves nor each other."""
    problems = []
    for name in LIBRARY_CALLS:
        functions = image.disassembly.named(name)
        if not functions:
            problems.append(f"no function {name}: the compilers may call it")
        for function in functions:
            problems += [
                f"{name} calls {reached} by way of {caller}"
                for caller, reached in _calls_from(image, function)
                if reached.source_name in LIBRARY_CALLS
            ]
    return problems


def _calls_from(image: Image, start: Function) -> Iterable[tuple[Function, Function]]:
    """Every call that can follow from a function, as (caller, callee); no panic, no pointers."""
    pending, seen = [start], {start.address}
    while pending:
        caller = pending.pop()
        for target in sorted(_targets(image, caller)):
            callee = image.disassembly.function_at(target)
            if callee is None or callee.name == UPCALL:
                continue
            yield caller, callee
            if callee.address not in seen:
                seen.add(callee.address)
                pending.append(callee)


def _targets(image: Image, function: Function) -> set[int]:
    """Where a function's calls lead, and its unconditional jumps to a first instruction."""
    return {
        instruction.target
        for instruction in function.instructions
        if instruction.target is not None
        and (
            instruction.mnemonic.startswith("call")
            or (
                instruction.target in image.disassembly.entries
                and (
                    instruction.mnemonic.startswith("jmp")
                    # A loop back to its own start is no call.
                    or instruction.target != function.address
                )
            )
        )
    }


def small_frames(image: Image) -> list[str]:
    """No function takes more than 1024 bytes of stack; every frame's size is known."""
    frames = image.frames.by_address.values()
    problems = [problem for frame in frames for problem in frame.problems]
    big = (frame for frame in frames if _own_bytes(frame) > FRAME_LIMIT)
    return problems + [
        f"{frame.function}: {_own_bytes(frame)} bytes of stack, want at most {FRAME_LIMIT}"
        for frame in big
    ]


def _own_bytes(frame: Frame) -> int:
    """What the function itself takes: without its return address."""
    return frame.peak - 8


def stacks_hold(image: Image) -> list[str]:
    """The deepest chain of calls fits its stack, and nothing about it is a guess."""
    problems = [
        f"{row.stack} stack: {row.used} bytes, of which it has {row.size}"
        for row in image.stacks.rows()
        if row.used > row.size
    ]
    if problems:
        problems += [f"{chain.size} bytes: {chain}" for chain in image.stacks.chains()]
    stacks = image.stacks
    return problems + stacks.problems + stacks.unnamed_targets() + stacks.unnamed_stacks()


def stack_report(image: Image) -> str:
    """Stack by stack: its size and the most that can be on it; and by which calls."""
    lines = ["stack            size    most     own    trap   panic"]
    lines += [
        f"{row.stack:<14} {row.size:>6}  {row.used:>6}  {row.own:>6}  {row.trap:>6}  {row.panic:>6}"
        for row in image.stacks.rows()
    ]
    lines += [f"{chain.size:>6}: {chain}" for chain in image.stacks.chains()]
    lines += [f"recursion, counted once: {turn}" for turn in sorted(image.stacks.recursions)]
    return "\n".join(lines)
