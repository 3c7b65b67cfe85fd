# SPDX-License-Identifier: MIT
"""The hardware report: each of its lines against the machine that QEMU was told to make."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple

import pytest
from odyssey import grub, qemu
from odyssey.image import with_command_line
from odyssey.machine import PROMPT, SCREEN_COLUMNS, SCREEN_ROWS, Machine
from odyssey.settings import BUILD, ROOT
from odyssey.shell import Shell

BEGIN, END = "=== hwreport begin ===", "=== hwreport end ==="
MENU_ROW = 3
ELF, ISO = BUILD / "odyssey.elf", BUILD / "odyssey.iso"

# One instruction is 64 ns, and the TSC counts nanoseconds: its rate is known.
TIMED = ("-icount", "shift=6,sleep=off", "-rtc", "base=2031-05-06T07:08:09,clock=vm")
NO_HPET = ("-M", "pc,hpet=off") if qemu.has_property("-M", "pc", "hpet") else ("-no-hpet",)
NO_ACPI = ("-M", "pc,acpi=off") if qemu.has_property("-M", "pc", "acpi") else ("-no-acpi",)
NO_COM1 = ("-global", "isa-serial.iobase=0x2e8")  # the harness's line, where nobody looks for COM1
USB_KEYBOARD_ALONE = ("-M", "pc,i8042=off", "-device", "qemu-xhci", "-device", "usb-kbd")


class Fields(dict[str, str]):
    """A report's values by key; a list's lines are one value."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        for line in lines:
            key, separator, value = line.partition(":")
            assert separator, line
            self[key] = f"{self[key]} {value.strip()}" if key in self else value.strip()


def lines_between_markers(lines: list[str]) -> list[str]:
    begin = lines.index(BEGIN)
    return lines[begin + 1 : lines.index(END, begin)]


def report_on_serial(machine: Machine) -> list[str]:
    end = machine.wait_serial(re.escape(END.encode()) + rb"\r\n" + PROMPT.encode()).end()
    return lines_between_markers(machine.serial[:end].decode(errors="replace").split("\r\n"))


def report_on_screen(machine: Machine) -> list[str]:
    """All of it is there, markers included, and the prompt below."""
    lines = machine.wait_screen(
        lambda lines: END in lines and lines[lines.index(END) + 1] == PROMPT.rstrip(), "the report"
    )
    return lines_between_markers(lines)


