# SPDX-License-Identifier: MIT
"""A session in a document is refused where it is not what happened, and only there."""
from __future__ import annotations

from typing import Iterator

import pytest
from docs.fences import Fence, fences, prose
from odyssey.transcript import NoSession, difference, hold, same_word, steps

DOCUMENT = """# One

```text
# no heading
```c
$ nothing is run
```

## Two

   ```console
   $ first \\
       and on \\
       to here
   said
     more
   $ second
   ```
```
untagged
"""


def session(language: str, *body: str) -> Fence:
    return Fence(10, "", language, list(body))


def test_fences_have_their_language_heading_and_lines() -> None:
    first, second, third = fences(DOCUMENT)
    assert first == Fence(3, "One", "text", ["# no heading", "```c", "$ nothing is run"])
    assert (second.line, second.heading, second.language) == (11, "Two", "console")
    assert third == Fence(19, "Two", "", ["untagged"])
    before, (one, two) = steps(second)
    typed = "first \\\n    and on \\\n    to here"
    assert before == []
    assert (one.line, one.typed, one.shown) == (12, typed, ["said", "  more"])
    assert (two.line, two.typed, two.shown) == (17, "second", [])


def test_prose_is_what_is_in_no_fence() -> None:
    assert list(prose(DOCUMENT)) == [(1, "# One"), (2, ""), (8, ""), (9, "## Two"), (10, "")]
    assert list(prose("```\na\n```\nb")) == [(4, "b")]


def test_what_comes_before_the_first_prompt_is_kept_apart() -> None:
    before, found = steps(session("odyssey", "Hello", "odyssey>", "odyssey> help", "..."))
    assert before == ["Hello"]
    assert [(step.line, step.typed, step.shown) for step in found] == [
        (12, "", []), (13, "help", ["..."]),
    ]  # fmt: skip


def test_a_backslash_goes_on_only_where_a_host_reads_the_line() -> None:
    _, found = steps(session("odyssey", "odyssey> echo \\", "said"))
    assert found[0].shown == ["said"]
    _, found = steps(session("console", "$ typed", "said \\", "more"))
    assert found[0].shown == ["said \\", "more"]


@pytest.mark.parametrize("language", ["odyssey", "console", "gdb", "replay"])
def test_session_in_which_nothing_is_typed_is_refused(language: str) -> None:
    with pytest.raises(NoSession, match="nothing is typed"):
        steps(session(language, "some answer", " $ indented", "x odyssey> y"))


SAID = ["one: 17 frames", "", "two is here", "three is there", "four"]


@pytest.mark.parametrize(
    "shown",
    [
        SAID,
        ["one:   17 frames ", "two is here", "", "three is there", "four"],
        ["one: 4 frames", "two is here", "three is there", "four"],
        ["..."],
        ["...", "four"],
        ["one: 17 frames", "..."],
        ["one: 17 frames", "...", "four"],
        ["...", "two is here", "..."],
        ["...", "two is here", "three is there", "...", "four", "..."],
        ["one: 17 frames", "...", "two is here", "...", "four"],
    ],
    ids=" / ".join,
)
def test_what_happened(shown: list[str]) -> None:
    assert difference(shown, SAID) == ""


@pytest.mark.parametrize(
    "shown, why",
    [
        (SAID[:-1], "want nothing more, got 'four'"),
        (SAID[1:], "want 'two is here', got 'one: 17 frames'"),
        ([SAID[0], *SAID[3:]], "want 'three is there', got 'two is here'"),
        ([*SAID, "five"], "want 'five', got nothing"),
        ([*SAID[:3], "between", *SAID[3:]], "want 'between', got 'three is there'"),
        ([SAID[0], "two was here", *SAID[3:]], "want 'two was here', got 'two is here'"),
        ([SAID[0], "two is", *SAID[3:]], "want 'two is', got 'two is here'"),
        (["one: x frames", *SAID[1:]], "want 'one: x frames', got 'one: 17 frames'"),
        (["one: 17frames", *SAID[1:]], "want 'one: 17frames', got 'one: 17 frames'"),
        ([], "want nothing more, got 'one: 17 frames'"),
        (["...", "three is there"], "want 'three is there', got 'four'"),
        (["two is here", "..."], "want 'two is here', got 'one: 17 frames'"),
        (["...", "four", "...", "two is here", "..."], "want 'two is here', got nothing"),
        (["...", "two is here", "three was there", "..."], "'three was there', got 'three is there'"),
        (["one: 17 frames", "...", "one: 17 frames", "..."], "want 'one: 17 frames', got"),
        (["one: 17 frames", "...", "one: 17 frames"], "want 'one: 17 frames', got 'four'"),
        (["...", *SAID, "five"], "want 'five', got nothing"),
    ],
)  # fmt: skip
def test_what_did_not_happen(shown: list[str], why: str) -> None:
    assert why in difference(shown, SAID)


