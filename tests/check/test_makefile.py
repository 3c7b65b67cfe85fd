# SPDX-License-Identifier: MIT
"""What the Makefile does besides building, and where it is."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from check import tree
from check.build_plan import MAKE_PRIVATE
from odyssey.settings import BUILD, ROOT


def make(folder: Path, *words: str, **variables: str) -> None:
    kept = {name: text for name, text in os.environ.items() if name not in MAKE_PRIVATE}
    subprocess.run(["make", "-s", *words], cwd=folder, env={**kept, **variables}, check=True)


def test_format_takes_every_c_source(tmp_path: Path) -> None:
    program, listing = tmp_path / "clang-format", tmp_path / "files"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {listing}\n')
    program.chmod(0o755)
    make(ROOT, "format", PATH=f"{tmp_path}:{os.environ['PATH']}")
    formatted = set(listing.read_text().split()) - {"-i"}
    assert formatted == {file for file in tree.sources(ROOT, BUILD) if file.endswith((".c", ".h"))}


def test_clean_empties_a_build_folder_that_is_elsewhere(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "lib").mkdir(parents=True)
    (tmp_path / "build").symlink_to(elsewhere)
    make(tmp_path, "BUILD=build", "clean")
    assert list(elsewhere.iterdir()) == []


def test_flags_are_recorded_once_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "somebody's place"
    folder.mkdir()
    shutil.copyfile(ROOT / "Makefile", folder / "Makefile")
    flags = folder / "build" / "flags"
    make(folder, "BUILD=build", "build/flags")
    recorded = flags.read_text()
    os.utime(flags, (0, 0))
    make(folder, "BUILD=build", "build/flags")
    assert flags.stat().st_mtime == 0
    assert str(folder) in recorded and recorded.count("\n") == 1
