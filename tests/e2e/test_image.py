# SPDX-License-Identifier: MIT
"""What is shipped: the image's size and menu, and the build that the kernel says it is."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from odyssey import grub, qemu
from odyssey.image import with_command_line
from odyssey.ktap import lines_of
from odyssey.machine import Machine
from odyssey.settings import BUILD, ROOT

BANNER = "Hello from ODYSSEY OS!"
IMAGE_SIZE_MAX = 5 << 20
IS_UEFI = qemu.Hardware.from_environment().firmware == "uefi"


def build_id(elf: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "buildid.py"), str(elf)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def id_of(elf: Path) -> str:
    answer = build_id(elf)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()[0]


def test_image_is_small() -> None:
    assert (BUILD / "odyssey.iso").stat().st_size <= IMAGE_SIZE_MAX


def test_second_line_names_the_build(machine: Machine) -> None:
    lines = lines_of(machine.serial)
    line = lines[lines.index(BANNER) + 1]
    assert line.startswith(f"build {id_of(BUILD / 'odyssey.elf')}, ")


@pytest.mark.parametrize("section", [".text", ".rodata", ".symbols", ".data"])
def test_build_id_covers_what_is_loaded(section: str, tmp_path: Path) -> None:
    from check.elf import Elf

    elf = Elf(BUILD / "odyssey.elf")
    place = elf.section(section)
    assert place is not None and place.size > 0
    changed = bytearray(elf.data)
    changed[place.offset + place.size - 1] ^= 1
    copy = tmp_path / "changed.elf"
    copy.write_bytes(changed)
    answer = build_id(copy)
    assert answer.returncode == 1
    assert f"holds {id_of(elf.path)}, want " in answer.stderr


def test_panic_names_the_build(logs: Path) -> None:
    iso = with_command_line(BUILD / "odyssey-test.iso", "scenario=page_fault_exec")
    with Machine(qemu.cdrom(iso), logs / "e2e-panic") as machine:
        machine.start()
        machine.wait_serial(rb"System halted\.\r\n")
        identity = id_of(BUILD / "odyssey-test.elf")
        said = lines_of(machine.serial)
        report = said[next(i for i, line in enumerate(said) if line.startswith("KERNEL PANIC: ")) :]
        assert [line.startswith(f"build {identity}, ") for line in report].count(True) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [(0, ""), (1, "console=serial"), (2, "clock=tick console=screen,serial loglevel=3")],
    ids=["normal", "serial", "safe"],
)
def test_menu_on_escape(row: int, words: str, logs: Path) -> None:
    name = f"e2e-menu-{row}"
    with Machine(qemu.cdrom(BUILD / "odyssey.iso"), logs / name) as machine:
        machine.start()
        grub.open_menu(machine, "uefi" if IS_UEFI else "bios")
        grub.choose(machine, row)
        machine.wait_main_loop()
        assert f'command line "{words}"'.encode() in machine.serial
        if words == "console=serial":
            assert BANNER not in machine.screen_text()
        else:
            machine.wait_screen(lambda lines: BANNER in lines, "the banner")
