# SPDX-License-Identifier: MIT
"""Somebody at GRUB's menu."""
from __future__ import annotations

from .machine import Machine

LAST_ENTRY = "Odyssey, hardware report"


def open_menu(machine: Machine, firmware: str) -> None:
    """Press Esc once, while GRUB is being loaded: a second one would leave the menu again."""
    if firmware == "uefi":  # it takes Esc for itself
        machine.wait_serial(rb"Welcome to GRUB!")
    else:
        machine.wait_screen(
            lambda lines: any(line.startswith("Booting from") for line in lines), "the boot"
        )
    machine.press("esc")
    machine.wait_until(lambda: _is_open(machine, firmware), "GRUB's menu")


def choose(machine: Machine, row: int) -> None:
    """Boot the entry of that row, the first being 0, by arrow keys."""
    for _ in range(row):
        machine.press("down")
    machine.press("ret")


def _is_open(machine: Machine, firmware: str) -> bool:
    if firmware == "uefi":
        return LAST_ENTRY.encode() in machine.serial
    return any(LAST_ENTRY in line for line in machine.screen_text())
