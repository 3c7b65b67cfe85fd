# SPDX-License-Identifier: MIT
"""Sessions at the shell, by keyboard and by serial line: every command, as somebody types it."""
from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest
from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD
from odyssey.shell import Shell

ELF = BUILD / "odyssey.elf"
INPUTS = ("keyboard", "serial")

# (line, what it prints): the commands that report, in one session.
SESSION = (
    ("help", r"(?m)^bench     time common operations +kill      end a task\n(.*\n)*.*  version  "),
    ("help peek", r"^usage: peek ADDRESS \[LENGTH\]\n"),
    ("version", r"^build [0-9a-f]{16}, (GCC|Clang) [\d.]+, version \d+\.\d+\.\d+\n$"),
    ("echo 'two  blanks' \"it's\" a\\ b", r"^two  blanks it's a b\n$"),
    ("uptime", r"^up: 0 d 00:\d\d:\d\d\.\d{3}\nclock: \S.*\n$"),
    ("date", r"^date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d( UTC)?\n$"),
    ("mem", r"^usable: \d+ KiB\nfree: \d+ KiB\n(.+: \d+ KiB\n)+in use: \[#+\.+\] \d+ %\n$"),
    ("heap", r"(?m)^live: \d+ bytes in \d+ blocks\n(.*\n)*check: nothing is wrong\n"),
    ("tasks", r"(?m)^ +id +name .*\n(.*\n)* +\d+  tasks +\d+\.\d .*running\n(.*\n)*idle: "),
    ("irq", r"(?m)^ +1 +\S+ +\d+ +0 +0\n(.*\n)*stray: 0\n"),
    ("cpu", r"^vendor: \w+\nmodel: .+\n(.*\n)*features used: nx .*\n"),
    ("map", r"(?m)r-x wb +4 KiB  \.text\n(.*\n)*audit: nothing can be both"),
    ("pt 0xffffffff80100000", r"(?m)^PT +256  0x\w{16}  4 KiB page at 0x100000, r-x.*\nphysical: 0x100000\n"),
    ("pt ffff800000b8000", r"not canonical"),
    ("pt 0", r"(?m)^physical: none, not mapped\n"),
    ("peek ffffffff80100000 4", r"^0xffffffff80100000  d6 50 52 e8  .*\|\.PR\.\|\n$"),
    ("peek 0", r"^peek: 0x0{16}: not mapped\n$"),
    ("hwreport", r"^=== hwreport begin ===\nversion: (.*\n){12,20}irq: 0=.*\n=== hwreport end ===\n$"),
    ("hwreport map", r"^base +length +type\n0x0{16}  0x0{11}\w{5}  1\n(0x\w{16}  0x\w{16}  \d+\n)+$"),
    ("log", r"(?m)^\[\d+\.\d{6}\] INFO memory: \d+ KiB usable"),
    ("dmesg error", r"^$"),
    ("keymap", r"^keymap: us\n$"),
    ("bench heap", r"^name .*\nheap +\d+\.\d +\d+\.\d  allocate and free 64 bytes\n$"),
    ("color", r"\x1b\[41m    \x1b\[0m red\n"),
    ("jobs", r"^ job +task +state +command\n$"),
    ("crash", r"(?m)^  null .*\n(.*\n)*  lockup "),
    ("crash breakpoint", r"INFO trap: breakpoint .*\n.*the kernel goes on\n$"),
    ("spawn", r"(?m)^  channel .*\n(.*\n)*  echo "),
    ("sleep 0.1", r"^$"),
    ("nonsense", r"^nonsense: unknown command \(try 'help'\)\n$"),
    ("peek", r"^usage: peek ADDRESS \[LENGTH\]\n$"),
    ("kill 999999", r"^kill: no task 999999\n$"),
    ("echo 'open", r"^shell: a quote is not closed"),
    ("   ", r"^$"),
)


@pytest.fixture(scope="module", params=INPUTS)
def shell(
    medium: Callable[[str], list[str]], logs: Path, request: pytest.FixtureRequest
) -> Iterator[Shell]:
    """Somebody at the prompt of a machine shared by the tests of this module, on one input."""
    log = logs / f"e2e-shell-{request.param}"
    with Machine(medium(""), log) as machine:
        machine.start()
        yield Shell(machine, by=request.param)


