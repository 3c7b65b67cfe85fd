# SPDX-License-Identifier: MIT
"""How deep the stack is at each instruction of a function.

Every path through a function is walked with the depth in bytes from the top of
its frame (its return address included: 8 at its first instruction), following
pushes, `sub` on RSP, frame pointers, jump tables and stacks that are switched
and switched back. Unlike the compiler's -fstack-usage this sees assembly,
what was inlined, and both compilers alike; and it knows the depth at each call.
"""
from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Optional

from check.disassembly import Disassembly, Function, Instruction

WORD = 8
PUSHES, POPS = ("push", "pushq", "pushf", "pushfq"), ("pop", "popq", "popf", "popfq")
RETURNS = ("ret", "retq", "iretq", "iret", "lret", "lretq", "sysretq")
STOPS = (*RETURNS, "ud2", "int3")
# What writes none of its operands.
READS_ONLY = ("cmp", "test", "push", "call", "bt", "nop", "out")
KEPT = ("%rbp", "%rbx", "%r12", "%r13", "%r14", "%r15")  # preserved over calls
CONSTANT = re.compile(r"\$(-?0x[0-9a-f]+),%rsp")
ON_FRAME = re.compile(r"(-?0x[0-9a-f]+)?\((%\w+)(,%\w+,\d)?\)")
TABLE = re.compile(r"\*(-?0x[0-9a-f]+)\(,%\w+,8\)")
STATES_MAX = 16  # for one instruction: more say that the depth grows round a loop


@dataclass(frozen=True)
class State:
    depth: int = WORD
    stack: int = 0  # 0: the caller's; 1: another that the function switched to
    kept: tuple[tuple[str, int, int], ...] = ()  # registers that hold a value of RSP

    def forget(self, register: str) -> State:
        return replace(self, kept=tuple(row for row in self.kept if row[0] != register))

    def remember(self, register: str) -> State:
        known = self.forget(register)
        return replace(known, kept=(*known.kept, (register, self.depth, self.stack)))

    def value_in(self, register: str) -> Optional[tuple[int, int]]:
        """The depth and the stack that a register points at."""
        if register == "%rsp":
            return self.depth, self.stack
        return next((row[1:] for row in self.kept if row[0] == register), None)


@dataclass(frozen=True)
class Call:
    """A call, or a jump that ends the function by going on in another."""

    site: int
    target: Optional[int]  # None: through a pointer
    depth: int  # bytes of the caller's frame above the callee's, on the caller's stack
    changes_stack: bool


@dataclass
class Frame:
    function: Function
    peak: int = WORD  # the deepest, return address included
    calls: dict[Call, None] = field(default_factory=dict)  # in the order they were found
    below_stack: list[Instruction] = field(default_factory=list)  # accesses under RSP
    problems: list[str] = field(default_factory=list)


