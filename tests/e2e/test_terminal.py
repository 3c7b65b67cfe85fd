# SPDX-License-Identifier: MIT
"""The screen's history and the keyboard's layouts, as somebody at the machine has them."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, Iterator

import pytest
from odyssey.machine import PROMPT, Machine, rendered

Medium = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def machine(medium: Medium, logs: Path) -> Iterator[Machine]:
    with Machine(medium(""), logs / "e2e-terminal") as machine:
        machine.start()
        machine.wait_prompt()
        yield machine


def shows(machine: Machine, transcript: list[str], below: int) -> None:
    """Wait until the screen shows the transcript but for so many lines at its end."""
    rows = len(machine.screen_text())
    end = len(transcript) - below
    wanted = transcript[end - rows : end]
    machine.wait_screen(lambda lines: lines == wanted, f"{wanted}")


def test_history_by_shift_and_page_up(machine: Machine) -> None:
    rows = len(machine.screen_text())
    half = rows // 2
    typed = [f"line {number}" for number in range(2 * rows)]  # a row each, and one for its output
    machine.send_serial("".join(f"echo {line}\r" for line in typed).encode())
    transcript = [text for line in typed for text in (f"{PROMPT}echo {line}", line)]
    transcript.append(PROMPT.rstrip())
    shows(machine, transcript, 0)
    for back in (half, 2 * half):
        machine.press("shift", "pgup")
        shows(machine, transcript, back)
    machine.press("shift", "pgdn")
    shows(machine, transcript, half)
    machine.send_serial(b"echo unseen yet\r")  # the picture stays
    machine.wait_serial(b"\nunseen yet\r\n")
    shows(machine, transcript, half)
    machine.press("x")
    transcript[-1:] = [PROMPT + "echo unseen yet", "unseen yet", PROMPT + "x"]
    shows(machine, transcript, 0)


def test_history_stops_at_the_first_line(medium: Medium, logs: Path) -> None:
    with Machine(medium(""), logs / "e2e-terminal-first") as machine:
        machine.start()
        machine.wait_prompt()
        before = machine.wait_screen(lambda lines: PROMPT.rstrip() in lines, "the prompt")
        machine.send_serial(b"\r" * 2 * len(before))
        for _ in range(10):
            machine.press("shift", "pgup")
        machine.wait_screen(lambda lines: lines[:8] == before[:8], "what was first")


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
def test_layout(machine: Machine, layout: str, keys: list[str], text: str) -> None:
    before = len(machine.serial)
    machine.send_serial(b"\x03keymap %s\r" % layout.encode())
    machine.wait_serial(rb"keymap %s\r\n" % layout.encode() + PROMPT.encode(), before)
    start, shown = len(machine.serial), 0
    for key in keys:
        machine.press(*key.rstrip("*").split("-"))
        shown += not key.endswith("*")
        # One at a time: a keyboard holds 16 bytes, and a slow machine takes them late.
        machine.wait_serial(re.escape(text[:shown].encode()), start)
    assert rendered(machine.serial)[-1] == PROMPT + text
    seen = PROMPT + machine.shown(text)
    machine.wait_screen(lambda rows: seen in rows, f"{seen!r} on the screen")


def test_layout_is_said_and_an_unknown_one_refused(medium: Medium, logs: Path) -> None:
    with Machine(medium("keymap=de"), logs / "e2e-layout-said") as machine:
        machine.start()
        machine.wait_serial(b"INFO keyboard: PS/2, layout de, ")
    with Machine(medium("keymap=xx"), logs / "e2e-layout-refused") as machine:
        machine.start()
        machine.wait_serial(b'WARN command_line: bad value: "keymap=xx", ignored')
        machine.wait_serial(b"INFO keyboard: PS/2, layout us, ")