@pytest.fixture
def fresh(logs: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """A machine of the test's own, not started yet."""

    def make(*extra: str, words: str = "") -> Machine:
        name = re.sub(r"\W+", "-", request.node.name)
        return Machine(qemu.direct(ELF, words), logs / f"e2e-{name}", qemu.Hardware(extra=extra))

    return make


@pytest.mark.parametrize(("line", "output"), SESSION, ids=[line for line, _ in SESSION])
def test_command(shell: Shell, line: str, output: str) -> None:
    said = shell.run(line)
    assert re.search(output, said), said


def test_prompt_follows_the_main_loop(shell: Shell) -> None:
    assert b"Entering main loop...\r\nodyssey> " in shell.machine.serial


def test_ctrl_c_ends_a_command(shell: Shell) -> None:
    shell.enter("sleep 1000")
    shell.control("c")
    assert shell.wait_prompt().endswith("^C\n")
    assert "sleep" not in shell.run("tasks")


def test_ctrl_c_gives_a_line_up(shell: Shell) -> None:
    shell.type("echo never")
    shell.control("c")
    assert "never\n" not in shell.wait_prompt()
    assert shell.run("echo again") == "again\n"


def test_background_job_is_listed_and_its_end_said(shell: Shell) -> None:
    assert re.fullmatch(r"\[1\] task \d+\n", shell.run("sleep 0.7 &"))
    assert re.search(r"(?m)^ +1 +\d+  sleeps +sleep 0.7 &\n", shell.run("jobs"))
    shell.wait(r"\[1\] done: sleep 0\.7 &\r\n")
    assert "sleep" not in shell.run("jobs")


def test_kill_ends_a_background_job(shell: Shell) -> None:
    task = re.search(r"task (\d+)", shell.run("sleep 1000 &"))
    assert task
    start = len(shell.machine.serial)
    shell.run(f"kill {task[1]}")
    shell.wait(r"\[1\] done: sleep 1000 &\r\n", start)


def test_output_of_others_leaves_the_line_being_typed_alone(shell: Shell) -> None:
    shell.run("spawn channel")
    for character in "echo while others print":
        shell.type(character)
        time.sleep(0.07)
    shell.wait(r"consumer: the channel is closed\r\n")
    shell.machine.wait_until(
        lambda: shell.shown().endswith("odyssey> echo while others print"), "the line", shell.shown
    )
    assert shell.shown().count("consumer: received 5\n") >= 1
    assert shell.run("") == "while others print\n"


def test_both_ends_of_a_channel_go_when_one_is_killed(shell: Shell) -> None:
    start = len(shell.machine.serial)
    shell.run("spawn channel")
    task = re.search(r"(?m)^ +(\d+)  consumer ", shell.run("tasks"))
    assert task
    shell.run(f"kill {task[1]}")
    shell.machine.wait_until(lambda: "producer" not in shell.run("tasks"), "its end")
    assert b"the channel is closed" not in shell.machine.serial[start:]  # not what the consumer saw


def test_sleepers_wake_in_the_order_of_their_times(shell: Shell) -> None:
    start = len(shell.machine.serial)
    shell.run("spawn sleepers")
    shell.wait(r"awake after 0\.5 s", start)
    said = shell.machine.serial[start:].decode()
    assert re.findall(r"awake after 0\.(\d) s", said) == list("12345")


def test_clock_is_in_the_corner_until_it_is_killed(shell: Shell) -> None:
    shell.run("spawn clock")
    # On pixels a blank in reverse is a full block.
    clock = re.compile(r"[ █]\d\d:\d\d:\d\d█?$")
    shell.machine.wait_screen(lambda lines: bool(clock.search(lines[0])), "clock")
    task = re.search(r"(?m)^ +(\d+)  clock ", shell.run("tasks"))
    assert task
    shell.run(f"kill {task[1]}")
    shell.run("clear")
    assert "clock" not in shell.run("tasks")


def test_echo_reads_what_is_typed_until_ctrl_d(shell: Shell) -> None:
    shell.enter("spawn echo")
    shell.wait("echo: Ctrl-C or Ctrl-D ends it")
    start = len(shell.machine.serial)
    shell.type("to and fro")
    assert shell.machine.serial[start:].decode() == "to and fro"
    shell.control("d")
    shell.wait_prompt()


def test_clear_leaves_the_prompt_alone(shell: Shell) -> None:
    shell.run("clear")
    shell.machine.wait_screen(
        lambda lines: lines[0] == "odyssey>" and not any(lines[1:]), "the prompt alone"
    )


def test_color_is_on_the_screen_and_taken_back(shell: Shell) -> None:
    shell.run("color bright-yellow blue")
    shell.run("echo coloured")
    rows = shell.machine.wait_screen(lambda lines: "coloured" in lines, "the word")
    assert shell.machine.screen_attribute(rows.index("coloured"), 0) == 0x1E  # yellow on blue
    shell.run("color default")
    shell.run("echo plain")
    rows = shell.machine.wait_screen(lambda lines: "plain" in lines, "the word")
    assert shell.machine.screen_attribute(rows.index("plain"), 0) == 0x07


def test_tab_completes_commands_and_arguments(shell: Shell) -> None:
    shell.type("upt\t")
    assert shell.run("").startswith("up: ")
    shell.type("log err\t")
    assert shell.run("") == ""


def test_history_comes_back_and_can_be_edited(shell: Shell) -> None:
    shell.run("echo first")
    shell.run("echo second")
    shell.up()
    shell.up()
    shell.type("!")
    assert shell.run("") == "first!\n"


def test_ctrl_d_in_an_empty_line_does_not_end_the_shell(shell: Shell) -> None:
    shell.control("d")
    assert "nothing behind it" in shell.wait_prompt()


def test_kill_does_not_end_the_shell_itself(shell: Shell) -> None:
    task = re.search(r"(?m)^ +(\d+)  shell ", shell.run("tasks"))
    assert task
    shell.run(f"kill {task[1]}")
    assert shell.run("echo still here") == "still here\n"


def test_keymap_is_another_for_the_keyboard(shell: Shell) -> None:
    shell.run("keymap de")
    start = len(shell.machine.serial)
    shell.machine.press("y")
    shell.wait("z", start)
    shell.control("c")
    shell.wait_prompt()
    # On this layout the keys of "keymap us" are found elsewhere.
    shell.run("kezmap us" if shell.by == "keyboard" else "keymap us", shows="keymap us")
    assert shell.run("keymap") == "keymap: us\n"


def test_typed_ahead_is_not_lost(shell: Shell) -> None:
    start = len(shell.machine.serial)
    shell.enter("sleep 0.5")
    shell.type_blind("echo later\n")
    shell.wait(r"\r\nlater\r\n", start)
    shell.wait_prompt()
