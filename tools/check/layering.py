# SPDX-License-Identifier: MIT
"""Holds the includes of the tree against the table in docs/design.md.

A path says who a file is: who may include whom is decided by folder, and in
drivers/ by chip. Both are data here. A header that says "Private to" some files
is for those, for the .c beside it, and for tests.
"""
from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Iterable

# Folder -> patterns of what its files may include.
LAYERS = {
    "lib": ("lib/*",),
    "mm": ("lib/*", "mm/*"),
    # Of mm/ the types that struct boot_info is made of, and where memory is mapped.
    "boot": ("lib/*", "boot/*", "mm/address.h", "mm/layout.h", "mm/memory_map.h"),
    # Of mm/ what mapping device memory takes; of drivers/ the same chip, below.
    "drivers": ("lib/*", "mm/address.h", "mm/layout.h"),
    "kernel": ("lib/*", "mm/*", "boot/*", "drivers/*", "kernel/*"),
    "tests": ("*",),
}

# Chip -> its files in drivers/, without the ending.
CHIPS = {
    "PS/2 keyboard": (
        "i8042", "i8042_registers", "ps2_commands", "keyboard", "key", "keystroke", "scancode",
        "keymap*",
    ),
    "VGA": ("vga_*",),
    "pixels": ("framebuffer*", "glyphs"),
    "16550 UART": ("uart16550*",),
    "MC146818 RTC": ("rtc*",),
    "8259 PIC": ("pic8259*",),
    "8254 PIT": ("pit8254*",),
    "local APIC": ("local_apic*",),
    "ACPI": ("acpi_*",),
    "HPET": ("hpet*",),
    "emulators": ("emulator_*",),
}  # fmt: skip

# (file, what it includes): each with its reason.
EXCEPTIONS = (
    # Never linked: the build reads constants for NASM out of its assembly.
    ("boot/asm_offsets.c", "*"),
)

# Headers that a freestanding compiler brings itself.
FREESTANDING = frozenset(
    f"{name}.h"
    for name in "float iso646 limits stdalign stdarg stdbool stddef stdint stdnoreturn".split()
)
# Where the C library may be used: programs of the build machine.
HOSTED = ("tests/host/*", "tests/fuzz/*", "tools/*")

PRIVATE = re.compile(r"Private to ((?:[^.]|\.(?!\s))+)")  # to the sentence's end
INCLUDE = re.compile(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def problems(root: Path, files: Iterable[str]) -> list[str]:
    """Every include among C files (paths below root) that breaks a rule."""
    found = []
    for file in files:
        found += [f"{file}: in drivers/ and of no chip"] * (_is_driver(file) and not _chip(file))
        for number, line in enumerate((root / file).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            broken = _quoted(root, file, match[1]) if match[1] else _angled(file, match[2])
            found += [f"{file}:{number}: {broken}"] * bool(broken)
    return found


def _quoted(root: Path, file: str, included: str) -> str:
    """What is wrong with a file's include of one of ours, or nothing."""
    if not (root / included).is_file():
        return f'"{included}" is no path from the top'
    if any(fnmatch(file, who) and fnmatch(included, what) for who, what in EXCEPTIONS):
        return ""
    if not _is_open_to(root, file, included):
        return f'"{included}" is private to others'
    folder = file.partition("/")[0]
    if any(fnmatch(included, pattern) for pattern in LAYERS.get(folder, ())):
        return ""
    if _is_driver(file) and _is_driver(included):
        return "" if _chip(file) == _chip(included) else f'"{included}" is of another chip'
    return f'"{included}" is not below {folder}/'


def _is_open_to(root: Path, file: str, included: str) -> bool:
    """Whether a header names nobody whom it is private to, or this file among them."""
    match = PRIVATE.search(re.sub(r"\s*\n \*", " ", (root / included).read_text()))
    if not match or file.startswith("tests/") or file == str(Path(included).with_suffix(".c")):
        return True
    owners = [word.rstrip(",") for word in match[1].split() if "/" in word]
    return any(fnmatch(file, owner + "*" * owner.endswith("/")) for owner in owners)


def _angled(file: str, included: str) -> str:
    if included in FREESTANDING or any(fnmatch(file, pattern) for pattern in HOSTED):
        return ""
    return f"<{included}> is of a C library, which a kernel does not have"


def _is_driver(file: str) -> bool:
    return file.startswith("drivers/")


def _chip(file: str) -> str:
    name = Path(file).stem
    for chip, patterns in CHIPS.items():
        if any(fnmatch(name, pattern) for pattern in patterns):
            return chip
    return ""
