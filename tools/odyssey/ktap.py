# SPDX-License-Identifier: MIT
"""Reads a test kernel's output: flat KTAP, every other line a `# ` comment.

The reader is strict: whatever does not belong is kept as a complaint, and the
judge lets nothing pass that has one. What comes before the version line is the
firmware's and the loader's, and is ignored.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional

VERSION = "KTAP version 1"
PANIC = re.compile(r"(?:# )?KERNEL PANIC: (.*)")
PLAN = re.compile(r"1\.\.(\d+)")
RUN = re.compile(r"# run (\w+\.\w+)")
RESULT = re.compile(r"(ok|not ok) (\d+) (\w+\.\w+)(?: # SKIP (.+))?")
# What a terminal obeys and does not show: UEFI firmware sends plenty of it.
ESCAPE = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]")


def lines_of(output: bytes) -> list[str]:
    """The whole lines of an output, without line ends and terminal escapes.

    A last line that was cut short is left out: `ok 1` may have been `ok 12`.
    """
    text = ESCAPE.sub("", output.decode("utf-8", "backslashreplace"))
    return [line.strip("\r") for line in text.split("\n")[:-1]]


def is_blank(output: bytes) -> bool:
    """Nothing that anybody could read."""
    text = ESCAPE.sub("", output.decode("utf-8", "backslashreplace"))
    return not any(character.isprintable() and character != " " for character in text)


def panic_of(lines: list[str]) -> Optional[str]:
    """The sentence of a kernel's first panic, if it panicked."""
    return next((match[1] for match in map(PANIC.fullmatch, lines) if match), None)


@dataclass
class TestResult:
    """One test as the kernel reported it."""

    name: str
    status: str  # "passed", "failed" or "skipped"
    detail: str  # what the test printed, or why it was skipped


@dataclass
class Transcript:
    """What one stream of output says."""

    has_version: bool = False
    plan: Optional[int] = None
    results: list[TestResult] = field(default_factory=list)
    running: Optional[str] = None  # begun, with no result yet
    panic: Optional[str] = None
    complaints: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Everything announced is there, and nothing else."""
        have_all = self.plan == len(self.results) and self.running is None
        return have_all and not self.complaints

    @property
    def failed(self) -> list[TestResult]:
        return [result for result in self.results if result.status == "failed"]


def read(output: bytes) -> Transcript:
    """Read one stream of a test kernel's output."""
    transcript = Transcript()
    lines = lines_of(output)
    transcript.panic = panic_of(lines)
    if VERSION not in lines:
        return transcript
    transcript.has_version = True
    comments: list[str] = []
    for line in lines[lines.index(VERSION) + 1 :]:
        complaint = _read_line(transcript, line, comments)
        if complaint:
            transcript.complaints.append(f"{complaint}: {line!r}")
    return transcript


def _read_line(transcript: Transcript, line: str, comments: list[str]) -> Optional[str]:
    """Take one line in; what is wrong with it, or None."""
    plan, run, result = PLAN.fullmatch(line), RUN.fullmatch(line), RESULT.fullmatch(line)
    if plan:
        if transcript.plan is not None:
            return "a second plan"
        transcript.plan = int(plan[1])
        return None
    if run:
        comments.clear()
        unfinished, transcript.running = transcript.running, run[1]
        return f"{unfinished} has no result" if unfinished else None
    if result:
        complaint = _result_complaint(transcript, result)
        transcript.results.append(_test_result(result, comments))
        transcript.running = None
        return complaint
    if line == "#" or line.startswith("# "):
        comments.append(line[2:])
        return None
    return "not KTAP" if line else None


def _result_complaint(transcript: Transcript, result: re.Match[str]) -> Optional[str]:
    number, name = int(result[2]), result[3]
    if transcript.plan is None:
        return "a result before the plan"
    if number > transcript.plan:
        return "more results than planned"
    if number != len(transcript.results) + 1:
        return f"result {number} where {len(transcript.results) + 1} was due"
    if name != transcript.running:
        return f"a result while {transcript.running or 'nothing'} was running"
    if any(name == earlier.name for earlier in transcript.results):
        return "a test reported twice"
    if result[1] == "not ok" and result[4]:
        return "skipped and failed at once"
    return None


def _test_result(result: re.Match[str], comments: list[str]) -> TestResult:
    if result[1] == "not ok":
        return TestResult(result[3], "failed", "\n".join(comments))
    if result[4]:
        return TestResult(result[3], "skipped", result[4])
    return TestResult(result[3], "passed", "\n".join(comments))
