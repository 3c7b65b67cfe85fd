# SPDX-License-Identifier: MIT
"""Every machine of `make matrix`: a cell is its name, and a name is made of words.

FIRMWARE-BOARD-MEDIUM-MEMORY[-WORD...]: each word that may follow is explained once,
in WORDS. What is not said is as QEMU's plain PC has it: CPU qemu64, one of it, a
VGA card, PS/2 keyboard, COM1. Not every word with every other: each is met under
BIOS, and under UEFI where the boot loader or the firmware could make a difference.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from . import qemu

TABLE = """
    # Firmware, board and medium.
    bios-pc-cd-128m    bios-pc-disk-128m    bios-pc-usb-128m
    bios-q35-cd-128m   bios-q35-disk-128m   bios-q35-usb-128m
    uefi-pc-cd-256m    uefi-pc-disk-256m    uefi-pc-usb-256m
    uefi-q35-cd-256m   uefi-q35-disk-256m   uefi-q35-usb-256m
    bios-isapc-cd-128m

    # Memory: too little for the suites, little, a hole below 4 GiB, much of it above.
    bios-pc-cd-4m      bios-pc-cd-8m        bios-pc-cd-16m     bios-pc-cd-64m
    bios-pc-cd-3584m   bios-q35-cd-5g       bios-q35-cd-64g
    uefi-pc-cd-64m     uefi-pc-cd-3584m     uefi-q35-cd-5g     uefi-q35-cd-64g
    bios-pc-cd-128m-module                  uefi-q35-cd-256m-module

    # CPUs.
    bios-pc-cd-128m-nehalem     bios-pc-cd-128m-epyc      bios-pc-cd-128m-max
    bios-pc-cd-128m-nonx        bios-q35-cd-5g-no1g       bios-pc-cd-128m-la57
    bios-pc-cd-128m-nosmep      bios-pc-cd-128m-nosmap    bios-pc-cd-128m-noumip
    bios-pc-cd-128m-phys36      bios-pc-cd-128m-phys52
    bios-pc-cd-128m-smp2        bios-q35-cd-128m-smp4
    uefi-q35-cd-256m-epyc       uefi-q35-cd-256m-max      uefi-q35-cd-256m-nonx
    uefi-q35-cd-256m-la57       uefi-q35-cd-256m-smp4

    # Without this or that.
    bios-pc-cd-128m-noserial    bios-pc-cd-128m-noi8042   bios-pc-cd-128m-novga
    bios-pc-cd-128m-nopit       bios-pc-cd-128m-nopic     bios-q35-cd-128m-nohpet
    bios-pc-cd-128m-noacpi      bios-q35-usb-128m-noserial
    uefi-q35-usb-256m-noserial  uefi-pc-cd-256m-noi8042   uefi-pc-cd-256m-novga
    uefi-pc-cd-256m-nopit       uefi-pc-cd-256m-nopic     uefi-q35-cd-256m-nohpet

    # Cards: text under BIOS, pixels under UEFI, and under BIOS where they are asked for.
    bios-pc-cd-128m-cirrus      bios-pc-cd-128m-qxl       bios-pc-cd-128m-virtio
    bios-pc-cd-128m-bochsdisplay                          bios-pc-cd-128m-ramfb
    uefi-pc-cd-256m-cirrus      uefi-pc-cd-256m-qxl       uefi-pc-cd-256m-virtio
    uefi-pc-cd-256m-bochsdisplay                          uefi-pc-cd-256m-ramfb
    bios-pc-cd-128m-vbe

    # Disturbed while it runs.
    bios-pc-cd-128m-nmi         uefi-q35-cd-256m-nmi
    bios-pc-cd-128m-keyflood    bios-pc-cd-128m-serialflood
    bios-pc-cd-128m-unread      uefi-q35-cd-256m-unread

    # The second opinion: Bochs, whose CPUs keep to the manual where QEMU's do not.
    bios-bochs-cd-128m-core2    bios-bochs-cd-128m-haswell
    bios-bochs-cd-128m-ryzen    bios-bochs-cd-128m-clawhammer
    bios-bochs-disk-32m-skylakex
