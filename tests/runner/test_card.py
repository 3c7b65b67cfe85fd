# SPDX-License-Identifier: MIT
"""The card of `make grade`: whole, and in an order in which it can be asked."""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from odyssey import qemu
from odyssey.boot import Bounds, boot
from odyssey.card import CARD, ITEMS, MAY_SKIP, Suites, lost_with, points_of
from odyssey.control_images import built
from odyssey.framework import JUDGES, Ending
from odyssey.graded_tree import PLAIN_NAME, kernel_sources
from odyssey.judge import judge_tests
from odyssey.settings import BUILD, OUTPUT, ROOT

HANG_SECONDS = 3  # how long a control that never goes on is listened to


def test_items_add_up_to_a_hundred() -> None:
    counted: Counter[str] = Counter()
    for check in CARD:
        counted[check.item] += check.points
    assert counted == ITEMS and sum(ITEMS.values()) == 100


def test_checks_have_names_of_their_own_and_need_others() -> None:
    names = [check.name for check in CARD]
    assert len(set(names)) == len(names)
    for check in CARD:
        assert set(check.needs) <= set(names)
        assert not lost_with(frozenset({check.name})) & set(check.needs)


def test_what_is_lost_includes_what_needs_it() -> None:
    assert "exceptions" in lost_with(frozenset({"gates"}))
    assert "UART" not in lost_with(frozenset({"gates"}))
    assert points_of(lost_with(frozenset({"assembled", "frames", "page tables", "heap"}))) == 100


def test_skips_are_of_suites_that_are_asked() -> None:
    asked = {(check.probe.stage, suite) for check in CARD if isinstance(check.probe, Suites)
             for suite in check.probe.suites}  # fmt: skip
    may_skip = {(stage, name.split(".")[0]) for stage, all in MAY_SKIP.items() for name in all}
    assert may_skip <= asked


def test_only_plain_sources_are_taken(tmp_path: Path) -> None:
    (tmp_path / "kernel").mkdir()
    for name in ("a.c", "b.py", "$(x).c"):
        (tmp_path / "kernel" / name).write_text("")
    (tmp_path / "kernel" / "link.c").symlink_to(ROOT / "Makefile")
    (tmp_path / "Makefile").write_text("")
    assert sorted(kernel_sources(tmp_path)) == ["kernel/$(x).c", "kernel/a.c"]
    assert not PLAIN_NAME.fullmatch("kernel/$(x).c") and PLAIN_NAME.fullmatch("kernel/a.c")


def test_all_that_sources_of_this_kernel_include_is_taken() -> None:
    taken = set(kernel_sources(ROOT))
    included = {
        match
        for file in taken
        for match in re.findall(r'^[%#]include "(.+)"', (ROOT / file).read_text(), re.M)
    }
    assert {name for name in included if (ROOT / name).exists()} <= taken


def test_work_passes(logs: Path) -> None:
    machine = qemu.headless(qemu.Hardware(memory="16"))
    machine += [*qemu.direct(built("work", OUTPUT / "controls")), *qemu.DEBUG_EXIT]
    assert judge_tests(boot(machine, logs / "control-work")).is_pass


@pytest.mark.parametrize("name", JUDGES)
def test_this_framework_passes(name: str, logs: Path) -> None:
    """The suites of tests/controls end as they should, and are told from each other."""

    def run(pattern: str, stage: str) -> Ending:
        words = f"test={pattern} stage={stage}"
        machine = [*qemu.headless(qemu.Hardware()), *qemu.DEBUG_EXIT]
        machine += qemu.direct(BUILD / "odyssey-controls.elf", words)
        idle = HANG_SECONDS if pattern == "control_hang" else 30
        seen = boot(machine, logs / f"{name}-{pattern}", Bounds(first=60, idle=idle, total=120))
        return Ending(seen, judge_tests(seen, pattern))

    assert JUDGES[name](run) == ""
