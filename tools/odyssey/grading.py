# SPDX-License-Identifier: MIT
"""Asks a tree what is on the card, each check in boots of its own."""
from __future__ import annotations

import subprocess
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Callable, Iterable

from check import code_gates, loaded_gates
from check.image import Image

from . import judge, ktap, processes, qemu, sessions
from .boot import Bounds, boot
from .card import (
    CARD,
    MAY_SKIP,
    Built,
    Check,
    Framework,
    Gates,
    Host,
    Probe,
    Scenarios,
    Session,
    Suites,
)
from .control_images import built
from .framework import JUDGES, Ending
from .graded_tree import GradedTree
from .image import with_command_line
from .jobs import side_by_side
from .scenarios import SCENARIOS

# The work of tests/runner/controls/work.asm on the machine the bounds were chosen on.
NOMINAL_SECONDS = 0.6
# There: a kernel that works is never silent for a tenth of this.
SILENCE_SECONDS, TOTAL_SECONDS, HOST_SECONDS = 15, 60, 120
HANG_SECONDS = 3  # for a control that never goes on

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"


@dataclass(frozen=True)
class Answer:
    """What came of a check."""

    check: Check
    outcome: str
    detail: str = ""

    @property
    def points(self) -> int:
        return self.check.points if self.outcome == PASSED else 0


def slowness(logs: Path) -> float:
    """How many times longer this machine needs now than that of the bounds; at least 1."""
    image = built("work", logs)
    machine = [*qemu.headless(qemu.Hardware(memory="16")), *qemu.direct(image), *qemu.DEBUG_EXIT]
    started = time.monotonic()
    boot(machine, logs / "work", Bounds(first=300, idle=300, total=300))
    return max(1.0, (time.monotonic() - started) / NOMINAL_SECONDS)