"""


@dataclass(frozen=True)
class Word:
    """What a word after the memory changes."""

    options: tuple[str, ...] = ()  # QEMU's
    board: str = ""  # a property of QEMU's -M
    cpu: str = ""  # QEMU's -cpu, or the model of Bochs
    cpus: int = 1
    lacks: str = ""  # serial, keyboard, screen, text (has pixels), reader (of the serial line)
    says: tuple[str, ...] = ()  # what is to be read between banner and prompt
    shows: tuple[str, ...] = ()  # what is to be read in the answer to `cpu`
    skips: str = ""  # of which tests, by name, reason is to be skipped there; all others run
    timing: tuple[str, ...] = ()  # of the suites, where QEMU's virtual time is to pass otherwise
    then: str = ""  # what befalls it at the prompt: see smoke.py
    needs: tuple[str, ...] = ()  # what this QEMU has to know, as has_property() takes it


def _cpu(model: str, used: str = "", missing: str = "", skips: str = "") -> Word:
    """A CPU model; features that the kernel has to use on it, and to miss."""
    shows = [rf"features used:.*\b{name}\b" for name in used.split()]
    shows += [rf"features missing:.*\b{name}\b" for name in missing.split()]
    return Word(cpu=model, shows=tuple(shows), skips=skips)


# QEMU without KVM has no invariant TSC, old CPUs have none either.
PLAIN = Word(skips=r"SKIP the TSC is not invariant")
# On one that has it time is told by it.
BY_TSC = r"SKIP the clock does not follow the PIT's ticks"
# What tests say who are skipped, because a machine lacks what they are about.
NO_TEXT = r"SKIP no VGA in text mode"
NO_FRAMEBUFFER = r"framebuffer_is_not_in_the_direct_map SKIP the loader handed over none"
NO_HPET = r"SKIP needs an HPET, and the PIT as tick"
NO_UART = r"SKIP no UART at COM1"  # nor one to be lent whose last byte does not leave
NO_KEYBOARD = r"SKIP no 8042 controller|SKIP no keyboard controller, or none that takes bytes"

WORDS = {
    "nehalem": _cpu("Nehalem", "nx", "smep smap umip"),
    "epyc": _cpu("EPYC", "nx smep smap 1g-pages"),
    "max": _cpu("max", "nx smep smap umip 1g-pages"),
    "nonx": _cpu("qemu64,-nx", missing="nx", skips=r"SKIP this CPU has no NX"),
    "no1g": _cpu("max,-pdpe1gb", "nx smep smap umip", "1g-pages"),
    "la57": _cpu("max,la57=on", "nx smep smap umip"),
    "nosmep": _cpu("max,-smep", "nx smap umip", "smep"),
    "nosmap": _cpu("max,-smap", "nx smep umip", "smap"),
    "noumip": _cpu("max,-umip", "nx smep smap", "umip"),
    "phys36": Word(cpu="max,phys-bits=36", shows=(r"physical address bits: 36",)),
    "phys52": Word(cpu="max,phys-bits=52", shows=(r"physical address bits: 52",)),
    "smp2": Word(cpus=2),
    "smp4": Word(cpus=4),
    "noserial": Word(lacks="serial", says=(r"no serial port",), skips=NO_UART),
    "noi8042": Word(
        board="i8042=off",
        needs=("-M", "pc", "i8042"),
        lacks="keyboard",
        says=(r"no keyboard found",),
        skips=NO_KEYBOARD,
    ),
    "novga": Word(("-vga", "none"), lacks="screen", skips=rf"{NO_TEXT}|{NO_FRAMEBUFFER}"),
    "nopit": Word(
        board="pit=off",
        needs=("-M", "pc", "pit"),
        says=(r"RTC periodic interrupt at 1024 Hz",),
        skips=r"SKIP .*PIT|SKIP .*RTC",
        # While nothing runs QEMU would skip every second period of its RTC.
        timing=qemu.VIRTUAL_TIME_THAT_WAITS,
    ),
    "nopic": Word(
        board="pic=off",
        needs=("-M", "pc", "pic"),
        says=(r"no interrupt controller", r"nothing ticks on this machine"),
        skips=rf"SKIP .*(PIT|PIC|RTC|interrupt controller|nothing ticks)|{NO_KEYBOARD}",
    ),
    "nohpet": Word(board="hpet=off", needs=("-M", "q35", "hpet"), skips=NO_HPET),
    "noacpi": Word(("-no-acpi",), skips=NO_HPET),
    "cirrus": Word(("-vga", "cirrus")),
    "qxl": Word(("-vga", "qxl")),
    "virtio": Word(("-vga", "virtio")),
    # Cards that are only pixels: a machine with BIOS has no text on them.
    "bochsdisplay": Word(("-vga", "none", "-device", "bochs-display"), lacks="text", skips=NO_TEXT),
    "ramfb": Word(("-vga", "none", "-device", "ramfb"), lacks="text", skips=NO_TEXT),
    "vbe": Word(skips=NO_TEXT),
    "module": Word(skips=r"SKIP a module lies wherever an ISA card reaches"),
    "nmi": Word(then="nmi"),
    "keyflood": Word(then="keyflood"),
    "serialflood": Word(then="serialflood"),
    "unread": Word(lacks="reader", skips=NO_UART),
    "core2": Word(cpu="core2_penryn_t9600", skips=PLAIN.skips),
    "haswell": Word(cpu="corei7_haswell_4770", skips=BY_TSC),
    "ryzen": Word(cpu="ryzen", skips=BY_TSC),
    "clawhammer": Word(cpu="athlon64_clawhammer", skips=PLAIN.skips),
    "skylakex": Word(cpu="corei7_skylake_x", skips=BY_TSC),
}
BOARDS = {
    "pc": PLAIN,
    "q35": PLAIN,
    "isapc": Word(cpu="qemu64", skips=rf"{PLAIN.skips}|{NO_HPET}"),  # which is a 486 otherwise
    "bochs": Word(skips=rf"SKIP the PIC's requests do not go through LINT0 here|{NO_HPET}"),
}
# Under UEFI pixels without any text; memory that is more than a test fills, less than one needs.
UEFI = Word(skips=NO_TEXT)
LARGE, LARGE_MEGABYTES = Word(skips=r"SKIP more than 256 MiB of memory"), 256
SMALL, SMALL_MEGABYTES = Word(skips=r"SKIP needs 80 MiB of free memory"), 100
# On machines with less than this the suites have no room, and that is to be said in words.
SUITES_MEGABYTES = 16
NAME = re.compile(
    r"(?P<firmware>bios|uefi)-(?P<board>pc|q35|isapc|bochs)-(?P<medium>cd|disk|usb)"
    r"-(?P<amount>\d+)(?P<unit>[mg])(?P<words>(?:-\w+)*)"
)


@dataclass(frozen=True)
class Cell:
    """A machine to try."""

    name: str
    firmware: str
    board: str
    medium: str
    megabytes: int
    words: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> Cell:
        """The cell of that name; ValueError where it does not make sense."""
        parsed = NAME.fullmatch(name)
        words = tuple(parsed["words"].split("-")[1:]) if parsed else ()
        unknown = [word for word in words if word not in WORDS]
        if parsed is None or unknown:
            raise ValueError(f"no name of a cell: {name}")
        megabytes = int(parsed["amount"]) * (1024 if parsed["unit"] == "g" else 1)
        return cls(
            name, parsed["firmware"], parsed["board"], parsed["medium"], megabytes, words
        )

    def parts(self) -> list[Word]:
        """What its words say, the board's first."""
        parts = [BOARDS[self.board], *(WORDS[word] for word in self.words)]
        if self.firmware == "uefi":
            parts.append(UEFI)
        if self.megabytes > LARGE_MEGABYTES:
            parts.append(LARGE)
        if self.megabytes < SMALL_MEGABYTES:
            parts.append(SMALL)
        return parts

    def has(self, word: str) -> bool:
        return word in self.words

    def lacks(self, what: str) -> bool:
        return any(what in part.lacks.split() for part in self.parts())

    @property
    def is_pixels(self) -> bool:
        """Whether its screen is pixels, not text."""
        return self.firmware == "uefi" or self.has("vbe")

    @property
    def has_screen(self) -> bool:
        """Whether its screen can be read by somebody."""
        return not self.lacks("screen") and (self.is_pixels or not self.lacks("text"))

    @property
    def has_room_for_suites(self) -> bool:
        return self.megabytes >= SUITES_MEGABYTES

    @property
    def cpu(self) -> str:
        """The model that was asked for, or nothing."""
        return next((part.cpu for part in reversed(self.parts()) if part.cpu), "")


def cells() -> list[Cell]:
    """Those of the table, in its order."""
    lines = (line.partition("#")[0] for line in TABLE.splitlines())
    return [Cell.of(name) for line in lines for name in line.split()]