@pytest.fixture
def pc(logs: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """A machine that makes a report at boot, whatever FIRMWARE= and QEMU_EXTRA= say; by PVH."""

    def make(*extra: str, memory: str = "64") -> Machine:
        name = re.sub(r"\W+", "-", request.node.name)
        hardware = qemu.Hardware(memory=memory, extra=extra)
        return Machine(qemu.direct(ELF, "hwreport"), logs / f"e2e-{name}", hardware)

    return make


def map_shown(value: str) -> tuple[list[tuple[int, int, int]], int]:
    """(start, end, type) of each entry that is shown, and how many are not."""
    count, *items = value.split()
    left_out = int(items.pop()) if items[-1].startswith("+") else 0
    entries: list[tuple[int, int, int]] = []
    for item in items:
        found = re.fullmatch(r"([0-9a-f]*)-([0-9a-f]+)=(\d+)", item)
        assert found, item
        start = int(found[1], 16) if found[1] else entries[-1][1]
        entries.append((start, int(found[2], 16), int(found[3])))
    assert count == f"{len(entries) + left_out}:"
    return entries, left_out


def available_kib(entries: list[tuple[int, int, int]]) -> int:
    """What is available in whole pages."""
    pages = (end // 4096 - -(-start // 4096) for start, end, kind in entries if kind == 1)
    return 4 * sum(pages)


# --- A machine of each firmware, every line of the report


def test_bios_machine_line_by_line(logs: Path) -> None:
    hardware = qemu.Hardware(memory="64", extra=("-cpu", "Nehalem", *TIMED))
    medium = qemu.cdrom(with_command_line(ISO, "hwreport loglevel=0"))
    with Machine(medium, logs / "e2e-hwreport-bios", hardware) as machine:
        machine.start()
        lines = report_on_serial(machine)
        assert report_on_screen(machine) == lines
        identity = subprocess.run(
            [sys.executable, str(ROOT / "tools" / "buildid.py"), str(ELF)],
            stdout=subprocess.PIPE, text=True, check=True,
        ).stdout.split()[0]  # fmt: skip
    said = Fields(lines)
    assert re.fullmatch(rf"0\.1\.0, build {identity}, (GCC|Clang) \d+\.\d+\.\d+", said["version"])
    assert re.fullmatch(r"Multiboot2, GRUB 2\.\S+, 0 problems", said["loader"])
    assert said["command-line"] == '"hwreport loglevel=0"'
    assert said["firmware"] == "BIOS"
    assert said["cpu"] == "GenuineIntel 6-26-3, Intel Core i7 9xx (Nehalem Class Core i7)"
    assert said["cpu-has"] == "nx pge mce apic"
    assert said["cpu-lacks"] == "smep smap umip 1g-pages invariant-tsc"
    # As in test_memory.py: SeaBIOS keeps some at the end of low memory, and its EBDA.
    usable = 636 + 63 * 1024 - 128
    entries, _ = map_shown(said["map"])
    assert entries[0] == (0, 0x9FC00, 1)
    assert (0x100000, 0x3FE0000, 1) in entries and (0x3FE0000, 0x4000000, 2) in entries
    assert available_kib(entries) == usable
    found = re.fullmatch(rf"{usable} KiB usable, (\d+) KiB free, 40 address bits", said["memory"])
    assert found and usable - 3000 < int(found[1]) < usable
    assert said["screen"] == f"text, {SCREEN_COLUMNS}x{SCREEN_ROWS} characters"
    assert said["acpi"] == "revision 0, 0 problems, RSDT: FACP APIC HPET WAET"
    # Open: the tick, the keyboard and COM1.
    assert said["pic"] == "8259 pair, masks 0xffec, spurious 0 and 0"
    assert re.fullmatch(
        r"xAPIC at 0xfee00000, LINT0 was 0x\w+, timer was 0x1\w{4}", said["apic"]
    ), said["apic"]
    assert said["pit"] == "counts and ticks; HPET at 0xfed00000"
    assert re.fullmatch(r"2031-05-06 07:08:\d\d", said["rtc"])
    assert said["i8042"] == "keyboard, self-test 0x55, port test 0x00, translated"
    assert said["uart"] == "COM1 at 0x3f8, 115200 8N1, FIFO of 16, by interrupt, 0 lost"
    clock = re.fullmatch(
        r"tick and PIT; tick: PIT at 1000 Hz, (\d+) so far; TSC: (\d+\.\d+) MHz", said["clock"]
    )
    assert clock and 100 <= int(clock[1]) < 1000
    assert float(clock[2]) == pytest.approx(1000, rel=0.001)
    ticks = re.fullmatch(r"0=(\d+) 1=0 4=0 unclaimed=0 stray=0", said["irq"])
    assert ticks and 0 <= int(ticks[1]) - int(clock[1]) <= 10


@pytest.mark.skipif(qemu.find_ovmf() is None, reason="needs OVMF")
def test_uefi_machine_by_what_differs(logs: Path) -> None:
    hardware = qemu.Hardware(firmware="uefi", memory="256", extra=("-cpu", "max"))
    medium = qemu.cdrom(with_command_line(ISO, "hwreport", "1024x768x32"))
    with Machine(medium, logs / "e2e-hwreport-uefi", hardware) as machine:
        machine.start()
        lines = report_on_serial(machine)
        assert report_on_screen(machine) == lines
        base = framebuffer_address(machine)
        boot_line = machine.wait_serial(rb"memory: (\d+) KiB usable").group(1).decode()
        listed = Shell(machine).run("hwreport map")
    said = Fields(lines)
    assert said["firmware"] == "UEFI"
    assert re.fullmatch(r"Multiboot2, GRUB 2\.\S+, 0 problems", said["loader"])
    assert set("nx smep smap umip 1g-pages".split()) <= set(said["cpu-has"].split())
    assert said["screen"] == f"1024x768x32 pixels, pitch 4096, at 0x{base:x}, 128x48 characters"
    assert re.match(r"revision 2, 0 problems, XSDT: FACP .*\bAPIC\b", said["acpi"])
    assert said["memory"].startswith(f"{boot_line} KiB usable")
    assert int(said["map"].split(":")[0]) == len(listed.splitlines()) - 1
    entries = [
        (int(start, 16), int(start, 16) + int(length, 16), int(kind))
        for start, length, kind in map(str.split, listed.splitlines()[1:])
    ]
    assert available_kib(entries) == int(boot_line)
    shown, left_out = map_shown(said["map"])
    assert shown == entries[: len(shown)] and len(shown) + left_out == len(entries)


def framebuffer_address(machine: Machine) -> int:
    """Where the firmware has put the display's first memory region."""
    (bus,) = machine.qmp.command("query-pci")
    (card,) = [d for d in bus["devices"] if d["class_info"]["class"] == 0x300]
    return int(card["regions"][0]["address"])


# --- Machines that differ in one thing, and the lines that then do


class Lacking(NamedTuple):
    extra: tuple[str, ...]
    lines: dict[str, str]  # patterns


LACKING = {
    "i8042": Lacking(("-M", "pc,i8042=off"), {"i8042": "none, no keyboard found"}),
    "acpi": Lacking(NO_ACPI, {"acpi": "none", "pit": "counts and ticks; no HPET"}),
    # On a host that keeps QEMU waiting its PIT comes too late to be believed in.
    "hpet": Lacking(
        (*NO_HPET, *qemu.DETERMINISTIC),
        {"pit": "counts and ticks; no HPET", "acpi": r".*: FACP APIC WAET"},
    ),
    "pit": Lacking(
        ("-M", "pc,pit=off"),
        {
            "pit": r"does not count; .*",
            "clock": r"tick; tick: RTC at 1024 Hz, \d+ so far; TSC: \d+\.\d{3} MHz",
            "irq": r"1=0 4=0 8=\d+ unclaimed=0 stray=0",
            "pic": r"8259 pair, masks 0xfee9, .*",
        },
    ),
    "pic": Lacking(
        ("-M", "pc,pic=off"),
        {
            "pic": "none, devices are polled",
            "pit": "counts; .*",
            "i8042": r"keyboard, .*, translated, polled",
            "uart": r".*, FIFO of 16, polled, 0 lost",
            "clock": "PIT; tick: nothing ticks, 0 so far; TSC: unknown",
            "irq": "unclaimed=0 stray=0",
        },
    ),
    "screen": Lacking(("-vga", "none"), {"screen": "none, not shown"}),
    "apic": Lacking(("-cpu", "qemu64,-apic"), {"apic": "none", "cpu-lacks": r".*\bapic\b.*"}),
    "nx": Lacking(("-cpu", "qemu64,-nx"), {"cpu-lacks": r"nx .*", "cpu-has": r"(?!.*\bnx\b).*"}),
    "nothing": Lacking(
        ("-cpu", "max,phys-bits=36,model-id=Weird \x7f model of forty-eight letters and yet more."),
        {
            "loader": "PVH, unnamed, 0 problems",
            "firmware": "not told by the loader",
            "memory": r"\d+ KiB usable, \d+ KiB free, 36 address bits",
            "cpu": r"\w+ \d+-\d+-\d+, Weird \? model of forty-eight letters and yet mor",
        },
    ),
}


@pytest.mark.parametrize("part", LACKING)
def test_machine_without_a_part(part: str, pc: Callable[..., Machine]) -> None:
    lacking = LACKING[part]
    if part in ("i8042", "pit", "pic") and not qemu.has_property("-M", "pc", part):
        pytest.skip(f"this QEMU makes no PC without its {part}")
    with pc(*lacking.extra) as machine:
        machine.start()
        said = Fields(report_on_serial(machine))
    for key, pattern in lacking.lines.items():
        assert re.fullmatch(pattern, said[key]), f"{key}: {said[key]}"


def test_machine_without_a_serial_port(pc: Callable[..., Machine]) -> None:
    with pc(*NO_COM1) as machine:
        machine.start()
        said = Fields(report_on_screen(machine))
        assert machine.serial == b""
    assert said["uart"] == "none at 0x3f8"


def test_command_prints_the_same_again(pc: Callable[..., Machine]) -> None:
    with pc() as machine:
        machine.start()
        before = Fields(report_on_serial(machine))
        after = Fields(lines_between_markers(Shell(machine).run("hwreport").splitlines()))
    assert before.keys() == after.keys()
    documented = re.findall(r"(?m)^\| (`[^|]*`) \| ", (ROOT / "docs/hardware.md").read_text())
    assert [key.strip("`") for keys in documented for key in keys.split()] == list(before)
    changing = {"memory", "rtc", "clock", "irq"}
    assert {key for key in before if before[key] != after[key]} <= changing
    assert before["irq"] != after["irq"]  # it is not a copy: the tick went on


# In text mode the report takes the whole screen; where there is more, the log is above it.
SCREEN_COMPLAINT = {
    "bios": "i8042: none, no keyboard found",
    "uefi": "no keyboard found: no 8042 controller",
}


# --- GRUB's entry, chosen with a keyboard that the kernel does not see


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_entry_in_the_menu_needs_no_keyboard_in_the_kernel(firmware: str, logs: Path) -> None:
    if firmware == "uefi" and qemu.find_ovmf() is None:
        pytest.skip("needs OVMF")
    if not qemu.has_property("-M", "pc", "i8042"):
        pytest.skip("this QEMU makes no PC without its i8042")
    hardware = qemu.Hardware(firmware=firmware, memory="128", extra=USB_KEYBOARD_ALONE)
    log = logs / f"e2e-hwreport-menu-{firmware}"
    with Machine(qemu.cdrom(ISO), log, hardware) as machine:
        machine.start()
        grub.open_menu(machine, firmware)
        grub.choose(machine, MENU_ROW)
        lines = report_on_serial(machine)
        assert report_on_screen(machine) == lines
        assert SCREEN_COMPLAINT[firmware] in "".join(machine.screen_text())
    said = Fields(lines)
    assert said["command-line"] == '"hwreport"'
    assert said["i8042"] == "none, no keyboard found"
    assert said["firmware"] == firmware.upper()
