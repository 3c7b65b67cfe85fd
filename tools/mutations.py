#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks the kernel in named ways, one at a time, and sees a test fall: `make mutations`.

Each mutation is made in a copy of the tree, built, and booted with all
in-kernel suites. One that no test notices is a failure, and so is one whose
text is no longer found: the list must follow the code. The last line is the
total, "N passed" being the mutations that were noticed.
"""
from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import tool  # noqa: E402
from odyssey.boot import Bounds  # noqa: E402
from odyssey.broken_tree import TEST_KERNEL, boot_suites, copy_tree, fallen  # noqa: E402
from odyssey.settings import BUILD, usable_cpus  # noqa: E402

# A broken kernel that hangs is as well noticed as one that says so; it need not take long.
BOUNDS = Bounds(first=30, idle=15, total=90)


@dataclass(frozen=True)
class Mutation:
    name: str
    file: str
    before: str
    after: str


MUTATIONS = (
    Mutation(
        "the end of interrupt for the primary PIC removed",
        "drivers/pic8259.c",
        """    }
    port_write8(PIC_PRIMARY_COMMAND, PIC_OCW2_NONSPECIFIC_EOI);
}""",
        """    }
}""",
    ),
    Mutation(
        "a spurious IRQ 15 leaves the cascade in service",
        "drivers/pic8259.c",
        "if (irq == PIC_SPURIOUS_SECONDARY) {",
        "if (false) {",
    ),
    Mutation(
        "ICW2 gives the secondary the primary's vectors",
        "drivers/pic8259.c",
        "(uint8_t)(vector_base + PIC_LINES_EACH)",
        "vector_base",
    ),
    Mutation(
        "the double fault's IST entry zeroed",
        "kernel/cpu.c",
        "tss->ist[IST_DOUBLE_FAULT - 1] = stack_top(STACK_DOUBLE_FAULT);",
        "",
    ),
    Mutation(
        "cld gone from the exception stub",
        "kernel/trap_stubs.asm",
        """    push r15
    cld
""",
        """    push r15