class Grading:
    """A tree that is built, and asked one check at a time."""

    def __init__(self, tree: GradedTree, logs: Path, factor: float) -> None:
        self._tree, self._logs, self._factor = tree, logs, factor
        self._bounds = Bounds(
            first=SILENCE_SECONDS * factor,
            idle=SILENCE_SECONDS * factor,
            total=TOTAL_SECONDS * factor,
        )
        self._build_problems: dict[tuple[str, ...], str] = {}

    def build(self) -> None:
        """Everything that any check wants, up to what cannot be built; the framework last."""
        problem = ""
        for check in CARD:
            if isinstance(check.probe, Built):
                problem = problem or self._tree.make(*check.probe.targets)
                self._build_problems[check.probe.targets] = problem
        self._build_problems[("host/unit-tests",)] = self._tree.make("host/unit-tests")
        self._build_problems[("odyssey-test.iso",)] = problem or self._tree.make("odyssey-test.iso")
        self._build_problems[("odyssey-controls.elf",)] = (
            problem or self._tree.use_own_framework() or self._tree.make("odyssey-controls.elf")
        )

    def ask_all(self) -> list[Answer]:
        answers: dict[str, Answer] = {}
        running: dict[Future[str], Check] = {}
        left = list(CARD)
        with side_by_side() as pool:
            while left or running:
                for check in list(left):
                    known = [answers[need].outcome for need in check.needs if need in answers]
                    if any(outcome != PASSED for outcome in known):
                        missing = [n for n in check.needs if n in answers and not answers[n].points]
                        answers[check.name] = Answer(check, NOT_RUN, f"needs: {', '.join(missing)}")
                    elif len(known) < len(check.needs):
                        continue
                    else:
                        running[pool.submit(self._ask, check.probe)] = check
                    left.remove(check)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    check, problem = running.pop(future), future.result()
                    outcome = FAILED if problem else PASSED
                    answers[check.name] = Answer(check, outcome, problem)
        return [answers[check.name] for check in CARD]

    def _ask(self, probe: Probe) -> str:
        """What is wrong, or ""."""
        if isinstance(probe, Built):
            return self._build_problems[probe.targets]
        if isinstance(probe, Gates):
            return self._through_gates(probe.names)
        if isinstance(probe, Host):
            return _first(partial(self._on_host, suite) for suite in probe.suites)
        if isinstance(probe, Suites):
            return _first(partial(self._suite, probe.stage, suite) for suite in probe.suites)
        if isinstance(probe, Scenarios):
            return _first(partial(self._scenario, probe.stage, name) for name in probe.names)
        if isinstance(probe, Session):
            log = self._logs / f"session-{probe.name}"
            elf = self._tree.path("odyssey.elf")
            return sessions.hold(probe.name, elf, log, SILENCE_SECONDS * self._factor)
        return self._build_problems[("odyssey-controls.elf",)] or JUDGES[probe.name](self._control)

    def _through_gates(self, names: tuple[str, ...]) -> str:
        loaded, linked = (
            Image(self._tree.path(f"odyssey.{end}"), root=self._tree.folder)
            for end in ("elf", "full")
        )
        problems: list[str] = []
        for name in names:
            if hasattr(loaded_gates, name):
                problems += getattr(loaded_gates, name)(loaded)
            else:
                problems += getattr(code_gates, name)(linked)
        return "\n".join(problems[:20])

    def _on_host(self, suite: str) -> str:
        if problem := self._build_problems[("host/unit-tests",)]:
            return problem
        command = [str(self._tree.path("host/unit-tests")), suite]
        try:
            done = processes.run(command, HOST_SECONDS * self._factor, cwd=self._logs, env={})
        except subprocess.TimeoutExpired:
            return f"{suite}: no end in time"
        said = ktap.read(done.stdout.encode())
        if done.returncode == 0 and said.is_complete and said.plan:
            return ""
        failed = [f"{test.name}: {test.detail}" for test in said.failed]
        return "\n".join(failed) or f"in {said.running or suite}: status {done.returncode}"

    def _boot(
        self, image: str, words: str, log: str, bounds: Bounds, *extra: str
    ) -> judge.Observation:
        path = self._tree.path(image)
        medium = qemu.direct(path, words)
        if path.suffix == ".iso":
            medium = qemu.cdrom(with_command_line(path, words))
        machine = [*qemu.headless(sessions.HARDWARE), *medium, *qemu.DEBUG_EXIT, *extra]
        return boot(machine, self._logs / log, bounds)

    def _suite(self, stage: str, suite: str) -> str:
        image, words = "odyssey-test.elf", f"test={suite} stage={stage}"
        if stage == "grub":
            image, words = "odyssey-test.iso", f"test={suite} stage=console"
            if problem := self._build_problems[(image,)]:
                return problem
        seen = self._boot(image, words, f"{stage}-{suite}", self._bounds, *qemu.DETERMINISTIC)
        verdict = judge.judge_tests(seen, suite)
        if not verdict.is_pass:
            return f"{suite}: {verdict.outcome.value}: {verdict.detail}"
        skipped = {test.name for test in verdict.results if test.status == "skipped"}
        unasked = sorted(skipped - MAY_SKIP[stage])
        return f"{', '.join(unasked)}: skipped" if unasked else ""

    def _scenario(self, stage: str, name: str) -> str:
        words, log = f"scenario={name} stage={stage}", f"{stage}-{name}"
        seen = self._boot("odyssey-test.elf", words, log, self._bounds)
        verdict = judge.judge_scenario(seen, SCENARIOS[name])
        return "" if verdict.is_pass else f"{name}: {verdict.outcome.value}: {verdict.detail}"

    def _control(self, pattern: str, stage: str) -> Ending:
        bounds = self._bounds
        if pattern == "control_hang":
            bounds = replace(bounds, idle=HANG_SECONDS * self._factor)
        words = f"test={pattern} stage={stage}"
        seen = self._boot("odyssey-controls.elf", words, pattern, bounds)
        return Ending(seen, judge.judge_tests(seen, pattern))


def _first(questions: Iterable[Callable[[], str]]) -> str:
    """The first thing that is wrong, or ""."""
    for ask in questions:
        if problem := ask():
            return problem
    return ""
