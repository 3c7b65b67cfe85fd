# SPDX-License-Identifier: MIT
"""`make grade` on trees that lack something: `make check-grade`. It takes minutes."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from grade import graded, show
from odyssey.broken_tree import copy_tree
from odyssey.card import MEMORY
from odyssey.exercises import Exercise, all_exercises
from odyssey.grading import FAILED, PASSED
from odyssey.settings import BUILD, ROOT


class Card:
    """What came of grading a tree."""

    def __init__(self, tree: Path) -> None:
        # One folder for all: what a tree shares with the one before is not compiled again.
        self.content = graded(tree, BUILD / "grade")
        self.grade = self.content["grade"]
        items = self.content["items"]
        self.items = {item["name"]: item["points"] for item in items}  # type: ignore[attr-defined]
        self.checks = {
            check["name"]: check["outcome"]
            for item in items  # type: ignore[attr-defined]
            for check in item["checks"]
        }

    def failed(self) -> set[str]:
        return {name for name, outcome in self.checks.items() if outcome == FAILED}


def edited(tree: Path, file: str, before: str, after: str) -> Path:
    copy_tree(tree)
    text = (tree / file).read_text()
    assert text.count(before) == 1
    (tree / file).write_text(text.replace(before, after))
    return tree


def test_this_tree_has_every_point(capsys: pytest.CaptureFixture[str]) -> None:
    card = Card(ROOT)
    assert card.failed() == set()
    assert card.grade == 100
    show(card.content)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "grade: 100 / 100"
    rows = [re.fullmatch(r"  ok   .{26} *(\d+) / \d+", line) for line in said]
    assert sum(int(row[1]) for row in rows if row) == 100


@pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.name)
def test_exercise_costs_what_it_says(exercise: Exercise, tmp_path: Path) -> None:
    copy_tree(tmp_path)
    exercise.remove_piece(tmp_path)
    card = Card(tmp_path)
    assert card.failed() == exercise.fails
    assert card.grade == 100 - exercise.costs


def test_empty_tree_has_no_point(tmp_path: Path) -> None:
    assert Card(tmp_path).grade == 0


def test_tree_that_does_not_compile_keeps_what_needs_no_kernel(tmp_path: Path) -> None:
    edited(tmp_path, "kernel/kmain.c", "void kmain(", "void kmain(struct unknown u, ")
    card = Card(tmp_path)
    assert card.failed() == {"linked"}
    assert {name for name, outcome in card.checks.items() if outcome == PASSED} == {
        "assembled", "frames", "page tables", "heap",
    }  # fmt: skip
    assert card.items[MEMORY] == 9


@pytest.mark.parametrize(
    "before, passed",
    [
        ("    cpu_init();", {"console reached": FAILED, "main loop reached": "not run"}),
        ("    irq_enable();", {"console reached": PASSED, "main loop reached": FAILED}),
    ],
    ids=["before_the_console", "before_the_main_loop"],
)
def test_tree_that_hangs_ends(before: str, passed: dict[str, str], tmp_path: Path) -> None:
    edited(tmp_path, "kernel/kmain.c", before, f"    for (;;) {{\n    }}\n{before}")
    card = Card(tmp_path)
    assert {name: card.checks[name] for name in passed} == passed


def test_tests_of_the_graded_tree_do_not_count(tmp_path: Path) -> None:
    """Nor its Makefile, nor its tools: here they would break everything."""
    copy_tree(tmp_path)
    for file in (*tmp_path.glob("tests/unit/*.c"), tmp_path / "tools" / "symbols.py"):
        file.write_text("#error not these\n")
    (tmp_path / "Makefile").write_text("$(error not this one)\n")
    (tmp_path / "boot" / "$(shell touch here).c").write_text("#error nor this name\n")
    assert Card(tmp_path).grade == 100
