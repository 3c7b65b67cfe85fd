# SPDX-License-Identifier: MIT
"""The QR code of a panic, read off pictures of the screen and compared with the serial line."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest
from odyssey import qemu, qr_reader
from odyssey.image import with_command_line
from odyssey.machine import Machine, rendered
from odyssey.panic_screen import beside_code, panic_text
from odyssey.settings import BUILD
from odyssey.shell import Shell
from test_debug import session

pytestmark = pytest.mark.skipif(not qr_reader.is_there(), reason="zbarimg is not installed")

TEXT, *PIXELS = "text", "640x480", "1024x768", "1920x1080"
NARROW = (TEXT, "640x480")  # 80 columns


@pytest.fixture(params=[TEXT, *PIXELS])
def machine(logs: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    log = logs / f"e2e-panic-qr-{request.param}"
    if request.param == TEXT:
        made = Machine(qemu.cdrom(BUILD / "odyssey.iso"), log, qemu.Hardware())
    elif qemu.find_ovmf() is None:
        pytest.skip("needs OVMF")
    else:
        iso = with_command_line(BUILD / "odyssey.iso", "", request.param)
        made = Machine(qemu.cdrom(iso), log, qemu.Hardware(firmware="uefi", memory="256"))
    with made:
        made.start()
        yield made


def codes_on(machine: Machine, picture: Path) -> list[str]:
    machine.screendump(picture)
    return qr_reader.read([picture])[0]


def essentials(said: str) -> list[str]:
    """What the code has to say, by what the serial line said."""

    def found(pattern: str) -> re.Match[str]:
        match = re.search(pattern, said, re.MULTILINE)
        assert match is not None, said
        return match

    sentence = found(r"^KERNEL PANIC: (.*)$")[1]
    build = found(r"^build ([0-9a-f]{16}), ")[1]
    exception = found(r"^exception \d+, (#\w+) .*error code 0x([0-9a-f]+)")
    cr2 = int(found(r"\bcr2 ([0-9a-f]{16})")[1], 16)
    innermost = found(r"^#0 0x[0-9a-f]{16} (\w+)\+0x([0-9a-f]+)$")
    trace = re.findall(r"^#\d+ 0xffffffff([0-9a-f]{8}) ", said, re.MULTILINE)
    return [
        sentence[:48],
        f"{build} {exception[1]} {exception[2]} {cr2:x}",
        f"{innermost[1][:20]}+{innermost[2]}",
        " ".join(address.lstrip("0") for address in trace),
    ]


def test_code_says_what_the_serial_line_said(
    machine: Machine, logs: Path, request: pytest.FixtureRequest
) -> None:
    shell = Shell(machine)
    shell.enter("crash write-rodata")
    shell.wait(r"System halted\.\r\n")
    machine.wait_halted()
    said = "\n".join(rendered(machine.serial))
    want = essentials(said)
    codes = codes_on(machine, logs / f"e2e-{request.node.callspec.id}-panic-qr.ppm")
    assert len(codes) == 1
    *lines, trace = codes[0].split("\n")
    assert lines == want[:-1]
    assert len(trace.split()) >= 3 and want[-1].startswith(trace)

    screen = machine.screen_text()
    sentence = re.search(r"(?m)^KERNEL PANIC: .*$", said)
    assert sentence is not None
    assert panic_text(screen).startswith(sentence[0].replace(" ", ""))
    assert beside_code(screen).count("System halted.") == 1
    assert said.endswith("System halted.\n"), "the code is for the screen alone"
    if request.node.callspec.id in NARROW:
        repeated = beside_code(screen)[: beside_code(screen).index("")]
        assert " ".join(repeated) == sentence[0], "whole words on each line"


def test_code_stays_readable_while_a_restart_is_counted_down(logs: Path) -> None:
    elf = qemu.direct(BUILD / "odyssey.elf", "panic=reboot")
    with Machine(elf, logs / "e2e-panic-qr-restart", qemu.Hardware()) as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash panic")
        shell.wait(r"Restarting in 5 4")
        picture = logs / "e2e-panic-qr-restart.ppm"
        machine.screendump(picture)
        (code,) = qr_reader.read([picture])[0]
        assert code.startswith("crash: panic: got what was asked for\n")
        left = beside_code(machine.screen_text())
        assert left[left.index("System halted.") + 1].startswith("Restarting in 5 4")


@pytest.mark.parametrize("broken", ["$rdi", "$rsi"], ids=["the code's text", "the sentence"])
def test_fault_in_painting_costs_nothing_of_the_report(
    logs: Path, tmp_path: Path, broken: str
) -> None:
    log = logs / "e2e-panic-qr-fault.terminal"
    words = "scenario=should_panic"
    with session(log, tmp_path, "--fast", "--test", words=words) as gdb:
        gdb.answer()
        gdb.run_to("panic_qr_paint")
        gdb.ask(f"set var {broken} = 0xffffec0000001000")
        assert "debug_exit" in gdb.run_to("debug_exit")
        cells = tmp_path / "cells"
        gdb.ask("set var $screen = (char *)'drivers/vga_text.c'::vga.cells")
        gdb.ask(f"dump binary memory {cells} $screen $screen+4000")
        text = cells.read_bytes()[::2].decode("cp437")
    rows = [text[i : i + 80].rstrip() for i in range(0, len(text), 80)]
    assert rows.count("System halted.") == 1
    assert any(row.startswith("KERNEL PANIC: scenario should_panic: ") for row in rows)
    assert "fault" not in text
