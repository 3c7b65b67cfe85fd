# SPDX-License-Identifier: MIT
"""Machines that lack something: they say so, and do what is left."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest
from odyssey import qemu
from odyssey.machine import PROMPT, Machine
from odyssey.settings import BUILD

# How the entry code compares the magic number: cmp eax, imm32 and cmp dword [ebx], imm32.
MULTIBOOT2_COMPARE = bytes.fromhex("3d 89 62 d7 36")
PVH_COMPARE = bytes.fromhex("81 3b 78 c5 6e 33")

pytestmark = pytest.mark.skipif(
    qemu.Hardware.from_environment().firmware == "uefi", reason="SeaBIOS machines"
)


@pytest.fixture
def lacking(logs: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """A machine with these extra QEMU options, booted by the kernel's PVH note."""

    def make(*extra: str, elf: Path = BUILD / "odyssey.elf") -> Machine:
        hardware = qemu.Hardware(extra=extra)
        return Machine(qemu.direct(elf), logs / f"e2e-{request.node.name}", hardware)

    return make


def pc_without(part: str) -> tuple[str, str]:
    """QEMU's options for a PC without a part; skips where this QEMU always has it."""
    if not qemu.has_property("-M", "pc", part):
        pytest.skip(f"this QEMU makes no PC without its {part}")
    return "-M", f"pc,{part}=off"


def says(machine: Machine, sentence: str) -> None:
    machine.wait_serial(re.escape(sentence.encode()))


def echoes_serial(machine: Machine) -> None:
    start = len(machine.serial)
    machine.send_serial(b"by wire")
    machine.wait_serial(b"by wire", start)


def echoes_keyboard(machine: Machine) -> None:
    machine.type_text("by key")


def test_no_pit_means_the_rtc_ticks(lacking: Callable[..., Machine]) -> None:
    with lacking(*pc_without("pit")) as machine:
        machine.start()
        says(machine, "RTC periodic interrupt at 1024 Hz")
        machine.wait_prompt()
        echoes_keyboard(machine)
        echoes_serial(machine)


def test_no_pic_means_polling(lacking: Callable[..., Machine]) -> None:
    with lacking(*pc_without("pic")) as machine:
        machine.start()
        says(machine, "no interrupt controller")
        says(machine, "nothing ticks on this machine")
        machine.wait_prompt()
        machine.send_serial(b"irq\r")
        says(machine, "irq: this machine has no interrupt controller; devices are polled\r\n")
        echoes_keyboard(machine)
        echoes_serial(machine)


def test_no_pic_leaves_a_way_to_end_a_long_command(lacking: Callable[..., Machine]) -> None:
    with lacking(*pc_without("pic")) as machine:
        machine.start()
        machine.wait_prompt()
        machine.send_serial(b"peek 0xffff800000100000 16000000\r")  # a million lines
        machine.wait_serial(rb"\n0xffff800000100400  ")
        machine.send_serial(b"\x03")  # Ctrl-C
        machine.wait_serial(re.escape(f"^C\r\n{PROMPT}".encode()))


def test_rate_of_the_tsc_is_asked_of_the_cpu_where_nothing_else_can_tell(
    lacking: Callable[..., Machine],
) -> None:
    board = f"{pc_without('pit')[1]},pic=off"
    # The leaf is there and says nothing, so a guess it is.
    with lacking("-M", board, "-cpu", "qemu64,level=0x16") as machine:
        machine.start()
        machine.wait_prompt()
        machine.send_serial(b"hwreport\r")
        says(machine, "clock: TSC, rate unknown")


@pytest.mark.parametrize(("word", "clock"), [("tsc", "TSC;"), ("tick", "tick and PIT;")])
def test_clock_is_the_one_asked_for(
    logs: Path, word: str, clock: str, request: pytest.FixtureRequest
) -> None:
    medium = qemu.direct(BUILD / "odyssey.elf", f"clock={word}")
    log = logs / f"e2e-{request.node.name}"
    with Machine(medium, log, qemu.Hardware(extra=("-cpu", "max,+invtsc"))) as machine:
        machine.start()
        machine.wait_prompt()
        machine.send_serial(b"sleep 0.5\rhwreport\r")
        says(machine, f"clock: {clock}")


def test_blanks_before_the_cpus_name_are_left_out(lacking: Callable[..., Machine]) -> None:
    with lacking("-cpu", "qemu64,model-id=    A CPU") as machine:
        machine.start()
        machine.wait_prompt()
        machine.send_serial(b"cpu\r")
        says(machine, "\r\nmodel: A CPU\r\n")


