# SPDX-License-Identifier: MIT
"""The exercises: each patch applies to the tree as it is, and what it leaves compiles."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from check.build_plan import MAKE_PRIVATE
from odyssey.broken_tree import copy_tree
from odyssey.card import CARD, lost_with, points_of
from odyssey.exercises import Exercise, PatchError, all_exercises, find, hunks_of
from odyssey.settings import ROOT

each = pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.name)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exercises")
    copy_tree(folder)
    return folder


@each
def test_what_is_left_compiles_without_a_warning(exercise: Exercise, tree: Path) -> None:
    sources = {hunk.file for hunk in hunks_of((exercise.folder / "piece.patch").read_text())}
    whole = {file: (tree / file).read_text() for file in sources}
    kept = {name: text for name, text in os.environ.items() if name not in MAKE_PRIVATE}
    try:
        assert set(exercise.remove_piece(tree)) == sources
        objects = [f"build/{file}.o" for file in sources]
        command = ["make", "-C", str(tree), "BUILD=build", "CI=1", *objects]
        done = subprocess.run(command, env=kept, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        with pytest.raises(PatchError):
            exercise.remove_piece(tree)  # the piece is gone
    finally:
        for file, text in whole.items():
            (tree / file).write_text(text)


@each
def test_declared_loss_follows_from_the_card(exercise: Exercise) -> None:
    assert exercise.fails <= {check.name for check in CARD}
    assert exercise.costs == points_of(lost_with(exercise.fails))


@each
def test_is_found_by_number_and_by_name(exercise: Exercise) -> None:
    for wanted in (exercise.name, str(exercise.number), exercise.name.partition("-")[2]):
        assert find(wanted) == [exercise]


@each
def test_names_its_chapter_and_how_to_boot_it(exercise: Exercise) -> None:
    assert (ROOT / exercise.facts["chapter"]).read_text().startswith(f"# {exercise.chapter}. ")
    assert exercise.boots_by in ("run", "run-fast")


def test_nothing_else_is_found() -> None:
    assert find("no-such-exercise") == find("99") == []


def test_patch_must_fit_exactly_once(tmp_path: Path) -> None:
    (tmp_path / "piece.patch").write_text("--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-old\n+new\n")
    exercise = Exercise(tmp_path, {}, "")
    for text, fits in (("old\n", True), ("older\n", False), ("old\nold\n", False), ("", False)):
        (tmp_path / "f.c").write_text(text)
        if fits:
            exercise.remove_piece(tmp_path)
            assert (tmp_path / "f.c").read_text() == "new\n"
        else:
            with pytest.raises(PatchError):
                exercise.remove_piece(tmp_path)
            assert (tmp_path / "f.c").read_text() == text
