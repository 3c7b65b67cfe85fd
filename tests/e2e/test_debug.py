# SPDX-License-Identifier: MIT
"""`make debug`, driven as a person would: GDB from the kernel's first instruction on."""
from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Iterator

import pexpect
import pytest
from odyssey import qemu
from odyssey.machine import PROMPT as SHELL_PROMPT
from odyssey.settings import ROOT

SECONDS = 90
PROMPT = "(gdb) "
KMAIN = r"(?:\./)?kernel/kmain\.c"  # Clang writes the dot


class Debugger:
    """A GDB session on a machine that boots."""

    def __init__(self, terminal: pexpect.spawn[str]) -> None:
        self._terminal = terminal

    def answer(self) -> str:
        """What GDB prints up to its next prompt."""
        self._terminal.expect_exact(PROMPT)
        return self._terminal.before.replace("\r\n", "\n")

    def ask(self, command: str) -> str:
        self._terminal.sendline(command)
        return self.answer().partition("\n")[2]  # the first line is the command's echo

    def run_to(self, place: str) -> str:
        """Let the machine run until it is there, once."""
        self.ask(f"tbreak {place}")
        return self.ask("continue")

    def run_until_printed(self, text: str) -> None:
        self._terminal.sendline("continue")
        self._terminal.expect_exact(text)

    def interrupt(self) -> str:
        self._terminal.sendintr()
        return self.answer()

    def quit(self) -> None:
        self._terminal.sendline("quit")
        self._terminal.expect(pexpect.EOF)


@pytest.fixture(params=["iso", "fast"])
def path(request: pytest.FixtureRequest) -> str:
    """The boot path: GRUB from the ISO, or QEMU's -kernel."""
    if request.param == "fast" and qemu.Hardware.from_environment().firmware == "uefi":
        pytest.skip("FAST=1 boots without firmware")
    return request.param


def end(terminal: pexpect.spawn[str]) -> None:
    """Have `make debug` end its machine and itself; only then is the terminal closed."""
    if terminal.isalive():
        terminal.kill(signal.SIGTERM)
        terminal.expect(pexpect.EOF)
    terminal.close(force=True)


@contextlib.contextmanager
def session(log: Path, home: Path, *options: str, words: str = "") -> Iterator[Debugger]:
    """`make debug`, with nobody's own settings, no colours, no window."""
    if not (os.environ.get("GDB") or shutil.which("gdb") or shutil.which("x86_64-elf-gdb")):
        pytest.skip("gdb is not installed")
    environment = {**os.environ, "HOME": str(home), "TERM": "dumb"}
    if words:
        environment["CMDLINE"] = words
    if "--fast" in options:
        environment["FIRMWARE"] = "bios"  # it boots without any
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    command = [str(ROOT / "tools" / "debug.py"), *options]
    with open(log, "w") as file:
        terminal = pexpect.spawn(
            sys.executable, command, env=environment, timeout=SECONDS, logfile=file,
            encoding="utf-8", dimensions=(50, 120),
        )  # fmt: skip
        try:
            yield Debugger(terminal)
        finally:
            end(terminal)


@pytest.fixture
def gdb(path: str, logs: Path, tmp_path: Path) -> Iterator[Debugger]:
    options = ["--fast"] if path == "fast" else []
    with session(logs / f"e2e-debug-{path}.terminal", tmp_path, *options) as debugger:
        yield debugger


def test_session(gdb: Debugger, path: str) -> None:
    entry = {"iso": "multiboot2_entry", "fast": "pvh_entry"}[path]
    assert re.search(rf"#0  {entry} \(\) at boot/entry\.asm:\d+\n\d+\s+cli\n", gdb.answer())
    assert "paging is off" in gdb.ask("page-walk 0x100000")
    assert "not to be read before paging is on" in gdb.ask("boot-info")
    assert re.search(r"<kmain>:\s+push ", gdb.ask("x/i kmain")), "from the file: nothing is mapped"

    gdb.ask("break kmain")
    stop = gdb.ask("continue")
    assert re.search(rf"Breakpoint 1, kmain \(.*\) at {KMAIN}:\d+\n\d+\s+cpu_init\(\);", stop)
    assert re.search(rf"^#0  kmain \(.*\) at {KMAIN}:\d+$", gdb.ask("bt"), re.MULTILINE)
    assert "not parsed yet" in gdb.ask("boot-info")

    gdb.run_to("boot_report")
    assert re.search(r"^#1 .* kmain \(", gdb.ask("bt"), re.MULTILINE)
    protocol = {"iso": "BOOT_MULTIBOOT2", "fast": "BOOT_PVH"}[path]
    information = gdb.ask("boot-info")
    assert f"protocol {protocol}" in information
    above_low_memory = r"^  0{10}100000 to [0-9a-f]{16}  type 1, available$"
    assert re.search(above_low_memory, information, re.MULTILINE)

    gdb.run_until_printed(SHELL_PROMPT)  # then nothing but interrupts happens
    assert "SIGINT" in gdb.interrupt()
    gdb.run_to("irq_dispatch")
    frame = gdb.ask("trap-frame").rstrip().split("\n")
    assert frame[0] == "vector 32, hardware interrupt, IRQ 0, error code 0x0"
    # The bottom of the stack that was interrupted: the idle boot task's, or the program's.
    call = r"#\d+ +ffffffff8[0-9a-f]{7}  (\w+) at (kernel/\w+\.c):(\d+)"
    outermost = re.fullmatch(call, frame[-1])
    assert outermost is not None, frame
    line = (ROOT / outermost[2]).read_text().split("\n")[int(outermost[3]) - 1]
    first_calls = {"kmain": ("task_spawn(", "executor_run("), "task_start": ("entry(",)}
    assert any(call in line for call in first_calls[outermost[1]]), (frame[-1], line)
    gdb.quit()