""",
    ),
    Mutation(
        "hardware interrupts stay on the stack they struck",
        "kernel/trap_stubs.asm",
        "    mov rsp, [gs:CPU_INTERRUPT_STACK_TOP]\n",
        "",
    ),
    Mutation(
        "a careful read's fault is one like any other",
        "kernel/trap.c",
        "probe_take_fault(frame) || ",
        "",
    ),
    Mutation(
        "what an exception came into counts as a call",
        "kernel/backtrace.c",
        "== (uint64_t)trap_entry_called ||",
        "== 1 ||",
    ),
    Mutation(
        "a block in quarantine counts as live",
        "mm/checked/heap_inspect.c",
        "place->state = HEAP_PLACE_FREED;",
        "place->state = HEAP_PLACE_LIVE;",
    ),
    Mutation(
        "one register lost by the interrupt stub",
        "kernel/trap_stubs.asm",
        "    pop r11\n",
        "    add rsp, 8\n",
    ),
    Mutation(
        "#GP treated as if it pushed no error code",
        "kernel/trap.h",
        "1U << TRAP_GENERAL_PROTECTION |",
        "0U << TRAP_GENERAL_PROTECTION |",
    ),
    Mutation(
        ".rodata mapped writable",
        "kernel/memory.c",
        "{__rodata_start, __rodata_end, 0},",
        "{__rodata_start, __rodata_end, PAGE_WRITE},",
    ),
    Mutation(
        ".text writable by the direct map",
        "mm/paging.c",
        "if ((section->flags & PAGE_WRITE) == 0) {",
        "if (section->flags == 0) {",
    ),
    Mutation(
        "the scroll off by a row",
        "lib/terminal_page.c",
        "page->top = ring_line(page, page->top + 1);",
        "page->top = ring_line(page, page->top + 2);",
    ),
    Mutation(
        "the PIT a tenth too fast",
        "kernel/tick.h",
        "#define TICK_PIT_DIVISOR 1193",
        "#define TICK_PIT_DIVISOR 1085",
    ),
    Mutation(
        "a lock key toggles again while it is held",
        "drivers/scancode.c",
        "if (is_lock(key) && !repeated) {",
        "if (is_lock(key)) {",
    ),
    Mutation(
        "fake shifts taken for real ones",
        "drivers/scancode.c",
        "if (behind_e0 && (code == CODE_LEFT_SHIFT || code == CODE_RIGHT_SHIFT)) {",
        "if (false) {",
    ),
    Mutation(
        "a line feed sent without its carriage return",
        "drivers/uart16550.c",
        'send(uart, "\\r\\n", 2) < 2',
        'send(uart, "\\n", 1) < 1',
    ),
    Mutation(
        "reserved memory keeps its upper end available",
        "mm/memory_map.c",
        "if (range->end > hole.end) {",
        "if (false) {",
    ),
    Mutation(
        "a free block is not merged with the free one before it",
        "mm/heap_space.c",
        "if ((block->tag & HEAP_PREVIOUS_FREE) != 0) {",
        "if (false) {",
    ),
    Mutation(
        "the heap's growth keeps what it had when frames ran out",
        "kernel/kernel_heap.c",
        "            window_shrink(context, address, done);\n",
        "",
    ),
    Mutation(
        "page tables that could not be finished keep their frames",
        "mm/paging.c",
        "        paging_discard(&built);\n",
        "",
    ),
    Mutation(
        "LINT0 stays as the firmware left it",
        "drivers/local_apic.c",
        "    apic_write(&apic, APIC_LVT_LINT0, APIC_LVT_DELIVERY_EXTINT);\n",
        "",
    ),
    Mutation(
        "the HPET keeps the PIT's interrupt",
        "kernel/irq_route.c",
        "    free_timer_lines();\n",
        "",
    ),
    Mutation(
        "an ACPI table's checksum does not count",
        "drivers/acpi_table.c",
        "if (sum != 0) {",
        "if (false) {",
    ),
    Mutation(
        "what is signalled while signals are delivered is forgotten",
        "kernel/executor.c",
        """        end_timed_out(executor);
    }
}
""",
        """        end_timed_out(executor);
    }
    executor->attention = 0;
}
""",
    ),
    Mutation(
        "the CPU halts without a last look",
        "kernel/executor.c",
        """    irq_disable();
    if (executor_has_attention(executor)) {
""",
        """    irq_disable();
    if (false) {
""",
    ),
    Mutation(
        "an interrupt wakes a task and does not say so",
        "kernel/event.c",
        "        executor->attention |= ATTENTION_SIGNAL;\n",
        "",
    ),
    Mutation(
        "an event once set counts as set for ever",
        "kernel/event.c",
        "    __atomic_store_n(&event->is_signalled, false, __ATOMIC_RELAXED);\n",
        "",
    ),
    Mutation(
        "a wait that has ended keeps its timer",
        "kernel/wait.c",
        """    if (timer_is_pending(&task->timer)) {
        timer_cancel""",
        """    if (false) {
        timer_cancel""",
    ),
    Mutation(
        "who selects leaves one queue only",
        "kernel/wait.c",
        "waiter != NULL; waiter = waiter->sibling) {",
        "waiter != NULL; waiter = NULL) {",
    ),
    Mutation(
        "the ready queue is last in, first out",
        "kernel/executor.h",
        """    task->next = NULL;
    *executor->ready_end = task;
    executor->ready_end = &task->next;
""",
        """    task->next = executor->ready_first;
    executor->ready_first = task;
    if (task->next == NULL) {
        executor->ready_end = &task->next;
    }
""",
    ),
    Mutation(
        "a channel's ring turns one item late",
        "kernel/channel.c",
        "if (place >= channel->capacity) {",
        "if (place > channel->capacity) {",
    ),
    Mutation(
        "a sender is let go and its item forgotten",
        "kernel/channel.c",
        "            put(channel, sender->item);\n",
        "",
    ),
    Mutation(
        "a cancel waits for the next wait",
        "kernel/task.c",
        """    task->is_cancelled = true;
    if (task->state == TASK_WAITING) {""",
        """    task->is_cancelled = true;
    if (false) {""",
    ),
    Mutation(
        "timers of a bucket stay where they are",
        "kernel/timer.c",
        """    timer_cancel(queue, timer);
    distribute(queue, bucket);
""",
        "    timer_cancel(queue, timer);\n",
    ),
    Mutation(
        "time goes back with its counter",
        "kernel/counter_clock.c",
        "clock->source.period : 0;",
        "clock->source.period : passed;",
    ),
    Mutation(
        "stacks follow each other without a page between",
        "kernel/task_stack.c",
        "    return PAGE_SIZE + class_bytes(size_class);\n",
        "    return class_bytes(size_class);\n",
    ),
    Mutation(
        "a single quote ends where a double one begins",
        "lib/words.c",
        "if (*from == quote) {",
        "if (quote != '\\0' && (*from == '\\'' || *from == '\"')) {",
    ),
    Mutation(
        "what is looked at may be a device",
        "kernel/commands/address_space.c",
        "        (address >= DEVICE_WINDOW_BASE && address < DEVICE_WINDOW_END)) {",
        "        false) {",
    ),
    Mutation(
        "who gives way to another's output stays asked",
        "kernel/console.c",
        "        registry.guard = NULL;\n        guard();",
        "        guard();",
    ),
    Mutation(
        "every job in the background is number 1",
        "kernel/shell/job.c",
        "job->number = (*end)->number + 1;",
        "job->number = 1;",
    ),
    Mutation(
        "the stack protector's number is no secret",
        "boot/entry.asm",
        "    mov [__stack_chk_guard], rax\n",
        "",
    ),
)


def build(tree: Path) -> bool:
    command = ["make", f"-j{usable_cpus()}", "-C", str(tree), "BUILD=build", TEST_KERNEL]
    return subprocess.run(command, capture_output=True).returncode == 0


def try_out(mutation: Mutation, tree: Path, log: Path) -> tuple[bool, str]:
    """Whether the mutation was noticed, and by what."""
    file = tree / mutation.file
    original = file.read_text()
    if original.count(mutation.before) != 1:
        return False, f"its text stands {original.count(mutation.before)} times in {mutation.file}"
    file.write_text(original.replace(mutation.before, mutation.after))
    try:
        if not build(tree):
            return False, "it does not build"
        seen = boot_suites(tree, log, BOUNDS)
    finally:
        file.write_text(original)
    names = fallen(seen)
    by_what = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    return not seen.is_pass, by_what or f"{seen.outcome.value}: {seen.detail}"


def main() -> int:
    logs = BUILD / "mutations"
    logs.mkdir(parents=True, exist_ok=True)
    noticed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        copy_tree(tree)
        for number, mutation in enumerate(MUTATIONS, 1):
            good, what = try_out(mutation, tree, logs / str(number))
            noticed += good
            print(f"{'noticed' if good else 'MISSED '}  {mutation.name}: {what}", flush=True)
    print(f"{noticed} passed, {len(MUTATIONS) - noticed} failed")
    return 0 if noticed == len(MUTATIONS) else 1


if __name__ == "__main__":
    tool.run("mutations", main)
