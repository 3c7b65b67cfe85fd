# SPDX-License-Identifier: MIT
"""The pixel console, read back off pictures of the screen, on each kind of pixels there is."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest
from odyssey import qemu
from odyssey.image import with_command_line
from odyssey.machine import MAIN_LOOP, Machine
from odyssey.settings import BUILD

BANNER = "Hello from ODYSSEY OS!"

# The mode that GRUB is asked for, the card, and what the kernel is then handed.
MODES = {
    "1024x768": ("1024x768", ["-vga", "std"], (1024, 768)),
    "1920x1080": ("1920x1080", ["-vga", "std"], (1920, 1080)),
    "24-bit": ("800x600x24", ["-vga", "cirrus"], (800, 600)),
    "ramfb": ("1024x768", ["-vga", "none", "-device", "ramfb"], (1024, 768)),
}

pytestmark = pytest.mark.skipif(qemu.find_ovmf() is None, reason="needs OVMF")


def booted(mode: str, card: list[str], log: Path, kernel: str = "odyssey", words: str = "") -> Machine:
    iso = with_command_line(BUILD / f"{kernel}.iso", words, mode)
    hardware = qemu.Hardware(firmware="uefi", memory="256", extra=tuple(card))
    return Machine(qemu.cdrom(iso), log, hardware)


@pytest.mark.parametrize("name", MODES)
def test_boot_can_be_read(name: str, logs: Path) -> None:
    mode, card, (width, height) = MODES[name]
    with booted(mode, card, logs / f"e2e-pixels-{name}") as machine:
        machine.start()
        machine.wait_main_loop()
        lines = machine.wait_screen(lambda lines: MAIN_LOOP in lines, "the main loop")
        assert lines[0] == BANNER
        # QEMU's picture of a Cirrus card in 24 bits lacks the last row of pixels.
        assert height // 16 - 1 <= len(lines) <= height // 16
        assert any("PS/2" in line for line in lines)
        picture = logs / f"e2e-pixels-{name}.ppm"
        machine.screendump(picture)
        assert re.match(rb"P6\s+%d\s" % width, picture.read_bytes())