@pytest.mark.parametrize("path", ["fast"], indirect=True)
def test_page_walk(gdb: Debugger) -> None:
    gdb.answer()
    gdb.ask("break kmain")
    gdb.ask("continue")
    walk = gdb.ask("page-walk kmain")
    levels = [line.partition("[")[0] for line in walk.split("\n")[1:5]]
    assert levels == ["PML4E", "PDPTE", "PDE", "PTE"]
    address = int(gdb.ask("print/x (unsigned long)kmain").split("=")[1], 16)
    linked, loaded = f"{address:#x}", f"{address - 0xFFFFFFFF80000000:#x}"
    assert f"{linked} -> {loaded}, page of 4 KiB, R-X, kmain at kernel/kmain.c:" in walk
    assert "page of 4 KiB, R--, " in gdb.ask("page-walk &__rodata_start")
    assert "page of 4 KiB, RW-, " in gdb.ask("page-walk &__data_start")
    direct = gdb.ask("page-walk 0xffff800000212345")
    assert "0xffff800000212345 -> 0x212345, page of 2 MiB, RW-" in direct
    assert gdb.ask("page-walk 0").rstrip().endswith("not present")
    assert "is not canonical" in gdb.ask("page-walk 0x800000000000")
    assert "usage: page-walk ADDRESS" in gdb.ask("page-walk")
    assert 'No symbol "nothing"' in gdb.ask("page-walk nothing")


@pytest.mark.parametrize("path", ["fast"], indirect=True)
def test_tasks(gdb: Debugger) -> None:
    gdb.answer()
    assert "not to be read before paging is on" in gdb.ask("tasks")
    gdb.run_to("kmain")
    assert "no tasks yet" in gdb.ask("tasks")
    assert "usage: tasks" in gdb.ask("tasks all")
    # The idle task halts once all others wait.
    gdb.run_to("kernel/idle.c:halt")
    shown = gdb.ask("tasks")
    first, idle = shown.split("\ntask `idle` ")
    waits = r"task `shell` waits for event `(keyboard|serial line|job's end)`, or more\n"
    assert re.match(waits, first)
    assert re.search(r"^#0 +[0-9a-f]{16}  \w+ at kernel/\w+\.[ch]:\d+$", first, re.MULTILINE)
    assert re.search(r"^#\d+ +[0-9a-f]{16}  task_start at kernel/task\.c:\d+$", first, re.MULTILINE)
    runs, *calls = idle.rstrip().split("\n")
    assert runs == "runs"
    assert re.fullmatch(r"#0 +[0-9a-f]{16}  halt at kernel/idle\.c:\d+", calls[0])
    assert "  kmain at kernel/kmain.c:" in calls[-1]


BLOCK = r"^[0-9a-f]{16} +(\d+)  %s$"


@pytest.mark.parametrize("path", ["fast"], indirect=True)
def test_heap_blocks(gdb: Debugger) -> None:
    gdb.answer()
    assert "not to be read before paging is on" in gdb.ask("heap-blocks")
    gdb.run_to("kmain")
    assert "no heap yet" in gdb.ask("heap-blocks")
    gdb.run_to("kernel/idle.c:halt")
    shown = gdb.ask("heap-blocks")
    sizes = [int(size) + 8 for size in re.findall(BLOCK % "live", shown, re.MULTILINE)]
    assert re.search(rf"^{len(sizes)} live of {sum(sizes)} bytes, 0 quick of 0 bytes, ", shown, re.M)
    assert shown.rstrip().endswith("\nnothing is broken")
    assert int(gdb.ask("output 'mm/kmalloc.c'::kernel_heap.live_blocks")) == len(sizes)
    alone = gdb.ask("heap-blocks 0xffffc00000000017")
    assert re.search(BLOCK % "live", alone.partition("\n")[0])
    assert "is in no block" in gdb.ask("heap-blocks kmain")

    gdb.ask("set var 'mm/kmalloc.c'::kernel_heap.live_units = 1")
    assert f"broken: 16 bytes counted as live, found {sum(sizes)}" in gdb.ask("heap-blocks")
    gdb.ask("set var {unsigned long}0xffffc00000000008 = 3")
    said = gdb.ask("heap-blocks")
    assert "broken at 0xffffc00000000008: the tag 0x3 is no block's: what lies behind" in said


