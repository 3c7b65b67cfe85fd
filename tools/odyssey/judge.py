# SPDX-License-Identifier: MIT
"""Judges one boot: pure functions from what was observed to an outcome.

Only exit status 33 can be a pass, and only with an output that bears it out.
How a boot ended is looked at first, then what was printed:

    the emulator died or refused         crash
    a panic was printed                  panic, whatever the status
    out of time                          hang, or silence when nothing was printed
    status 0                             reset (or power-off)
    status 33 or 35                      as the text says
"""
from __future__ import annotations

import enum
import signal
from dataclasses import dataclass, replace
from typing import Optional

from . import ktap
from .scenarios import Scenario

STATUS_RESET = 0
STATUS_SUCCESS = 33  # the kernel wrote 0x10 to isa-debug-exit
STATUS_FAILURE = 35  # 0x11
BY_DEBUGCON = "the serial output is incomplete: judged by port 0xe9"


class Outcome(enum.Enum):
    PASS = "pass"
    ASSERTION = "assertion"
    PANIC = "panic"
    HANG = "hang"
    RESET = "reset"
    EARLY_EXIT = "early exit"
    GARBAGE = "garbage"
    SILENCE = "silence"
    CRASH = "crash"


@dataclass(frozen=True)
class Observation:
    """What was seen of one boot from outside."""

    serial: bytes
    debugcon: bytes  # the same text, on port 0xe9
    status: Optional[int]  # QEMU's exit status, negative for a signal; None: out of time
    errors: str = ""  # what QEMU itself complained of


@dataclass(frozen=True)
class Verdict:
    """An outcome, one sentence why, and what else deserves saying."""

    outcome: Outcome
    detail: str = ""
    notes: tuple[str, ...] = ()
    results: tuple[ktap.TestResult, ...] = ()  # of a test kernel: each test's own
    culprit: Optional[str] = None  # the test that was running when it ended badly

    @property
    def is_pass(self) -> bool:
        return self.outcome is Outcome.PASS


def judge_tests(seen: Observation, pattern: str = "") -> Verdict:
    """Judge a boot of the test kernel that ran the suites which `pattern` selects."""
    serial, debugcon = ktap.read(seen.serial), ktap.read(seen.debugcon)
    by_debugcon = not serial.is_complete and debugcon.is_complete
    # Where neither stream is whole, the one that begins rightly tells more of what happened.
    use_debugcon = by_debugcon or (debugcon.has_version and not serial.has_version)
    transcript = debugcon if use_debugcon else serial
    if serial.is_complete and debugcon.is_complete and serial.results != debugcon.results:
        return Verdict(Outcome.GARBAGE, "the serial line and port 0xe9 report different results")
    verdict = _by_ending(seen, transcript.panic or serial.panic or debugcon.panic)
    if verdict is None:
        verdict = _by_transcript(transcript, seen, pattern)
    return replace(
        verdict,
        detail=_with_culprit(verdict, transcript),
        notes=(BY_DEBUGCON,) if by_debugcon else (),
        results=() if verdict.outcome is Outcome.GARBAGE else tuple(transcript.results),
        culprit=transcript.running,
    )


def judge_scenario(seen: Observation, scenario: Scenario) -> Verdict:
    """Judge a boot that was to live through one scenario."""
    panic = ktap.panic_of(ktap.lines_of(seen.serial)) or ktap.panic_of(ktap.lines_of(seen.debugcon))
    verdict = _by_ending(seen, None if scenario.panics else panic)
    if verdict is not None:
        return verdict
    missing = scenario.complaint(ktap.lines_of(seen.serial))
    by_debugcon = missing and scenario.complaint(ktap.lines_of(seen.debugcon)) is None
    if by_debugcon:
        missing = None
    if ktap.is_blank(seen.serial + seen.debugcon):
        return Verdict(Outcome.SILENCE, f"nothing was printed, status {seen.status}")
    if seen.status != STATUS_SUCCESS:
        reason = f"the kernel reported that {scenario.name} did not go as expected"
        said = panic and f"it panicked: {panic}"
        return Verdict(Outcome.ASSERTION, "; ".join(filter(None, (reason, said, missing))))
    if missing:
        return Verdict(Outcome.GARBAGE, missing)
    return Verdict(Outcome.PASS, notes=(BY_DEBUGCON,) if by_debugcon else ())


def _by_ending(seen: Observation, panic: Optional[str]) -> Optional[Verdict]:
    """The verdict where the text after the ending cannot change it."""
    status = seen.status
    if status is not None and status < 0:
        return Verdict(Outcome.CRASH, f"the emulator was killed by {_signal_name(-status)}")
    if status is not None and status not in (STATUS_RESET, STATUS_SUCCESS, STATUS_FAILURE):
        said = seen.errors.strip()
        return Verdict(Outcome.CRASH, f"the emulator ended with status {status}: {said}")
    if panic is not None:
        return Verdict(Outcome.PANIC, panic)
    if status is None and ktap.is_blank(seen.serial + seen.debugcon):
        return Verdict(Outcome.SILENCE, "nothing was printed until time was up")
    if status is None:
        return Verdict(Outcome.HANG, f"no end in time; the last line is {_last_line(seen)!r}")
    if status == STATUS_RESET:
        return Verdict(Outcome.RESET, "the machine was reset or powered off (status 0)")
    return None


def _by_transcript(transcript: ktap.Transcript, seen: Observation, pattern: str) -> Verdict:
    """The verdict on a test kernel that ended by itself with 33 or 35."""
    if ktap.is_blank(seen.serial + seen.debugcon):
        return Verdict(Outcome.SILENCE, f"nothing was printed, status {seen.status}")
    if not transcript.has_version:
        return Verdict(Outcome.GARBAGE, f"no line {ktap.VERSION!r}")
    if transcript.complaints:
        return Verdict(Outcome.GARBAGE, transcript.complaints[0])
    stray = [r.name for r in transcript.results if not _is_selected(r.name, pattern)]
    if stray:
        return Verdict(Outcome.GARBAGE, f"{stray[0]} ran, which {pattern!r} does not select")
    if not transcript.is_complete:
        have, plan = len(transcript.results), transcript.plan
        return Verdict(Outcome.EARLY_EXIT, f"{have} of {plan or 'an unknown number of'} results")
    if transcript.plan == 0:
        return Verdict(Outcome.EARLY_EXIT, f"no test matches {pattern!r}")
    if transcript.failed:
        names = ", ".join(result.name for result in transcript.failed)
        return Verdict(Outcome.ASSERTION, f"failed: {names}")
    if seen.status != STATUS_SUCCESS:
        return Verdict(Outcome.ASSERTION, "the kernel reported failure, though no test failed")
    return Verdict(Outcome.PASS)


def _is_selected(name: str, pattern: str) -> bool:
    return pattern in ("", name, name.split(".")[0])


def _with_culprit(verdict: Verdict, transcript: ktap.Transcript) -> str:
    if verdict.is_pass or transcript.running is None:
        return verdict.detail
    return f"in {transcript.running}: {verdict.detail}"


def _last_line(seen: Observation) -> str:
    text = ktap.ESCAPE.sub("", (seen.serial or seen.debugcon).decode("utf-8", "backslashreplace"))
    return ([line.strip() for line in text.split("\n") if line.strip()] or [""])[-1]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
