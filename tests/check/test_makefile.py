# SPDX-License-Identifier: MIT
"""What the Makefile does besides building, and where it is."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    "gcc, clang, chosen",
    [
        ("x86_64-linux-gnu", "x86_64-pc-linux-gnu", "gcc"),
        ("aarch64-linux-gnu", "x86_64-pc-linux-gnu", "clang"),
        ("x86_64-apple-darwin22.1.0", "x86_64-pc-linux-gnu", "clang"),
        ("aarch64-linux-gnu", "aarch64-pc-linux-gnu", "gcc"),  # to be complained of
    ],
)
def test_compiler_is_the_first_that_makes_elf_files_for_x86_64(
    tmp_path: Path, gcc: str, clang: str, chosen: str
) -> None:
    for name, machine in (("x86_64-elf-gcc", ""), ("gcc", gcc), ("clang", clang)):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {machine}\n")
        (tmp_path / name).chmod(0o755)
    said = tmp_path / "said"
    rule = f"print: ; @echo $(CC) > {said}"
    make(ROOT, f"--eval={rule}", "print", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert said.read_text() == f"{chosen}\n"


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