def test_cpu_without_nx_has_an_audit_of_its_own(lacking: Callable[..., Machine]) -> None:
    with lacking("-cpu", "qemu64,-nx") as machine:
        machine.start()
        machine.wait_prompt()
        says(machine, "WARN paging: NX not enforceable on this CPU; the text is read-only everywhere")
        machine.send_serial(b"map\r")
        says(machine, "\r\naudit: NX not enforceable on this CPU; the text is read-only everywhere")


def test_poweroff_that_cannot_be_comes_back_to_the_prompt(lacking: Callable[..., Machine]) -> None:
    with lacking("-M", "pc", "-no-acpi") as machine:
        machine.start()
        machine.wait_prompt()
        machine.send_serial(b"poweroff\recho still here\r")
        says(machine, "this machine cannot be turned off from here: use its switch")
        says(machine, "\nstill here\r\n")


def test_no_keyboard_controller_leaves_the_serial_line(lacking: Callable[..., Machine]) -> None:
    with lacking(*pc_without("i8042")) as machine:
        machine.start()
        says(machine, "no keyboard found")
        machine.wait_prompt()
        check_complaint_is_near_the_prompt(machine)
        echoes_serial(machine)


def test_keyboard_on_usb_alone_is_told_from_none_by_a_hint(lacking: Callable[..., Machine]) -> None:
    usb_alone = ("-device", "qemu-xhci", "-device", "usb-kbd")
    with lacking(*pc_without("i8042"), *usb_alone) as machine:
        machine.start()
        machine.wait_prompt()
        check_complaint_is_near_the_prompt(machine)
        machine.press_character("x")  # goes to the USB keyboard, which nobody reads
        echoes_serial(machine)
        assert b"x" not in machine.serial[machine.serial.rindex(PROMPT.encode()) :]


def check_complaint_is_near_the_prompt(machine: Machine) -> None:
    """Where somebody looks whose keyboard does nothing: on the same screen."""
    lines = machine.wait_screen(lambda lines: PROMPT.rstrip() in lines, "the prompt")
    assert any("no keyboard found: no 8042 controller" in line for line in lines)
    assert any("one on USB works only where" in line for line in lines)


def test_no_serial_port_leaves_the_screen(lacking: Callable[..., Machine]) -> None:
    # The harness's serial line is there, but where nobody looks for COM1.
    with lacking("-global", "isa-serial.iobase=0x2e8") as machine:
        machine.start()
        machine.wait_screen(
            lambda lines: any("no serial port" in line for line in lines), "its complaint"
        )
        machine.wait_screen(lambda lines: PROMPT.rstrip() in lines, "the prompt")
        for end in range(1, len("typed") + 1):
            machine.press_character("typed"[end - 1])
            machine.wait_screen(lambda lines: PROMPT + "typed"[:end] in lines, "what was typed")


def test_no_screen_leaves_the_serial_line(lacking: Callable[..., Machine]) -> None:
    with lacking("-vga", "none") as machine:
        machine.start()
        machine.wait_prompt()
        echoes_keyboard(machine)
        echoes_serial(machine)


@pytest.mark.parametrize("cpu", ["486", "max,-lm"])
def test_cpu_without_long_mode_is_refused_in_words(
    lacking: Callable[..., Machine], cpu: str
) -> None:
    sentence = "this CPU has no long mode; a 64-bit x86 CPU is needed"
    with lacking("-cpu", cpu) as machine:
        machine.start()
        says(machine, f"KERNEL PANIC: boot: {sentence}\r\nSystem halted.\r\n")
        machine.wait_screen(lambda lines: lines[0].endswith(sentence), "the sentence")
        assert machine.screen_text()[1] == "System halted."


def patched(original: Path, target: Path, compare: bytes) -> Path:
    """The kernel with another magic number in its comparison: the loader's is then wrong."""
    image = original.read_bytes()
    assert image.count(compare) == 1
    target.write_bytes(image.replace(compare, compare[:-4] + b"\0\0\0\0"))
    return target


def test_wrong_pvh_magic_is_refused_in_words(
    lacking: Callable[..., Machine], tmp_path: Path
) -> None:
    elf = patched(BUILD / "odyssey.elf", tmp_path / "pvh.elf", PVH_COMPARE)
    with lacking(elf=elf) as machine:
        machine.start()
        says(machine, "KERNEL PANIC: boot: PVH start info has the wrong magic number")


def test_wrong_multiboot2_magic_is_refused_in_words(logs: Path, tmp_path: Path) -> None:
    iso = patched(BUILD / "odyssey.iso", tmp_path / "magic.iso", MULTIBOOT2_COMPARE)
    with Machine(qemu.cdrom(iso), logs / "e2e-multiboot2-magic", qemu.Hardware()) as machine:
        machine.start()
        says(machine, "KERNEL PANIC: boot: not started by a Multiboot2 loader")
