# SPDX-License-Identifier: MIT
"""The pixel console, read back off pictures of the screen, on each kind of pixels there is."""
from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from odyssey import qemu
from odyssey.image import with_command_line
from odyssey.machine import MAIN_LOOP, PROMPT, Machine
from odyssey.panic_screen import is_halted, panic_text
from odyssey.settings import BUILD

BANNER = "Hello from ODYSSEY OS!"

# The mode that GRUB is asked for, the card, and what the kernel is then handed.
UEFI_MODES = {
    "1024x768": ("1024x768", ["-vga", "std"], (1024, 768)),
    "1920x1080": ("1920x1080", ["-vga", "std"], (1920, 1080)),
    "24-bit": ("800x600x24", ["-vga", "cirrus"], (800, 600)),
    "bochs-display": ("1024x768", ["-vga", "none", "-device", "bochs-display"], (1024, 768)),
    "ramfb": ("1024x768", ["-vga", "none", "-device", "ramfb"], (1024, 768)),
}

# Under BIOS a kernel has pixels if its header asks for them: width, height, depth, card.
BIOS_MODES = {
    "32-bit": (1024, 768, 32, ["-vga", "std"]),
    "24-bit": (1024, 768, 24, ["-vga", "std"]),
    "16-bit": (1024, 768, 16, ["-vga", "std"]),
    "15-bit": (800, 600, 15, ["-vga", "std"]),
    "cirrus": (800, 600, 16, ["-vga", "cirrus"]),
    "1920x1080": (1920, 1080, 32, ["-vga", "std"]),
}

# Of the header's first tag: a request for information, and for a framebuffer in its place.
HEADER_START, HEADER_SIZE = bytes.fromhex("d6 50 52 e8  00 00 00 00"), 16
REQUEST_SIZE = 24

TEXT = "Grüße, žluťoučký kůň ─│┌┐└┘├┤┬┴┼═║╔╗╚╝ ░▒▓█▀▄▌▐"


def uefi_machine(name: str, log: Path) -> Machine:
    if qemu.find_ovmf() is None:
        pytest.skip("needs OVMF")
    mode, card, _ = UEFI_MODES[name]
    iso = with_command_line(BUILD / "odyssey.iso", "", mode)
    hardware = qemu.Hardware(firmware="uefi", memory="256", extra=tuple(card))
    return Machine(qemu.cdrom(iso), log, hardware)


def asking_for_pixels(target: Path, width: int, height: int, depth: int) -> Path:
    """The image, its kernel's header asking for a mode."""
    image = bytearray((BUILD / "odyssey.iso").read_bytes())
    at = image.index(HEADER_START) + HEADER_SIZE
    assert image[at : at + 8] == struct.pack("<HHI", 1, 0, REQUEST_SIZE)
    image[at : at + REQUEST_SIZE] = struct.pack("<HHIIII4x", 5, 0, 20, width, height, depth)
    target.write_bytes(image)
    return target


def shows_text(machine: Machine, width: int, height: int) -> None:
    """From the banner on, in letters that only pixels have, and in a panic."""
    machine.start()
    machine.wait_prompt()
    lines = machine.wait_screen(lambda lines: PROMPT.rstrip() in lines, "the prompt")
    assert lines[0] == BANNER and MAIN_LOOP in lines
    picture = machine.picture()
    # QEMU's picture of a Cirrus card lacks the last row of pixels.
    assert (picture.width, picture.height) in ((width, height), (width, height - 1))
    assert len(lines) == picture.height // 16
    machine.send_serial(f"echo {TEXT}\r".encode())
    machine.wait_screen(lambda lines: TEXT in lines, "letters, lines and blocks")
    machine.send_serial(b"crash panic\r")
    machine.wait_serial(rb"System halted\.\r\n")
    machine.wait_halted()  # the code beside the report may cover the sentence, and repeat it
    lines = machine.wait_screen(is_halted, "the report's end")
    assert panic_text(lines).startswith("KERNELPANIC:crash:panic:")


@pytest.mark.parametrize("name", UEFI_MODES)
def test_uefi(name: str, logs: Path) -> None:
    log = logs / f"e2e-pixels-uefi-{name}"
    with uefi_machine(name, log) as machine:
        shows_text(machine, *UEFI_MODES[name][2])
        machine.screendump(Path(f"{log}.ppm"))


@pytest.mark.parametrize("name", BIOS_MODES)
def test_bios(name: str, logs: Path, tmp_path: Path) -> None:
    width, height, depth, card = BIOS_MODES[name]
    log = logs / f"e2e-pixels-bios-{name}"
    iso = asking_for_pixels(tmp_path / "pixels.iso", width, height, depth)
    hardware = qemu.Hardware(extra=tuple(card))
    with Machine(qemu.cdrom(iso), log, hardware, pixels=True) as machine:
        shows_text(machine, width, height)
        machine.screendump(Path(f"{log}.ppm"))


def test_phantom_framebuffer_is_refused_in_words(logs: Path, tmp_path: Path) -> None:
    # Without a card GRUB makes one up: 1 bit a pixel, at a VGA's place.
    iso = asking_for_pixels(tmp_path / "phantom.iso", 1024, 768, 32)
    hardware = qemu.Hardware(extra=("-vga", "none"))
    with Machine(qemu.cdrom(iso), logs / "e2e-pixels-phantom", hardware) as machine:
        machine.start()
        machine.wait_prompt()
        assert re.search(rb"WARN boot: multiboot2: tag 8: bits per pixel: got 0x1,", machine.serial)
