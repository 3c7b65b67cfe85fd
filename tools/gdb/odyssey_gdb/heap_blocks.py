# SPDX-License-Identifier: MIT
"""The heap's blocks: mm/heap_block.h and, in builds that watch them, mm/checked/heap_record.h."""
from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Iterator, NamedTuple, Optional

import gdb

from .memory import function_at, line_at, said, unsigned

# A kernel has the one heap or the other.
PLAIN, CHECKED = "'mm/kmalloc.c'::kernel_heap", "'mm/checked/kmalloc.c'::kernel.heap"

TAG, UNIT, BLOCK_MIN = 8, 16, 32
PREVIOUS_FREE, QUICK, FREE = 1 << 0, 1 << 62, 1 << 63
STATES = {0: "live", QUICK: "quick", FREE: "free"}

MARK_LIVE, MARK_FREED = 0x6B1F9D04C52EA873, 0xE4087AB35D96F12C
ZONE_FILL, FREED_FILL = 0xB3, 0xD7


class Damage(NamedTuple):
    place: int
    what: str


@dataclass
class Block:
    """A block by its boundary tag; `payload` is behind that."""

    payload: int
    size: int  # with the tag
    state: str

    @property
    def usable(self) -> int:
        return self.size - TAG


class HeapBlocks(gdb.Command):
    """Show the heap's blocks: address, bytes, state, and what is broken.

    Usage: heap-blocks [ADDRESS]

    ADDRESS is any expression: then it is the block around it alone. Live blocks
    are somebody's, free ones are in lists by size, quick ones wait for the next
    request of their size. In a build with a checked heap (CHECKED=1, and the
    test kernel) each says who allocated it, who freed it, and where it was
    written to outside of its bounds or its life."""

    def __init__(self) -> None:
        super().__init__("heap-blocks", gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument: str, from_tty: bool) -> None:
        heap, is_checked = find_heap()
        try:
            if int(heap["top"]) == 0:
                raise gdb.GdbError("no heap yet: kernel_heap_init makes it, which kmain calls")
            survey = Survey(heap, is_checked)
        except gdb.MemoryError:
            raise gdb.GdbError("not to be read before paging is on: break at kmain") from None
        if argument:
            survey.show_around(said(argument))
        else:
            survey.show()


def find_heap() -> tuple[gdb.Value, bool]:
    """The kernel's struct heap, and whether it is part of a checked one."""
    try:
        return gdb.parse_and_eval(PLAIN), False
    except gdb.error:
        return gdb.parse_and_eval(CHECKED)["heap"], True


