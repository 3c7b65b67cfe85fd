# SPDX-License-Identifier: MIT
"""What make needs and lacks is one line, before anything is built."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from odyssey.settings import ROOT

SHELL_TOOLS = "make sh awk cat cmp cut dirname echo env grep mkdir printf sed".split()
TOOLS = "gcc ld nm objcopy nasm python3".split()
ISO_TOOLS = "grub-mkrescue xorriso mformat".split()
HINT = "`make setup` installs what is missing, `make doctor` names all of it"


def make(folder: Path, lacking: str, *words: str) -> subprocess.CompletedProcess[str]:
    """make on a machine with every tool but one."""
    programs = folder / "bin"
    programs.mkdir()
    for tool in (*SHELL_TOOLS, *TOOLS, *ISO_TOOLS):
        if tool != lacking:
            (programs / tool).symlink_to(shutil.which(tool) or tool)
    return subprocess.run(
        ["make", *words], cwd=ROOT, env={"PATH": str(programs), "PYTHON": "python3"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("goal", ["", "iso", "{build}/odyssey.elf"])
@pytest.mark.parametrize("tool", TOOLS)
def test_missing_tool_is_named(tmp_path: Path, tool: str, goal: str) -> None:
    build = tmp_path / "build"
    goals = [goal.format(build=build)] if goal else []
    done = make(tmp_path, tool, f"BUILD={build}", *goals)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.endswith(f"missing: {tool}; {HINT}.  Stop.")
    assert not build.exists()


def test_missing_compiler_that_was_asked_for_is_named(tmp_path: Path) -> None:
    done = make(tmp_path, "", f"BUILD={tmp_path}", "CC=nonesuch --target=x86_64-elf")
    assert done.returncode == 2
    assert f"missing: nonesuch; {HINT}" in done.stderr


def test_asking_what_would_be_done_takes_no_tools(tmp_path: Path) -> None:
    """`make check` asks so about Clang, which may not be there."""
    elf = f"{tmp_path}/odyssey.elf"
    done = make(tmp_path, "", "-n", f"BUILD={tmp_path}", "CC=nonesuch", elf)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("tool", ISO_TOOLS)
def test_missing_image_tool_is_named(tmp_path: Path, tool: str) -> None:
    image = tmp_path / "odyssey.iso"
    (tmp_path / "odyssey.elf").touch()
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (*SHELL_TOOLS, "date", "rm", *ISO_TOOLS):
        if name != tool:
            (programs / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        [str(ROOT / "tools/iso/make.sh"), str(tmp_path / "odyssey.elf"), "grub.cfg", str(image)],
        cwd=ROOT, env={"PATH": str(programs), "SOURCE_DATE_EPOCH": "0"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    line = f"iso: {tool} is missing: 'make setup' installs it\n"
    assert (done.returncode, done.stdout) == (1, line)
    assert not image.exists()


@pytest.mark.parametrize(
    "build, line",
    [
        ("/dev/null/x", "cannot write to '/dev/null/x': choose another folder"),
        ("a b", "BUILD: got 'a b', want a path without blanks"),
        ("", "BUILD: got '', want a path without blanks"),
    ],
)
@pytest.mark.parametrize("goal", ["iso", "test", "check"])
def test_place_that_cannot_be_built_in_is_refused(build: str, line: str, goal: str) -> None:
    done = subprocess.run(
        ["make", f"BUILD={build}", goal], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert line in said
