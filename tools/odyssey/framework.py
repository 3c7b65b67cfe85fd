# SPDX-License-Identifier: MIT
"""What a test framework makes of suites with something wrong: tests/controls.

Each function boots them and returns what the framework did wrong, or "".
"""
from __future__ import annotations

from typing import Callable, NamedTuple

from .judge import STATUS_FAILURE, Observation, Outcome, Verdict


class Ending(NamedTuple):
    """A boot of the controls, and what the judge made of it."""

    seen: Observation
    verdict: Verdict

    def statuses(self) -> list[str]:
        return [result.status for result in self.verdict.results]

    def is_not(self, outcome: Outcome, status: int = STATUS_FAILURE) -> str:
        if self.verdict.outcome is not outcome:
            return f"want {outcome.value}, got {self.verdict.outcome.value}: {self.verdict.detail}"
        if outcome is not Outcome.PASS and self.seen.status != status:
            return f"want status {status}, got {self.seen.status}"
        return ""


# Boots controls: pattern, stage.
Boot = Callable[[str, str], Ending]


def passes(boot: Boot) -> str:
    end = boot("control_pass", "console")
    return end.is_not(Outcome.PASS) or _unlike(end.statuses(), ["passed", "passed"])


def fails(boot: Boot) -> str:
    end = boot("control_fail", "console")
    wanted = ["failed", "failed", "failed", "passed"]
    return end.is_not(Outcome.ASSERTION) or _unlike(end.statuses(), wanted)


def explains(boot: Boot) -> str:
    """The values, of each check that ran, and of no other."""
    details = [result.detail for result in boot("control_fail", "console").verdict.results]
    wanted = (("got 1", "want 2"), ("got 3", "want 4", "got 5", "want 6"), ("got 7", "want 8"))
    for detail, words in zip(details, wanted):
        for word in words:
            if word not in detail:
                return f"no {word!r} in {detail!r}"
    return "a test went on behind a requirement" if "got 9" in details[2] else ""


def selects(boot: Boot) -> str:
    """One by its name, none by a wrong one; a skipped test is neither passed nor failed."""
    one, none = boot("control_pass.second", "console"), boot("control_none", "console")
    skipped = boot("control_skip", "console")
    return (
        one.is_not(Outcome.PASS)
        or _unlike(one.statuses(), ["passed"])
        or none.is_not(Outcome.EARLY_EXIT)
        or skipped.is_not(Outcome.PASS)
        or _unlike(skipped.statuses(), ["skipped", "passed"])
    )


def leaks(boot: Boot) -> str:
    return boot("control_leak", "tasks").is_not(Outcome.ASSERTION)


def panics(boot: Boot) -> str:
    return boot("control_panic", "console").is_not(Outcome.PANIC)


def hangs(boot: Boot) -> str:
    end = boot("control_hang", "console")
    if end.verdict.culprit != "control_hang.first":
        return f"it hung in control_hang.first, and what is named is {end.verdict.culprit}"
    return "" if end.verdict.outcome is Outcome.HANG else f"it ended: {end.verdict.outcome.value}"


def _unlike(got: list[str], want: list[str]) -> str:
    return "" if got == want else f"want {', '.join(want)}; got {', '.join(got)}"


JUDGES = {
    judge.__name__: judge for judge in (passes, fails, explains, selects, leaks, panics, hangs)
}