class Survey:
    """All that is in the window, and all that is wrong with it. Trusts nothing that it reads."""

    def __init__(self, heap: gdb.Value, is_checked: bool) -> None:
        self.base, self.top = int(heap["base"]), int(heap["top"])
        self.end = int(heap["top_last"]) + TAG
        self.damages: list[Damage] = []
        read = gdb.selected_inferior().read_memory
        self.memory = bytes(read(self.base, self.end - self.base))
        self.blocks = list(self.walk())
        self.check_lists(heap)
        self.check_counts(heap)
        self.is_checked = is_checked

    def word(self, address: int) -> int:
        return int(struct.unpack_from("<Q", self.memory, address - self.base)[0])

    def bytes_at(self, address: int, size: int) -> bytes:
        return self.memory[address - self.base :][:size]

    def walk(self) -> Iterator[Block]:
        """Block by block, as far as the tags lead."""
        place, previous_free = self.base + UNIT - TAG, False
        while place != self.top:
            tag = self.word(place)
            size = tag & ~(FREE | QUICK | (UNIT - 1))
            state = STATES.get(tag & (FREE | QUICK))
            if state is None or not BLOCK_MIN <= size <= self.top - place:
                self.damages.append(
                    Damage(place, f"the tag {tag:#x} is no block's: what lies behind is not known")
                )
                return
            if bool(tag & PREVIOUS_FREE) != (previous_free and state != "free"):
                self.damages.append(Damage(place, "does not agree with the block before it"))
            if state == "free" and self.word(place + size - TAG) != size:
                self.damages.append(Damage(place, "its two tags differ in its size"))
            yield Block(place + TAG, size, state)
            place, previous_free = place + size, state == "free"
        tag = self.word(self.top)
        if tag != FREE:
            what = f"the tag {tag:#x} does not end the heap, as {FREE:#x} would"
            self.damages.append(Damage(self.top, what))
        elif previous_free:
            self.damages.append(Damage(self.top, "a free block before the end"))

    def check_lists(self, heap: gdb.Value) -> None:
        """Every list against the blocks; what is in none of them."""
        listed = {"free": set(), "quick": set()}
        bins = heap["bins"]
        for number in range(bins.type.range()[1] + 1):
            head = int(bins[number].address)
            self.follow(f"bin {number}", int(bins[number]["next"]), head, "free", listed["free"])
        quick = heap["quick"]
        for number in range(quick.type.range()[1] + 1):
            self.follow(f"quick list {number}", int(quick[number]), 0, "quick", listed["quick"])
        for block in self.blocks:
            if block.state in listed and block.payload not in listed[block.state]:
                self.damages.append(Damage(block.payload, f"is {block.state}, but in no list"))

    def follow(self, name: str, link: int, end: int, state: str, listed: set[int]) -> None:
        states = {block.payload: block.state for block in self.blocks}
        come_from = end
        while link != end:
            if states.get(link) != state:
                found = states.get(link, "nothing")
                what = f"{name} leads from here to {link:#x}: {found}, not a {state} block"
                self.damages.append(Damage(come_from, what))
                return
            if link in listed:
                self.damages.append(Damage(come_from, f"{name} leads from here to {link:#x} again"))
                return
            listed.add(link)
            if state == "free" and self.word(link + TAG) != come_from:
                self.damages.append(Damage(link, f"{name}: its way back leads elsewhere"))
            come_from, link = link, self.word(link)

    def check_counts(self, heap: gdb.Value) -> None:
        if self.damages:
            return  # they cannot match
        for name, state in (("live_units", "live"), ("quick_units", "quick")):
            counted, found = int(heap[name]) * UNIT, self.total(state)
            if counted != found:
                self.damages.append(Damage(0, f"{counted} bytes counted as {state}, found {found}"))

    def total(self, state: str) -> int:
        return sum(block.size for block in self.blocks if block.state == state)

    # --- What is shown -------------------------------------------------------------

    def show(self) -> None:
        for block in self.blocks:
            print(self.line(block))
        shares = []
        for state in STATES.values():
            count = sum(block.state == state for block in self.blocks)
            shares.append(f"{count} {state} of {self.total(state)} bytes")
        top = self.end - TAG - self.top
        print(f"{', '.join(shares)}; {top} above them; window of {len(self.memory)}")
        self.show_damages()

    def show_around(self, address: int) -> None:
        for block in self.blocks:
            if block.payload - TAG <= address < block.payload - TAG + block.size:
                print(self.line(block))
                break
        else:
            print(f"{address:#x} is in no block")
        self.show_damages()

    def show_damages(self) -> None:
        if not self.damages:
            print("nothing is broken")
        for damage in self.damages:
            print(f"broken{f' at {damage.place:#x}' if damage.place else ''}: {damage.what}")

    def line(self, block: Block) -> str:
        record = self.record_of(block)
        if record is not None:
            return record
        return f"{block.payload:016x} {block.usable:8}  {block.state}"

    def record_of(self, block: Block) -> Optional[str]:
        """What a checked heap knows of a block, as a line; None where it keeps nothing."""
        if not self.is_checked or block.state != "live":
            return None
        kind = gdb.lookup_type("struct heap_record")
        record = gdb.Value(block.payload).cast(kind.pointer()).dereference()
        mark = int(record["mark"]) ^ block.payload
        if mark not in (MARK_LIVE, MARK_FREED):
            self.damages.append(Damage(block.payload, "its record is damaged: written before"))
            return None
        payload, size = block.payload + kind.sizeof, int(record["size"])
        line = f"{payload:016x} {size:8}  {'live' if mark == MARK_LIVE else 'freed'}"
        line += f", by {caller(int(record['allocated_by']))}"
        if mark == MARK_FREED:
            line += f", freed by {caller(int(record['freed_by']))}"
        self.check_record(block, payload, size, mark == MARK_LIVE)
        return line

    def check_record(self, block: Block, payload: int, size: int, is_live: bool) -> None:
        zone = gdb.lookup_type("struct heap_record").fields()[-2].type.sizeof
        self.expect(payload - zone, zone, ZONE_FILL, "was written to: before the block")
        end = block.payload + block.usable
        if is_live:
            self.expect(payload + size, end - payload - size, ZONE_FILL, "was written to: past it")
        else:
            self.expect(payload, end - payload, FREED_FILL, "was written to: after the free")

    def expect(self, address: int, size: int, fill: int, what: str) -> None:
        for offset, byte in enumerate(self.bytes_at(address, size)):
            if byte != fill:
                self.damages.append(Damage(address + offset, f"{what}, {byte:#x} for {fill:#x}"))
                return


def caller(return_address: int) -> str:
    """Who called, by the address that the call returns to."""
    return f"{function_at(return_address - 1)}{line_at(return_address - 1)}"
