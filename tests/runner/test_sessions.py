# SPDX-License-Identifier: MIT
"""A session of `make grade` on machines that are not what they should be: it says so, and ends."""
from __future__ import annotations

from pathlib import Path

import pytest
from odyssey import sessions
from odyssey.qmp import QmpError
from odyssey.smoke import BANNER

SECONDS = 0.1


class Shown:
    """A machine whose screen and serial line show one text, whatever is typed."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, *_: object) -> Shown:
        return self

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    def has_ended(self) -> bool:
        return False

    @property
    def serial(self) -> bytes:
        return self.text.encode()

    def screen_text(self) -> list[str]:
        return [line.rstrip() for line in self.text.splitlines()]

    def send_serial(self, data: bytes) -> None:
        pass

    def press_character(self, character: str) -> None:
        pass


class Gone(Shown):
    """A machine that ends while it is looked at."""

    def screen_text(self) -> list[str]:
        raise QmpError("QEMU closed the connection")


def held(monkeypatch: pytest.MonkeyPatch, name: str, machine: Shown) -> str:
    monkeypatch.setattr(sessions, "Machine", machine)
    return sessions.hold(name, Path("kernel"), Path("log"), SECONDS)


def test_screen_is_to_show_all_of_the_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = f"{BANNER}\n{sessions.MAIN_LOOP}\nodyssey>"
    assert held(monkeypatch, "screen", Shown(whole)) == ""
    assert BANNER in held(monkeypatch, "screen", Shown(f"{sessions.MAIN_LOOP}\nodyssey>"))
    assert "the prompt" in held(monkeypatch, "screen", Shown(BANNER))


@pytest.mark.parametrize("name", ["serial", "keyboard"])
def test_what_is_typed_is_to_come_back(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert "'odyssey> v'" in held(monkeypatch, name, Shown("odyssey> "))


def test_machine_that_ends_is_a_session_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert held(monkeypatch, "screen", Gone("")) == "QEMU closed the connection"
