# SPDX-License-Identifier: MIT
"""What a panic leaves on a screen: a report, and over its right side a QR code."""
from __future__ import annotations

import re

# What the code is made of. Its margin, which is all light, reads as blanks on pixels.
CELLS = re.compile("[█▀▄]")


def beside_code(lines: list[str]) -> list[str]:
    """The lines as far as the code leaves them."""
    return [CELLS.split(line)[0].rstrip() for line in lines]


def is_halted(lines: list[str]) -> bool:
    """Whether the report is complete."""
    return "System halted." in beside_code(lines)


def panic_text(lines: list[str]) -> str:
    """All from the sentence on, without blanks: it reads the same however its lines are broken."""
    left = beside_code(lines)
    first = next(i for i, line in enumerate(left) if line.startswith("KERNEL PANIC: "))
    return "".join(left[first:]).replace(" ", "")
