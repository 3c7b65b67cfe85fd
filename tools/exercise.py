#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Begins an exercise: `make exercise N=number|name`; without N= it lists them.

Copies the sources to build/exercise/NAME, removes what the exercise asks for,
and says what to do. Work that is there already is kept, unless FORCE=yes.
"""
from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey.broken_tree import copy_tree  # noqa: E402
from odyssey.exercises import Exercise, PatchError, all_exercises, find  # noqa: E402
from odyssey.settings import BUILD, environment  # noqa: E402


def listed() -> str:
    return "\n".join(
        f"  {it.name:<24}chapter {it.chapter:<4}{it.facts['title']}" for it in all_exercises()
    )


def begin(exercise: Exercise, folder: Path) -> list[str]:
    """Make the tree, whole or not at all; the files in which something is missing."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    copy_tree(new)
    files = exercise.remove_piece(new)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)
    return files


def main() -> int:
    wanted = environment("N")
    if not wanted:
        print(f"`make exercise N=number|name` begins one of these:\n{listed()}")
        return 0
    found = find(wanted)
    if len(found) != 1:
        print(f"N: got {wanted!r}, want one of:\n{listed()}", file=sys.stderr)
        return 2
    exercise = found[0]
    folder = BUILD / "exercise" / exercise.name
    shown = os.path.relpath(folder)
    if folder.exists() and environment("FORCE") != "yes":
        print(
            f"{shown} is there, with what you have done so far.\n"
            f"`make exercise N={exercise.number} FORCE=yes` throws that away and begins again.",
            file=sys.stderr,
        )
        return 1
    try:
        files = begin(exercise, folder)
    except PatchError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{exercise.name}: {exercise.facts['title']}\n\n{exercise.text}\n")
    print(f"chapter: {exercise.facts['chapter']}")
    print(f"write:   {', '.join(f'{shown}/{file}' for file in files)}")
    print(f"try:     make -C {shown} {exercise.boots_by}")
    print(f"check:   make grade TREE={shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
