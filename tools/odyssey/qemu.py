# SPDX-License-Identifier: MIT
"""The machine as a QEMU command line.

What a person chooses by FIRMWARE=, MEM=, CPUS=, QEMU_EXTRA= and CMDLINE= is
read here, once, so that runs, tests and end-to-end tests mean the same by it.
"""
from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .settings import ROOT, SetupError, environment

PROGRAM = "qemu-system-x86_64"

# Virtual time that follows the instructions executed, not the host's clock: a
# busy host cannot make a timing test fail. The RTC has to follow it too.
VIRTUAL_RTC = ("-rtc", "base=2026-01-01T00:00:00,clock=vm")
DETERMINISTIC = ("-icount", "shift=6,sleep=off", *VIRTUAL_RTC)
# The same, but while nothing runs it takes the host as long.
VIRTUAL_TIME_THAT_WAITS = ("-icount", "shift=6,sleep=on", *VIRTUAL_RTC)


@dataclass(frozen=True)
class Hardware:
    """The part of the machine that a person chooses."""

    firmware: str = "bios"
    memory: str = "128"
    cpus: str = "1"
    extra: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> Hardware:
        return cls(
            firmware=environment("FIRMWARE", cls.firmware),
            memory=environment("MEM", cls.memory),
            cpus=environment("CPUS", cls.cpus),
            extra=_words("QEMU_EXTRA"),
        )

    def arguments(self) -> list[str]:
        return ["-m", self.memory, "-smp", self.cpus, *self._firmware_arguments(), *self.extra]

    def _firmware_arguments(self) -> list[str]:
        if self.firmware == "bios":
            return []
        if self.firmware != "uefi":
            raise SetupError(f"FIRMWARE: got {self.firmware!r}, want bios or uefi")
        ovmf = find_ovmf()
        if ovmf is None:
            raise SetupError("FIRMWARE=uefi needs OVMF; `make doctor` names its package")
        if "CODE" not in ovmf.name.upper():
            return ["-bios", str(ovmf)]
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={escaped(ovmf)}"]


def _words(name: str) -> tuple[str, ...]:
    """A variable's words, quoted as in a shell."""
    text = environment(name)
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise SetupError(f"{name}: got {text!r}, want words as in a shell: {error}") from None


def escaped(path: Path) -> str:
    """A path inside one of QEMU's comma-separated options."""
    return str(path).replace(",", ",,")


def find_program() -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        raise SetupError(f"{PROGRAM} is not installed; `make doctor` names its package")
    return program


def has_property(option: str, kind: str, name: str) -> bool:
    """Whether the QEMU here knows a property, as in has_property("-M", "pc", "i8042")."""
    answer = subprocess.run(
        [find_program(), option, f"{kind},help"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    # Before QEMU 6 each begins with the kind's full name and a dot.
    return re.search(rf"^ *(\S+\.)?{re.escape(name)}=", answer.stdout, re.MULTILINE) is not None


def find_ovmf() -> Optional[Path]:
    """The UEFI firmware: OVMF= where it is given, else the first known place that has it."""
    chosen = environment("OVMF")
    if chosen:
        return Path(chosen)
    prefix = Path(find_program()).resolve().parent.parent
    for line in (ROOT / "tools" / "ovmf.list").read_text().splitlines():
        if line and not line.startswith("#") and (prefix / line).is_file():
            return prefix / line
    return None


def headless(hardware: Hardware) -> list[str]:
    """A machine nobody sees, which ends when it would reset."""
    return [
        find_program(),
        *("-accel", "tcg", "-display", "none", "-no-reboot", "-monitor", "none"),
        *hardware.arguments(),
    ]


def cdrom(iso: Path) -> list[str]:
    return ["-cdrom", str(iso)]


def disk(iso: Path) -> list[str]:
    """The same image as the board's first hard disk: IDE, or SATA on a q35."""
    return ["-drive", f"format=raw,snapshot=on,file={escaped(iso)}"]


def usb_stick(iso: Path) -> list[str]:
    stick = f"if=none,id=stick,format=raw,snapshot=on,file={escaped(iso)}"
    storage = "usb-storage,drive=stick,bootindex=0"
    return ["-drive", stick, "-device", "qemu-xhci", "-device", storage]


def direct(elf: Path, command_line: str = "") -> list[str]:
    """Boot an ELF file by its PVH note, with neither firmware menu nor GRUB."""
    return ["-kernel", str(elf), *(["-append", command_line] if command_line else [])]


NO_SERIAL = ("-serial", "none")


class UnreadSerial:
    """A serial line whose other end is connected and never read: it soon takes nothing more."""

    def __init__(self) -> None:
        self._ends = socket.socketpair()
        self.descriptor = self._ends[0].fileno()  # to be passed on to QEMU
        self.arguments = (
            *("-chardev", f"socket,id=unread,fd={self.descriptor}"),
            *("-serial", "chardev:unread"),
        )

    def close(self) -> None:
        for end in self._ends:
            end.close()


# How a test kernel ends its machine: the byte it writes there, doubled, plus 1.
DEBUG_EXIT = ("-device", "isa-debug-exit,iobase=0xf4,iosize=4")
