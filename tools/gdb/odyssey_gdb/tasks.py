# SPDX-License-Identifier: MIT
"""The executor's tasks: kernel/executor.h, kernel/task.h."""
from __future__ import annotations

from typing import Iterator

import gdb

from .memory import unsigned
from .trap_frame import show_call, show_calls

EXECUTOR = "'kernel/cpu.c'::boot_cpu.executor"
# What context_switch leaves on a stack, from where its pointer points on.
SAVED_RBP, SAVED_RETURN = 5, 6
WAITS = {
    "WAIT_FOR_EVENT": "waits for event",
    "WAIT_TO_RECEIVE": "waits to receive from channel",
    "WAIT_TO_SEND": "waits to send to channel",
    "WAIT_FOR_TASK": "waits for the end of task",
}


class Tasks(gdb.Command):
    """Show the tasks: what each does or waits for, and who called whom up to there.

    Usage: tasks

    The calls of the task that has the CPU are those of `bt`; in an interrupt or
    exception they end there, and `trap-frame` goes on."""

    def __init__(self) -> None:
        super().__init__("tasks", gdb.COMMAND_STACK)

    def invoke(self, argument: str, from_tty: bool) -> None:
        if argument:
            raise gdb.GdbError("usage: tasks")
        try:
            executor = gdb.parse_and_eval(EXECUTOR)
            current = int(executor["current"])
        except gdb.MemoryError:
            raise gdb.GdbError("not to be read before paging is on: break at kmain") from None
        if current == 0:
            raise gdb.GdbError("no tasks yet: executor_init makes the first, which kmain calls")
        for task in all_tasks(executor):
            is_current = int(task.address) == current
            print(f"task `{task['name'].string()}` {'runs' if is_current else doing(task)}")
            if is_current:
                show_running()
            else:
                show_left(int(task["stack_pointer"]))


def all_tasks(executor: gdb.Value) -> Iterator[gdb.Value]:
    """The newest first; at the end the idle task, which is in no list."""
    task = executor["listed"]
    while int(task) != 0:
        yield task.dereference()
        task = task["listed_next"]
    yield executor["idle"]


def doing(task: gdb.Value) -> str:
    state = str(task["state"])
    if state != "TASK_WAITING":
        return {"TASK_RUNNABLE": "is ready"}.get(state, "has finished")
    waiter = task["waiters"]
    if int(waiter) == 0:
        return "sleeps"
    queue = waiter["queue"]
    other = ", or more" if int(waiter["sibling"]) != 0 else ""
    return f"{WAITS[str(queue['kind'])]} `{queue['name'].string()}`{other}"


def show_left(stack_pointer: int) -> None:
    """Who called whom up to where a task left its stack."""
    words = f"((unsigned long *){stack_pointer:#x})"
    show_calls(unsigned(f"{words}[{SAVED_RETURN}]"), unsigned(f"{words}[{SAVED_RBP}]"))


def show_running() -> None:
    """Who called whom up to where the CPU is."""
    frame, number = gdb.newest_frame(), 0
    while frame is not None and frame.pc() != 0:
        show_call(number, frame.pc())
        frame, number = frame.older(), number + 1
