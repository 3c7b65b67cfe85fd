# SPDX-License-Identifier: MIT
"""Sessions that the documents show, and whether they are what happens: pure text.

A fence with a language of SESSIONS is a session: a line behind the prompt is typed,
the lines below are its answer. `...` alone on a line stands for any number of lines.
What another build or another day changes is not compared: numbers, blanks, empty lines.
"""
from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Protocol

from docs.fences import Fence

# The languages whose fences are sessions, and how what is typed begins.
SESSIONS = {"odyssey": "odyssey> ", "console": "$ ", "gdb": "(gdb) ", "replay": "(gdb) "}
OMITTED = "..."

PART = re.compile(r"[0-9A-Za-z]+|[^0-9A-Za-z]+")
HEXADECIMAL = re.compile(r"(0x)?([0-9A-Fa-f]+)")
DECIMAL = re.compile(r"[0-9]+")
# An answer that has to be shown: `...` must not hide that there is no such command.
UNKNOWN = re.compile(r"\S+: unknown command|Undefined command: ")


class Step(NamedTuple):
    line: int  # in the document
    typed: str
    shown: list[str]  # of the answer


class NoSession(Exception):
    """A fence that says it is a session, and is none."""


def steps(fence: Fence) -> tuple[list[str], list[Step]]:
    """What a session shows before anything is typed, and what is typed, with its answer.

    A line typed on the host that ends in a backslash goes on in the next one.
    """
    prompt = SESSIONS[fence.language]
    before: list[str] = []
    found: list[Step] = []
    goes_on = False
    for number, line in enumerate(fence.body, fence.line + 1):
        if goes_on:
            found[-1] = found[-1]._replace(typed=f"{found[-1].typed}\n{line}")
        elif f"{line} ".startswith(prompt):
            found.append(Step(number, line[len(prompt) :], []))
        else:
            (found[-1].shown if found else before).append(line)
        is_typed = goes_on or bool(found) and found[-1].line == number
        goes_on = fence.language == "console" and is_typed and line.endswith("\\")
    if not found:
        raise NoSession(f"nothing is typed: no line begins with {prompt!r}")
    return before, found


# --- Holding a session


class Terminal(Protocol):
    """Where a session is held."""

    greeting: list[str]  # all before the first prompt
    is_over: bool  # nobody is left to answer
    status: int  # of the last line, where lines have one; else 0

    def enter(self, line: str) -> Iterator[list[str]]:
        """Type a line; its answer, and what it has become each time that more has come."""


def hold(fence: Fence, terminal: Terminal) -> str:
    """Hold a session as a fence shows it; what was otherwise, or ""."""
    before, found = steps(fence)
    why = difference(before, terminal.greeting) if any(before) else ""
    if why:
        return _told(fence.line, "before the first prompt", why, terminal.greeting)
    for step in found:
        if terminal.is_over:
            return _told(step.line, step.typed, "nobody is left to answer", [])
        why, answer = "no answer", []
        for answer in terminal.enter(step.typed):
            why = difference(step.shown, answer)
            if not why:
                break
        if not why and terminal.status != 0:
            why = f"want status 0, got {terminal.status}"
        if not why and _refusals(answer) > _refusals(step.shown):
            why = "is no command"
        if why:
            return _told(step.line, step.typed, why, answer)
    return ""


def _refusals(lines: list[str]) -> int:
    return sum(map(bool, map(UNKNOWN.match, lines)))


def _told(line: int, typed: str, why: str, answer: list[str]) -> str:
    return "\n".join([f"line {line}: {typed}: {why}", *answer])


# --- Comparing


def difference(shown: list[str], said: list[str]) -> str:
    """Where an answer is not what is shown of it, or ""."""
    blocks: list[list[str]] = [[]]
    for line in filter(str.strip, shown):
        if line.strip() == OMITTED:
            blocks.append([])
        else:
            blocks[-1].append(line)
    said = [line for line in said if line.strip()]
    begin = 0
    for number, block in enumerate(blocks):
        last = max(begin, len(said) - len(block))
        starts = range(begin, last + 1)
        if number == 0:
            starts = range(1)
        elif number == len(blocks) - 1:
            starts = range(last, last + 1)  # what is shown last is the last that was said
        start = max(starts, key=lambda start: alike(block, said[start:]))
        count = alike(block, said[start:])
        if count < len(block):
            got = repr(said[start + count]) if start + count < len(said) else "nothing"
            return f"want {block[count]!r}, got {got}"
        begin = start + count
    return "" if begin == len(said) else f"want nothing more, got {said[begin]!r}"


def alike(shown: list[str], said: list[str]) -> int:
    """How many lines are the same, from the first on."""
    count = 0
    for ours, theirs in zip(shown, said):
        if not same_line(ours, theirs):
            break
        count += 1
    return count


def same_line(shown: str, said: str) -> bool:
    ours, theirs = shown.split(), said.split()
    return len(ours) == len(theirs) and all(map(same_word, ours, theirs))


def same_word(shown: str, said: str) -> bool:
    """The same letters and signs; where one has a number, the other has a number."""
    ours, theirs = PART.findall(shown), PART.findall(said)
    return len(ours) == len(theirs) and all(map(_same_part, ours, theirs))


def _same_part(shown: str, said: str) -> bool:
    ours, theirs = HEXADECIMAL.fullmatch(shown), HEXADECIMAL.fullmatch(said)
    if ours and theirs and ours[1] == theirs[1] and _are_numbers(ours, theirs):
        return True
    return DECIMAL.sub("0", shown) == DECIMAL.sub("0", said)


def _are_numbers(*words: re.Match[str]) -> bool:
    """Whether hexadecimal digits are no words: by 0x, by a digit, or as bytes of one width."""
    if all(word[1] or DECIMAL.search(word[2]) for word in words):
        return True
    widths = {len(word[2]) for word in words}
    return len(widths) == 1 and widths.pop() % 2 == 0
