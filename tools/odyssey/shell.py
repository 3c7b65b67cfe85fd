# SPDX-License-Identifier: MIT
"""Somebody at the shell's prompt, typing on one of the machine's inputs."""
from __future__ import annotations

import re

from .machine import PROMPT, Machine, rendered

PROMPT_LAST = re.compile(rb"[\r\n]" + PROMPT.encode() + rb"(\x1b\[K)?\Z")


class Shell:
    """A session; `by` is "keyboard" or "serial". What is typed is waited for to come back."""

    def __init__(self, machine: Machine, by: str = "serial") -> None:
        self.machine = machine
        self.by = by
        self._entered = 0  # where in the output the last line was entered
        machine.wait_main_loop()
        self.wait_prompt()

    def run(self, line: str, shows: str = "") -> str:
        """Enter a line; what is printed until the next prompt, its lines ended by LF."""
        self.enter(line, shows)
        return self.wait_prompt()

    def enter(self, line: str, shows: str = "") -> None:
        """Type a line, which may show as another, and Enter; wait for it all to come back."""
        self.type(line, shows=shows)
        self._entered = len(self.machine.serial)
        self.type_blind("\n")
        self.wait(r"\r\n", self._entered)

    def wait_prompt(self) -> str:
        """Wait until the prompt stands last; what has been printed since the last line."""
        end = self.machine.wait_serial(PROMPT_LAST.pattern, self._entered).start() + 1
        said = self.machine.serial[self._entered : end].decode(errors="replace")
        self._entered = end
        return said.replace("\r\n", "\n").replace("\r", "").removeprefix("\n")

    def wait(self, pattern: str, start: int = 0) -> re.Match[bytes]:
        """Wait for output; from the last line on unless told where."""
        return self.machine.wait_serial(pattern.encode(), start or self._entered)

    def shown(self) -> str:
        """All that a terminal at the serial line shows."""
        return "\n".join(rendered(self.machine.serial))

    # --- Typing

    def type(self, text: str, shows: str = "") -> None:
        """Type a text, each character once the one before has come back; a tab brings a word."""
        for typed, shown in zip(text, shows or text):
            before = len(self.machine.serial)
            self.type_blind(typed)
            self.wait(" " if typed == "\t" else re.escape(shown), before)

    def type_blind(self, text: str) -> None:
        """Type a text without waiting."""
        if self.by == "serial":
            self.machine.send_serial(text.replace("\n", "\r").encode())
        else:
            for character in text:
                self.machine.press_character(character)

    def control(self, letter: str) -> None:
        """Type Ctrl and a letter."""
        if self.by == "serial":
            self.machine.send_serial(bytes([ord(letter) & 0x1F]))
        else:
            self.machine.press("ctrl", letter)

    def up(self) -> None:
        """Press Up, and wait for what it brings."""
        before = len(self.machine.serial)
        if self.by == "serial":
            self.machine.send_serial(b"\x1b[A")
        else:
            self.machine.press("up")
        self.wait(".", before)