class Frames:
    """The frames of all 64-bit functions of a kernel."""

    def __init__(self, disassembly: Disassembly) -> None:
        self._disassembly = disassembly
        self._elf = disassembly.elf
        self.by_address = {
            function.address: _Walk(self, disassembly, function).frame
            for function in disassembly.functions
            if function.bits == 64
        }

    @cached_property
    def _never_returning(self) -> frozenset[int]:
        """Functions without a way out: no return, no jump into another."""
        return frozenset(
            function.address
            for function in self._disassembly.functions
            if function.instructions and not any(map(self._leaves, function.instructions))
        )

    def _leaves(self, instruction: Instruction) -> bool:
        if instruction.mnemonic in RETURNS:
            return True
        if not instruction.mnemonic.startswith("j"):
            return False
        here = self._disassembly.function_at(instruction.address)
        target = instruction.target
        return target is None or self._disassembly.function_at(target) is not here

    def returns(self, target: Optional[int]) -> bool:
        return target not in self._never_returning

    def table_targets(self, instruction: Instruction, function: Function) -> list[int]:
        """Where a jump table in the read-only data leads within a function."""
        match = TABLE.fullmatch(instruction.operands)
        if not match:
            return []
        place = int(match[1], 16) % 2**64
        section = next((s for s in self._elf.sections if s.address and place in s), None)
        if section is None:
            return []
        content = self._elf.bytes_of(section)[place - section.address :]
        targets = []
        for (target,) in struct.iter_unpack("<Q", content[: len(content) // WORD * WORD]):
            owner = self._disassembly.function_at(target)
            if owner is None or owner.source_name != function.source_name:
                break
            targets.append(target)
        return targets


class _Walk:
    """Every path of one function."""

    def __init__(self, frames: Frames, disassembly: Disassembly, function: Function) -> None:
        self._frames = frames
        self._next = disassembly.next_address
        self._at = disassembly.by_address
        self._entries = disassembly.entries
        self._function = function
        self._has_locals = any(_growth(instruction) > 0 for instruction in function.instructions)
        self.frame = Frame(function)
        pending = [(function.address, State())]
        seen: dict[int, set[State]] = {}
        while pending:
            address, state = pending.pop()
            states = seen.setdefault(address, set())
            instruction = self._at.get(address)
            if instruction is None or state in states:
                continue
            if len(states) == STATES_MAX:
                self._problem(instruction, "the depth of the stack grows on each turn")
                break
            states.add(state)
            pending += self._step(instruction, state)

    def _problem(self, instruction: Instruction, text: str) -> None:
        problem = f"{self._function}: {text}: {instruction}"
        if problem not in self.frame.problems:
            self.frame.problems.append(problem)

    def _step(self, instruction: Instruction, state: State) -> list[tuple[int, State]]:
        """The instructions that may come next, and the stack there."""
        name = instruction.mnemonic
        self._note_access(instruction, state)
        if name in STOPS:
            if name.startswith("ret") and state.stack == 0 and state.depth != WORD:
                self._problem(instruction, f"returns with {state.depth - WORD} bytes on the stack")
            return []
        if name.startswith("j"):
            return self._jump(instruction, state)
        if name.startswith("call"):
            self._note_call(instruction, state, state.depth)
            if not self._frames.returns(instruction.target):
                return []
        after = self._move(instruction, state)
        if after.stack == 0:
            self.frame.peak = max(self.frame.peak, after.depth)
        return [(self._next(instruction.address), after)]

    def _note_call(self, instruction: Instruction, state: State, depth: int) -> None:
        call = Call(instruction.address, instruction.target, depth, state.stack != 0)
        self.frame.calls[call] = None

    def _jump(self, instruction: Instruction, state: State) -> list[tuple[int, State]]:
        follow = [] if instruction.mnemonic.startswith("jmp") else [self._next(instruction.address)]
        target = instruction.target
        is_clean = state.stack == 0 and state.depth == WORD
        if target is not None:
            if is_clean and target in self._entries:
                self._note_call(instruction, state, 0)
            else:
                follow.append(target)  # within, or into a part that shares the frame
            return [(address, state) for address in follow]
        table = self._frames.table_targets(instruction, self._function)
        if not table and is_clean:
            self._note_call(instruction, state, 0)
        elif not table:
            self._problem(instruction, "a jump that cannot be followed")
        return [(address, state) for address in table]

    def _move(self, instruction: Instruction, state: State) -> State:
        """The stack after an instruction that is no jump."""
        name, operands = instruction.mnemonic, instruction.operands
        last = operands.rpartition(",")[2].strip()
        if name in PUSHES:
            return replace(state, depth=state.depth + WORD)
        if name in POPS:
            return replace(state.forget(operands), depth=state.depth - WORD)
        if name in ("leave", "leaveq"):
            return self._restore(instruction, state, "%rbp", -WORD).forget("%rbp")
        if last == "%rsp" and not name.startswith(READS_ONLY):
            return self._move_pointer(instruction, state)
        if name == "mov" and operands.startswith("%rsp,") and last in KEPT:
            return state.remember(last)
        if last in KEPT and not name.startswith(READS_ONLY):
            return state.forget(last)
        if last == "%ebp":
            return state.forget("%rbp")
        return state

    def _move_pointer(self, instruction: Instruction, state: State) -> State:
        name, operands = instruction.mnemonic, instruction.operands
        constant = CONSTANT.fullmatch(operands)
        if constant and name in ("sub", "add"):
            return replace(state, depth=state.depth + _growth(instruction))
        if constant and name == "and" and _signed(constant[1]) < 0:
            # Frames begin at a multiple of 16 bytes; a coarser unit may cost all but those.
            unit = -_signed(constant[1])
            return replace(state, depth=-(-state.depth // unit) * unit + max(0, unit - 16))
        if name == "lea" and (match := ON_FRAME.fullmatch(operands.rpartition(",")[0])):
            return self._restore(instruction, state, match[2], -int(match[1] or "0", 16))
        source = operands.partition(",")[0]
        if name == "mov" and source in KEPT and state.value_in(source):
            return self._restore(instruction, state, source, 0)
        if name in ("mov", "movabs"):
            return State(depth=0, stack=1, kept=state.kept)
        self._problem(instruction, "a frame whose size is not known before it runs")
        return state

    def _restore(self, instruction: Instruction, state: State, register: str, plus: int) -> State:
        value = state.value_in(register)
        if value is None:
            self._problem(instruction, f"the stack is set from {register}, whose value is unknown")
            return state
        return replace(state, depth=value[0] + plus, stack=value[1])

    def _note_access(self, instruction: Instruction, state: State) -> None:
        """Memory below RSP is the next interrupt's."""
        match = ON_FRAME.search(instruction.operands)
        if not match or instruction.mnemonic.startswith(("lea", "nop")):
            return
        value = state.value_in(match[2])
        if value is None or value[1] != state.stack:
            return
        if match[3] and self._has_locals:
            return  # an array that is counted from 1
        if value[0] - int(match[1] or "0", 16) > state.depth:
            self.frame.below_stack.append(instruction)


def _growth(instruction: Instruction) -> int:
    """How many bytes an instruction takes from the stack by arithmetic; both signs occur."""
    constant = CONSTANT.fullmatch(instruction.operands)
    if not constant or instruction.mnemonic not in ("sub", "add"):
        return 0
    return _signed(constant[1]) * (1 if instruction.mnemonic == "sub" else -1)


def _signed(number: str) -> int:
    """A 64-bit constant as objdump writes it: negative ones as their two's complement."""
    value = int(number, 16)
    return value - 2**64 if value >= 2**63 else value
