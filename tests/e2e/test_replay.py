# SPDX-License-Identifier: MIT
"""`make record` and `make replay`, as docs/debugging.md shows them."""
from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Iterator

import pexpect
import pytest
from docs.fences import fences
from odyssey import qemu, recording
from odyssey.machine import PROMPT
from odyssey.settings import ROOT
from odyssey.transcript import OMITTED, Step, difference, same_line, steps
from test_debug import Debugger, session

SECONDS = 90
NUMBER = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{16}\b|\d+")

pytestmark = [
    pytest.mark.skipif(not shutil.which("qemu-img"), reason="qemu-img is not installed"),
    pytest.mark.skipif(
        qemu.Hardware.from_environment().firmware == "uefi", reason="recorded without firmware"
    ),
]


@pytest.fixture(scope="module", autouse=True)
def recorded(logs: Path) -> None:
    """A shell that broke the heap, and a person who ended it."""
    with open(logs / "e2e-record.terminal", "w") as log:
        terminal = pexpect.spawn(
            sys.executable, [str(ROOT / "tools" / "record.py")], timeout=SECONDS, logfile=log,
            encoding="utf-8",
        )  # fmt: skip
        try:
            terminal.expect_exact(PROMPT)
            terminal.send("crash overrun\r")
            terminal.expect_exact("System halted.")
            terminal.sendintr()
            terminal.expect(pexpect.EOF)
        finally:
            terminal.close(force=True)
    assert terminal.exitstatus == 0


@pytest.fixture
def gdb(logs: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Debugger]:
    log = logs / f"e2e-replay-{request.node.name}.terminal"
    with session(log, tmp_path, "--replay") as debugger:
        assert "pvh_entry ()" in debugger.answer()
        yield debugger


def instruction_count(gdb: Debugger) -> int:
    answer = re.search(r"instruction count = (\d+)", gdb.ask("monitor info replay"))
    assert answer is not None
    return int(answer[1])


def test_replay_is_the_same_to_its_end(gdb: Debugger) -> None:
    gdb.ask("continue")
    assert "paused (shutdown)" in gdb.ask("monitor info status")
    said, again = ((recording.FOLDER / f"{mode}.log").read_bytes() for mode in ("record", "replay"))
    assert b"KERNEL PANIC: heap: " in said
    assert again == said


def test_steps_go_both_ways(gdb: Debugger) -> None:
    gdb.run_to("kernel_heap_report")
    there, at = instruction_count(gdb), gdb.ask("output $pc")
    registers = gdb.ask("info registers")
    for steps in range(1, 4):
        gdb.ask("reverse-stepi")
        assert instruction_count(gdb) == there - steps
    gdb.ask("stepi 3")
    assert (instruction_count(gdb), gdb.ask("output $pc")) == (there, at)
    assert gdb.ask("info registers") == registers


def documented() -> list[Step]:
    """The worked example: one session, whatever is said between its parts."""
    page = (ROOT / "docs" / "debugging.md").read_text()
    return [
        step for fence in fences(page) if fence.language == "replay" for step in steps(fence)[1]
    ]


def test_documented_session(gdb: Debugger) -> None:
    """Word by word; numbers, which another kernel has others of, are followed from line to line."""
    session = documented()
    assert len(session) > 8
    here: dict[str, str] = {}  # by the number that the document has for it
    for step in session:
        answer = gdb.ask(NUMBER.sub(lambda number: here.get(number[0], number[0]), step.typed))
        why = difference(step.shown, answer.splitlines())
        assert not why, f"line {step.line}: {step.typed}: {why}\n{answer}"
        for line in filter(lambda line: line != OMITTED, step.shown):
            said = next(said for said in answer.splitlines() if same_line(line, said))
            # Large numbers are addresses or contents; small ones mean what they say everywhere.
            for ours, found in zip(NUMBER.findall(line), NUMBER.findall(said)):
                if len(ours) > 4:
                    want = here.setdefault(ours, found)
                    assert found == want, f"line {step.line}: {line!r}: for {ours} want {want}: {said!r}"


def test_another_kernel_is_not_replayed() -> None:
    saved = recording.FOLDER / "kernel.elf"
    content = saved.read_bytes()
    saved.write_bytes(content[:-1])
    try:
        command = pexpect.spawn(sys.executable, [str(ROOT / "tools" / "debug.py"), "--replay"])
        command.expect(pexpect.EOF)
    finally:
        saved.write_bytes(content)
    assert command.before.decode() == (
        "debug: odyssey was built anew since: `make record` once more\r\n"
    )
