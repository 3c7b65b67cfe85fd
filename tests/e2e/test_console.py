# SPDX-License-Identifier: MIT
"""Greeting and typing, as somebody at the machine sees them: keyboard, serial line, screen."""
from __future__ import annotations

import re
import time
from typing import Callable

import pytest
from odyssey.ktap import lines_of
from odyssey.machine import MAIN_LOOP, PROMPT, Machine, rendered

BANNER = "Hello from ODYSSEY OS!"
FLOOD_KEYS = 500
FLOOD_PAUSE = 0.004  # seconds; spreads the flood from the firmware to the main loop

OnScreen = Callable[[Machine, str], None]


def new_line(machine: Machine) -> int:
    """Give up what is in the line, by the keyboard; the length of the output up to the prompt."""
    before = len(machine.serial)
    machine.press("ctrl", "c")
    return machine.wait_serial(rb"\r\n" + PROMPT.encode(), before).end()


def shown_since(machine: Machine, start: int) -> str:
    """What a terminal shows of the current line, of the output from byte `start` on."""
    return rendered(machine.serial[start:])[-1]


def test_banner_on_serial(machine: Machine) -> None:
    lines = lines_of(machine.serial)
    assert lines.count(BANNER) == 1
    assert lines.count(MAIN_LOOP) == 1
    assert lines.index(BANNER) < lines.index(MAIN_LOOP)


def test_banner_on_screen(machine: Machine, on_screen: OnScreen) -> None:
    on_screen(machine, MAIN_LOOP)
    lines = machine.screen_text()
    assert lines.count(BANNER) == 1
    assert lines.index(BANNER) < lines.index(MAIN_LOOP)


def test_serial_lines_end_in_cr_lf(machine: Machine) -> None:
    new_line(machine)
    said = machine.serial[machine.serial.index(BANNER.encode()) :]
    assert said.count(b"\n") > 1
    assert not re.search(rb"(?<!\r)\n", said)


def test_first_character_comes_behind_the_prompt(fresh_machine: Machine) -> None:
    fresh_machine.start()
    fresh_machine.wait_prompt()
    fresh_machine.type_text("x")
    assert rendered(fresh_machine.serial)[-1] == PROMPT + "x"


@pytest.mark.parametrize(
    "text",
    [
        "the quick brown fox jumps over the lazy dog",
        "THE QUICK BROWN FOX",
        "0123456789-=[];'`\\,./",
        ')!@#$%^&*(_+{}:"~|<>?',
    ],
    ids=["letters", "capitals", "plain", "shifted"],
)
def test_typing(machine: Machine, on_screen: OnScreen, text: str) -> None:
    start = new_line(machine)
    machine.type_text(text)
    assert shown_since(machine, start) == text
    on_screen(machine, PROMPT + text)


def test_caps_lock_is_for_letters_and_shift_undoes_it(
    machine: Machine, on_screen: OnScreen
) -> None:
    start = new_line(machine)
    machine.press("caps_lock")
    try:
        for key, echo in (("c", b"C"), ("a", b"A"), ("7", b"7"), ("dot", b".")):
            machine.press(key)
            machine.wait_serial(re.escape(echo), start)
        machine.press("shift", "s")
        machine.wait_serial(b"s", start)
    finally:
        machine.press("caps_lock")
    machine.type_text("end")
    assert shown_since(machine, start) == "CA7.send"
    on_screen(machine, PROMPT + "CA7.send")


def test_backspace_erases(machine: Machine, on_screen: OnScreen) -> None:
    start = new_line(machine)
    machine.type_text("erased by two")
    for _ in range(4):
        machine.press("backspace")
    machine.wait_until(lambda: shown_since(machine, start) == "erased by", "four erased")
    on_screen(machine, PROMPT + "erased by")
    machine.type_text(" four")
    assert shown_since(machine, start) == "erased by four"
    on_screen(machine, PROMPT + "erased by four")


def test_backspace_stops_at_the_prompt(machine: Machine, on_screen: OnScreen) -> None:
    start = new_line(machine)
    for _ in range(3):
        machine.press("backspace")
    machine.type_text("below")
    assert shown_since(machine, start) == "below"
    on_screen(machine, PROMPT + "below")


@pytest.mark.parametrize("enter", [b"\r", b"\n"], ids=["cr", "lf"])
def test_serial_typing(machine: Machine, on_screen: OnScreen, enter: bytes) -> None:
    new_line(machine)
    text = b"typed on serial, ended by %d" % enter[0]
    start = len(machine.serial)
    machine.send_serial(b"echo " + text + enter + b"next")
    machine.wait_serial(rb"next", start)
    assert rendered(machine.serial[start:]) == [
        "echo " + text.decode(), text.decode(), PROMPT + "next"
    ]  # fmt: skip
    on_screen(machine, text.decode())
    on_screen(machine, PROMPT + "next")


@pytest.mark.parametrize("erase", [b"\x7f", b"\x08"], ids=["del", "bs"])
def test_serial_erasing(machine: Machine, on_screen: OnScreen, erase: bytes) -> None:
    start = new_line(machine)
    text = "rubbed out by %d" % erase[0]
    machine.send_serial(b"wrong" + 5 * erase + text.encode())
    machine.wait_serial(re.escape(text.encode()), start)
    assert shown_since(machine, start) == text
    on_screen(machine, PROMPT + text)


def test_keyboard_flood_from_power_on(fresh_machine: Machine, on_screen: OnScreen) -> None:
    fresh_machine.start()
    for number in range(FLOOD_KEYS):
        # Shift only once the kernel runs: held early, it makes GRUB open its menu.
        shifted = number % 5 == 0 and BANNER.encode() in fresh_machine.serial
        fresh_machine.press(*(("shift", "z") if shifted else ("x",)))
        time.sleep(FLOOD_PAUSE)
    fresh_machine.wait_prompt()
    start = new_line(fresh_machine)
    fresh_machine.type_text("Readable: 42")
    # Keys of the flood may still have come between the prompt and Ctrl-C, none after it.
    assert shown_since(fresh_machine, start) == "Readable: 42"
    on_screen(fresh_machine, PROMPT + "Readable: 42")


def test_serial_flood_from_power_on(fresh_machine: Machine, on_screen: OnScreen) -> None:
    fresh_machine.start()
    for _ in range(FLOOD_KEYS):
        fresh_machine.send_serial(b"x")
    end = fresh_machine.wait_prompt()
    fresh_machine.send_serial(b"\x03")
    start = fresh_machine.wait_serial(rb"\r\n" + PROMPT.encode(), end).end()  # it is over
    fresh_machine.send_serial(b"Readable: 42")
    fresh_machine.wait_serial(rb"Readable: 42", start)
    assert shown_since(fresh_machine, start) == "Readable: 42"
    on_screen(fresh_machine, PROMPT + "Readable: 42")