def test_no_answer() -> None:
    assert difference([], []) == ""
    assert difference(["..."], [""]) == ""
    assert difference(["one"], []) == "want 'one', got nothing"


@pytest.mark.parametrize(
    "shown, said",
    [
        ("17", "4"), ("0xffffffff80105b80", "0x105c"), ("0x1f", "0xff"), ("<c6>", "<05>"),
        ("ff", "c3"), ("ffffffffffffffff", "ffffd30000008f08"), ("deadbeef", "deadbee1"),
        ("00:00:01.250", "12:34:56.7"), ("12.2.0,", "13.1.0,"), ("task3", "task41"),
        ("PT[290]", "PT[7]"), ("command_crash+0x53", "command_crash+0xa"), ("-7fe0000=1", "-8000000=20"),
    ],
)  # fmt: skip
def test_numbers_may_differ(shown: str, said: str) -> None:
    assert same_word(shown, said) and same_word(said, shown)


@pytest.mark.parametrize(
    "shown, said",
    [
        ("17", "x"), ("5", "a"), ("add", "4"), ("face", "5"), ("cab", "123"), ("0x10", "10"),
        ("0x1f", "0xyz"), ("1.5", "15"), ("cr3", "cr"), ("r8", "rax"), ("read_null", "read_byte"),
        ("read_null+0x14", "read_null-0x14"), ("-5", "5"), ("[##.]", "[#..]"), ("be", "is"), ("17", ""), ("face", "c3"),
    ],
)  # fmt: skip
def test_words_may_not(shown: str, said: str) -> None:
    assert not same_word(shown, said) and not same_word(said, shown)


class Scripted:
    """A terminal that answers as it was told: a line's answers, the later ones as more has come."""

    greeting = ["Hello", "ready"]

    def __init__(self, answers: dict[str, list[list[str]]], over: str = "", status: int = 0) -> None:
        self._answers = answers
        self._over = over
        self.is_over = False
        self.status = status
        self.asked: list[str] = []

    def enter(self, line: str) -> Iterator[list[str]]:
        self.asked.append(line)
        self.is_over = line == self._over
        yield from self._answers[line]


ANSWERS = {
    "one": [["said"]],
    "late": [[], ["said"], ["said", "more"]],
    "bad": [["bad: unknown command (try 'help')"]],
    "worse": [['Undefined command: "worse".  Try "help".']],
    "nothing": [[]],
    "hung": [],
}


@pytest.mark.parametrize(
    "body",
    [
        ["odyssey> one", "said", "odyssey> one", "..."],
        ["Hello", "...", "odyssey> one", "said"],
        ["odyssey> late", "said", "more", "odyssey> nothing"],
        ["odyssey> bad", "bad: unknown command (try 'help')", "odyssey> one", "said"],
    ],
)
def test_session_as_shown(body: list[str]) -> None:
    terminal = Scripted(ANSWERS)
    assert hold(session("odyssey", *body), terminal) == ""
    assert terminal.asked == [line[9:] for line in body if line.startswith("odyssey> ")]


@pytest.mark.parametrize(
    "body, why",
    [
        (["odyssey> one", "said", "odyssey> one", "other"], "line 13: one: want 'other', got 'said'\nsaid"),
        (["odyssey> one", "odyssey> one", "said"], "line 11: one: want nothing more, got 'said'"),
        (["odyssey> late", "said", "less"], "line 11: late: want 'less', got 'more'"),
        (["Good day", "...", "odyssey> one", "said"], "line 10: before the first prompt: want 'Good day'"),
        (["odyssey> bad", "..."], "line 11: bad: is no command"),
        (["odyssey> worse", "..."], "line 11: worse: is no command"),
        (["odyssey> hung", "..."], "line 11: hung: no answer"),
        (["odyssey> nothing", "odyssey> one", "..."], "line 12: one: nobody is left to answer"),
    ],
)  # fmt: skip
def test_session_not_as_shown(body: list[str], why: str) -> None:
    assert hold(session("odyssey", *body), Scripted(ANSWERS, over="nothing")).startswith(why)


def test_command_that_failed_is_refused_whatever_it_said() -> None:
    fence = session("console", "$ one", "said")
    assert hold(fence, Scripted(ANSWERS)) == ""
    assert hold(fence, Scripted(ANSWERS, status=127)).startswith("line 11: one: want status 0, got 127")