def test_heap_blocks_of_a_checked_heap(logs: Path, tmp_path: Path) -> None:
    log = logs / "e2e-debug-checked.terminal"
    words = "test=kmalloc.trim_keeps_nothing_back"
    with session(log, tmp_path, "--fast", "--test", words=words) as gdb:
        gdb.answer()
        gdb.ask("break heap_checked_trim if checked.quarantine_blocks >= 10")
        gdb.ask("continue")
        by = r"ktest_kmalloc\.trim_keeps_nothing_back at tests/unit/test_kmalloc\.c:\d+"
        freed = rf"^([0-9a-f]{{16}}) +50  freed, by {by}, freed by {by}$"
        shown = gdb.ask("heap-blocks")
        blocks = re.findall(freed, shown, re.MULTILINE)
        assert len(blocks) == 10
        assert "  live, by task_spawn at kernel/task.c:" in shown

        # A write after the free, one in front of a block, one behind one.
        gdb.ask(f"set var {{char}}(0x{blocks[0]} + 7) = 1")
        gdb.ask(f"set var {{char}}(0x{blocks[1]} - 1) = 2")
        said = gdb.ask("heap-blocks")
        first, second = (int(block, 16) for block in blocks[:2])
        assert f"broken at {first + 7:#x}: was written to: after the free, 0x1 for 0xd7" in said
        assert f"broken at {second - 1:#x}: was written to: before the block, 0x2 for 0xb3" in said
        gdb.ask(f"set var {{char}}(0x{blocks[0]} + 7) = 0xd7")
        gdb.ask(f"set var {{char}}(0x{blocks[1]} - 1) = 0xb3")

        gdb.run_to("heap_trim")
        shown = gdb.ask("heap-blocks")
        assert len(re.findall(BLOCK % "quick", shown, re.MULTILINE)) == 10
        assert shown.rstrip().endswith("nothing is broken")
        link = int(re.findall(r"^([0-9a-f]{16}) .* quick$", shown, re.MULTILINE)[5], 16)
        gdb.ask(f"set var {{unsigned long}}{link:#x} = 0x1230")
        said = gdb.ask("heap-blocks")
        assert re.search(rf"broken at {link:#x}: quick list 9 leads from here to 0x1230: nothing", said)
        assert said.count("is quick, but in no list") == 5


def test_heap_blocks_that_are_free(logs: Path, tmp_path: Path) -> None:
    log = logs / "e2e-debug-free.terminal"
    words = "test=kernel_heap.alignments_up_to_2_mib"
    with session(log, tmp_path, "--fast", "--test", words=words) as gdb:
        gdb.answer()
        gdb.ask("break heap_checked_free if (unsigned long)payload % 4096 == 0")
        gdb.ask("continue")
        shown = gdb.ask("heap-blocks")
        free = re.search(r"^([0-9a-f]{16}) +(\d+)  free$", shown, re.MULTILINE)
        assert free is not None and shown.rstrip().endswith("nothing is broken")
        payload, size = int(free[1], 16), int(free[2])
        gdb.ask(f"set var {{unsigned long}}{payload + 8:#x} = 0")
        assert f"broken at {payload:#x}: bin " in gdb.ask("heap-blocks")
        gdb.ask(f"set var {{unsigned long}}{payload + size - 8:#x} = 1")
        assert f"broken at {payload - 8:#x}: its two tags differ" in gdb.ask("heap-blocks")


@pytest.mark.parametrize("path", ["fast"], indirect=True)
def test_commands_are_documented(gdb: Debugger) -> None:
    gdb.answer()
    overview = gdb.ask("help odyssey")
    for command in (
        "trap-frame", "page-walk", "boot-info", "tasks", "heap-blocks", "odyssey enter",
    ):  # fmt: skip
        assert command in overview
        assert f"Usage: {command}" in gdb.ask(f"help {command}")


def test_missing_gdb_is_said_in_one_line() -> None:
    environment = {**os.environ, "GDB": "", "PATH": "/nowhere"}
    command = pexpect.spawn(sys.executable, [str(ROOT / "tools" / "debug.py")], env=environment)
    command.expect(pexpect.EOF)
    lines = command.before.decode().strip().split("\r\n")
    assert len(lines) == 1
    assert lines[0].startswith("debug: gdb is not installed: `tools/setup.sh debug` installs")
    command.close()
    assert command.exitstatus == 1
