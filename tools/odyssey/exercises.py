# SPDX-License-Identifier: MIT
"""The exercises in tests/exercises: a task, and a patch that removes what it asks for.

exercise.md begins with `key: value` lines between two lines of dashes:

    title   what it is called
    chapter where it is explained
    fails   the checks of the card that fail without the piece, between semicolons
    costs   what that costs, and the checks that need those, in points of the card
    boots   by which of make's targets the loss is seen; run-fast where it is not said

What a patch replaces has to be in its file exactly once, wherever it has moved.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .settings import ROOT

EXERCISES = ROOT / "tests" / "exercises"
FILE_LINE = re.compile(r"\+\+\+ b/(\S+)")


class PatchError(Exception):
    """A patch that does not apply."""


@dataclass(frozen=True)
class Hunk:
    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Exercise:
    folder: Path
    facts: dict[str, str]
    text: str  # exercise.md without its facts

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def number(self) -> int:
        return int(self.name.partition("-")[0])

    @property
    def chapter(self) -> int:
        return int(Path(self.facts["chapter"]).name.partition("-")[0])

    @property
    def boots_by(self) -> str:
        return self.facts.get("boots", "run-fast")

    @property
    def fails(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.facts["fails"].split(";"))

    @property
    def costs(self) -> int:
        return int(self.facts["costs"])

    def remove_piece(self, tree: Path) -> list[str]:
        """Apply the patch in a tree; the files that it changed."""
        files = []
        for hunk in hunks_of((self.folder / "piece.patch").read_text()):
            file = tree / hunk.file
            text = file.read_text() if file.is_file() else ""
            if text.count(hunk.before) != 1:
                raise PatchError(
                    f"{self.name}: {hunk.file}: what the patch replaces is there "
                    f"{text.count(hunk.before)} times, want once"
                )
            file.write_text(text.replace(hunk.before, hunk.after))
            files.append(hunk.file)
        return files


def hunks_of(patch: str) -> list[Hunk]:
    """The hunks of a unified diff."""
    hunks: list[Hunk] = []
    file, before, after = "", "", ""

    def end() -> None:
        if before or after:
            hunks.append(Hunk(file, before, after))

    for line in patch.splitlines(keepends=True):
        named = FILE_LINE.match(line)
        if named or line.startswith(("--- ", "@@")):
            end()
            before = after = ""
            file = named[1] if named else file
        elif line[:1] in " -+":
            before += "" if line.startswith("+") else line[1:]
            after += "" if line.startswith("-") else line[1:]
        else:
            raise PatchError(f"no line of a diff: {line!r}")
    end()
    return hunks


def read(folder: Path) -> Exercise:
    _, facts, text = (folder / "exercise.md").read_text().split("---\n", 2)
    pairs = (line.partition(":") for line in facts.splitlines())
    return Exercise(folder, {key.strip(): value.strip() for key, _, value in pairs}, text.strip())


def all_exercises() -> list[Exercise]:
    found = (read(file.parent) for file in EXERCISES.glob("*/exercise.md"))
    return sorted(found, key=lambda exercise: exercise.name)


def find(wanted: str) -> list[Exercise]:
    """Those that a number or a name, or its part behind the number, means."""
    return [
        exercise
        for exercise in all_exercises()
        if wanted in (exercise.name, exercise.name.partition("-")[2])
        or (wanted.isdigit() and int(wanted) == exercise.number)
    ]
