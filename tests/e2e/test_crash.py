# SPDX-License-Identifier: MIT
"""The ways to break the kernel from its prompt, each in a machine of its own."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest
from odyssey import qemu
from odyssey.machine import Machine, rendered
from odyssey.settings import BUILD
from odyssey.shell import Shell

ELF = BUILD / "odyssey.elf"

# Kind, the panic's sentence, the function that the backtrace begins in or near.
DEATHS = (
    ("null", r"null pointer: read at offset 0x18", "read_null"),
    ("null-call", r".*null pointer.*", "command_crash"),
    ("read-unmapped", r"read of 0xffffec0000000000, where nothing is mapped: .*", "read_unmapped"),
    ("write-rodata", r"write to read-only page of \.rodata, 24 bytes into `digits`", "write_rodata"),
    ("exec-data", r"execution of data: jump into \.data, 0 bytes into `code`", "command_crash"),
    ("bad-string", r".*0xffffec0000000000.*", "print_bad_string"),
    ("divide", r"divide by zero in `divide_by_zero`", "divide_by_zero"),
    ("invalid-opcode", r"invalid opcode in `invalid_opcode`: ud2, .*", "invalid_opcode"),
    ("general-protection", r"access to 0x8000000000000000, no valid address .*", "general_protection"),
    ("stack-overflow", r"stack overflow in task `crash`", "recurse"),
    ("stack-smash", r"stack smashed: .*", "smash_stack"),
    ("double-fault", r"double fault: the stack pointer was 0x0, where no stack is .*", "double_fault"),
    ("assert", r"assertion failed: one \+ one == 3: got 2 and 3 .*", "fail_assertion"),
    ("panic", r"crash: panic: got what was asked for", "plain_panic"),
    ("double-free", r"heap: .*", "free_twice"),
    ("wrong-free", r"heap: .*", "free_middle"),
    ("overrun", r"heap: .*", "overrun_block"),
    ("use-after-free", r"heap: .*", "use_after_free"),
)


@pytest.fixture
def machine_of(logs: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """A machine of the test's own, not started yet."""

    def make(*extra: str) -> Machine:
        name = re.sub(r"\W+", "-", request.node.name)
        return Machine(qemu.direct(ELF), logs / f"e2e-{name}", qemu.Hardware(extra=extra))

    return make


@pytest.mark.parametrize(("kind", "sentence", "function"), DEATHS, ids=[row[0] for row in DEATHS])
def test_crash(machine_of: Callable[..., Machine], kind: str, sentence: str, function: str) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter(f"crash {kind}")
        shell.wait(r"System halted\.\r\n")
        said = "\n".join(rendered(machine.serial))
        assert said.count("KERNEL PANIC: ") == 1
        assert re.search(rf"(?m)^KERNEL PANIC: {sentence}$", said), said
        assert re.search(rf"(?m)^#\d+ 0x[0-9a-f]{{16}} {function}[.+]", said), said


def test_breakpoint_is_survived(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash breakpoint")
        shell.wait(r"INFO trap: breakpoint at 0x[0-9a-f]{16}, going on")
        shell.wait(r"crash: a breakpoint is noted in the log, and the kernel goes on\r\nodyssey> ")
        assert b"KERNEL PANIC" not in machine.serial


def test_every_kind_has_its_test(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash")
        listed = shell.wait(r"\r\n((  \S+ .*\r\n)+)odyssey> ")[1].decode()
        tested = [row[0] for row in DEATHS] + ["breakpoint", "deadlock", "lockup"]
        assert sorted(line.split()[0] for line in listed.splitlines()) == sorted(tested)


def test_deadlock_is_reported_task_by_task(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash deadlock")
        shell.wait(r"deadlock: nothing can wake any of 4 tasks")
        for task, waits in (
            ("left", "waits to receive from channel `right`"),
            ("right", "waits to receive from channel `left`"),
            ("crash", "waits for the end of task `right`"),
            ("shell", "waits for event `job's end`"),
        ):
            shell.wait(rf"deadlock: task `{task}` {waits}")


def test_lockup_is_seen_by_the_watchdog(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash lockup")
        shell.wait(r"WARN watchdog: task `crash` has not given way for 2 seconds")
        shell.wait(r"#\d+ 0x[0-9a-f]{16} lock_up\+")


RESETS = ("-action", "reboot=reset")


def test_poweroff(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("poweroff")
        shell.wait(r"INFO power: off by ACPI")
        assert machine.qmp.wait_event("SHUTDOWN") == {"guest": True, "reason": "guest-shutdown"}


def test_reboot(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("reboot")
        shell.wait(r"INFO power: restart by ")
        assert machine.qmp.wait_event("SHUTDOWN")["reason"] == "guest-reset"


def test_ctrl_alt_del_restarts_at_the_prompt(machine_of: Callable[..., Machine]) -> None:
    with machine_of() as machine:
        machine.start()
        Shell(machine)
        machine.hold("ctrl", "alt", "delete")
        assert machine.qmp.wait_event("SHUTDOWN")["reason"] == "guest-reset"


def test_ctrl_alt_del_restarts_in_a_command(machine_of: Callable[..., Machine]) -> None:
    with machine_of(*RESETS) as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("sleep 1000")
        machine.press("ctrl", "alt", "delete")
        assert machine.qmp.wait_event("RESET")["reason"] == "guest-reset"
        shell.wait(r"Entering main loop\.\.\.\r\nodyssey> ")
