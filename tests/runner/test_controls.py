# SPDX-License-Identifier: MIT
"""Negative controls: real images, each of which does exactly one thing wrong.

A run that should fail and does not is a failure: without these nobody would
know that the runner can say no.
"""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Callable

import pytest
from odyssey import qemu
from odyssey.boot import Bounds, boot
from odyssey.control_images import built
from odyssey.judge import Outcome, Verdict, judge_tests
from odyssey.settings import OUTPUT

BUILT = OUTPUT / "controls"
# Long beside what a control takes to print (its output is over in microseconds), and
# whatever the host does, an image that never ends cannot end in time.
SHORT = Bounds(first=60, idle=3, total=60)
NEVER_PRINTS = Bounds(first=2, idle=2, total=2)

Judge = Callable[..., Verdict]


@pytest.fixture
def judged(logs: Path) -> Judge:
    """Build a control, boot it, and judge it like a test kernel."""

    def build_and_boot(name: str, bounds: Bounds = SHORT) -> Verdict:
        machine = qemu.headless(qemu.Hardware(memory="16"))
        machine += [*qemu.direct(built(name, BUILT)), *qemu.DEBUG_EXIT]
        return judge_tests(boot(machine, logs / f"control-{name}", bounds))

    return build_and_boot


def test_pass(judged: Judge) -> None:
    verdict = judged("pass")
    assert verdict.outcome is Outcome.PASS, verdict
    assert verdict.notes == ()
    assert [result.status for result in verdict.results] == ["passed", "passed", "skipped"]


def test_assertion(judged: Judge) -> None:
    verdict = judged("assertion")
    assert verdict.outcome is Outcome.ASSERTION, verdict
    assert verdict.detail == "failed: control.first"
    assert verdict.results[0].detail == "control.c:1: got 1, want 2"


def test_liar(judged: Judge) -> None:
    assert judged("liar").outcome is Outcome.ASSERTION


def test_panic(judged: Judge) -> None:
    verdict = judged("panic")
    assert verdict.outcome is Outcome.PANIC, verdict
    assert verdict.detail == "in control.first: control: out of patience"


def test_hang(judged: Judge) -> None:
    verdict = judged("hang")
    assert verdict.outcome is Outcome.HANG, verdict
    assert verdict.culprit == "control.second"
    assert [result.name for result in verdict.results] == ["control.first"]


def test_reset(judged: Judge) -> None:
    verdict = judged("reset")
    assert verdict.outcome is Outcome.RESET, verdict
    assert verdict.culprit == "control.first"


def test_early_exit(judged: Judge) -> None:
    verdict = judged("early_exit")
    assert verdict.outcome is Outcome.EARLY_EXIT, verdict
    assert verdict.detail == "1 of 3 results"


def test_garbage(judged: Judge) -> None:
    assert judged("garbage").outcome is Outcome.GARBAGE


def test_silence(judged: Judge) -> None:
    assert judged("silence", NEVER_PRINTS).outcome is Outcome.SILENCE
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # the machine that had to be ended was reaped


def test_mute(judged: Judge) -> None:
    assert judged("mute").outcome is Outcome.SILENCE


def test_unheard(judged: Judge) -> None:
    verdict = judged("unheard")
    assert verdict.outcome is Outcome.PASS, verdict
    assert verdict.notes == ("the serial output is incomplete: judged by port 0xe9",)


def test_crash(logs: Path) -> None:
    """QEMU itself dies: a process that kills itself stands in for it."""
    suicide = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    verdict = judge_tests(boot([sys.executable, "-c", suicide], logs / "control-crash", SHORT))
    assert verdict.outcome is Outcome.CRASH, verdict
    assert verdict.detail == "the emulator was killed by SIGSEGV"


def test_refused(logs: Path) -> None:
    """QEMU does not start: its own words are what is reported."""
    machine = [qemu.find_program(), "-no-such-option"]
    verdict = judge_tests(boot(machine, logs / "control-refused", SHORT))
    assert verdict.outcome is Outcome.CRASH, verdict
    assert "no-such-option" in verdict.detail
