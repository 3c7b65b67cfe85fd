# SPDX-License-Identifier: MIT
"""The screen's history and the keyboard's layouts, as somebody at the machine has them."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest
from odyssey import qemu
from odyssey.machine import PROMPT, Machine, rendered
from odyssey.settings import BUILD

pytestmark = pytest.mark.skipif(
    qemu.Hardware.from_environment().firmware == "uefi", reason="no text screen under UEFI"
)

LINES = 60  # more than four screens


def booted(words: str, log: Path) -> Machine:
    return Machine(qemu.direct(BUILD / "odyssey.elf", words), log)


@pytest.fixture
def english(logs: Path) -> Iterator[Machine]:
    with booted("", logs / "e2e-terminal") as machine:
        machine.start()
        machine.wait_prompt()
        yield machine


def shows(machine: Machine, top: str, below: str) -> None:
    """Wait until the screen's top row has one text, and a row below another."""
    machine.wait_screen(
        lambda rows: rows[0] == top and below in rows[1:], f"{top!r} and {below!r} below"
    )


def line(number: int) -> str:
    return f"line {number}"


def test_history_by_shift_and_page_up(english: Machine) -> None:
    # Two rows for each: the command and its output. The prompt is in the last row.
    text = "".join(f"echo {line(number)}\r" for number in range(1, LINES + 1))
    english.send_serial(text.encode())
    shows(english, PROMPT + f"echo {line(LINES - 11)}", line(LINES))
    english.press("shift", "pgup")
    shows(english, PROMPT + f"echo {line(LINES - 17)}", line(LINES - 6))
    english.press("shift", "pgup")
    shows(english, PROMPT + f"echo {line(LINES - 23)}", line(LINES - 12))
    english.press("shift", "pgdn")
    shows(english, PROMPT + f"echo {line(LINES - 17)}", line(LINES - 6))
    english.send_serial(b"echo unseen yet\r")  # the picture stays
    english.wait_serial(b"\nunseen yet\r\n")
    shows(english, PROMPT + f"echo {line(LINES - 17)}", line(LINES - 6))
    english.press("x")
    english.wait_screen(
        lambda rows: rows[24] == PROMPT + "x" and rows[23] == "unseen yet",
        "the end, with what was typed",
    )


def test_history_stops_at_the_first_line(english: Machine) -> None:
    before = english.screen_text()
    english.send_serial(b"\r" * 40)
    for _ in range(10):
        english.press("shift", "pgup")
    english.wait_screen(lambda rows: rows[:8] == before[:8], "what was first")


# A dead key, which shows nothing yet, has a star.
@pytest.mark.parametrize(
    "layout, keys, text",
    [
        ("us", ["z", "y", "shift-2", "slash"], "zy@/"),
        ("uk", ["shift-2", "shift-3", "backslash", "less", "alt_r-4"], '"£#\\€'),
        ("de", ["z", "y", "minus", "shift-semicolon", "alt_r-q", "alt_r-7"], "yzßÖ@{"),
        ("de", ["grave_accent*", "e", "equal*", "shift-a", "shift-equal*", "spc"], "êÁ`"),
        ("fr", ["q", "2", "shift-2", "semicolon", "alt_r-0"], "aé2m@"),
        ("fr", ["bracket_left*", "i", "shift-bracket_left*", "o", "alt_r-2*", "n"], "îöñ"),
        ("dvorak", ["j", "d", "p", "p", "s", "q"], "hello'"),
    ],
)
def test_layout(layout: str, keys: list[str], text: str, logs: Path) -> None:
    with booted(f"keymap={layout}", logs / f"e2e-layout-{layout}") as machine:
        machine.start()
        start = machine.wait_prompt()
        shown = 0
        for key in keys:
            machine.press(*key.rstrip("*").split("-"))
            shown += not key.endswith("*")
            # One at a time: a keyboard holds 16 bytes, and a slow machine takes them late.
            machine.wait_serial(re.escape(text[:shown].encode()), start)
        assert rendered(machine.serial)[-1] == PROMPT + text
        # Code page 437 has neither the euro sign nor capital accented letters of some kinds.
        seen = text.encode("cp437", errors="replace").replace(b"?", b"\xfe").decode("cp437")
        machine.wait_screen(lambda rows: PROMPT + seen in rows, f"{seen!r} on the screen")


def test_layout_is_said_and_an_unknown_one_refused(logs: Path) -> None:
    with booted("keymap=de", logs / "e2e-layout-said") as machine:
        machine.start()
        machine.wait_serial(b"INFO keyboard: PS/2, layout de, ")
    with booted("keymap=xx", logs / "e2e-layout-refused") as machine:
        machine.start()
        machine.wait_serial(b'WARN command_line: bad value: "keymap=xx", ignored')
        machine.wait_serial(b"INFO keyboard: PS/2, layout us, ")
