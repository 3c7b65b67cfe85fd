# SPDX-License-Identifier: MIT
"""What docs/extend.md has one type in works: put into a copy of the tree, built, and run."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Optional

import pytest
from odyssey import processes, qemu
from odyssey.boot import boot
from odyssey.broken_tree import copy_tree
from odyssey.judge import judge_tests
from odyssey.machine import Machine
from odyssey.report import PASS
from odyssey.settings import BUILD, ROOT
from odyssey.shell import Shell

# A file, or lines to go into one behind the line that has a text in it.
EXAMPLE = re.compile(
    r"^<!-- (?P<file>[\w./]+)(?:: behind (?P<behind>.+?))? -->\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
KERNELS = ("odyssey.elf", "odyssey-test.elf")
BOUND_SECONDS = 600


class Example(NamedTuple):
    file: str
    behind: Optional[str]
    text: str


def examples() -> list[Example]:
    page = (ROOT / "docs" / "extend.md").read_text()
    return [Example(match["file"], match["behind"], match["text"]) for match in EXAMPLE.finditer(page)]


def apply(example: Example, tree: Path) -> None:
    path = tree / example.file
    if example.behind is None:
        assert not path.exists(), f"{example.file} is in the tree already"
        path.write_text(example.text)
        return
    lines = path.read_text().splitlines(keepends=True)
    behind = [number for number, line in enumerate(lines) if example.behind in line]
    assert behind, f"{example.file}: no line has {example.behind!r}"
    lines.insert(behind[0] + 1, example.text)
    path.write_text("".join(lines))


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with everything from the page in it, its kernels built."""
    tree = tmp_path_factory.mktemp("extended")
    copy_tree(tree)
    for example in examples():
        apply(example, tree)
    targets = [f"build/{name}" for name in KERNELS]
    outside = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    subprocess.run(
        ["make", "-j2", "CI=true", "BUILD=build", *targets], cwd=tree, check=True,
        env=outside, stdout=subprocess.DEVNULL, timeout=BOUND_SECONDS,
    )  # fmt: skip
    return tree


def in_tree(tree: Path, *arguments: str) -> str:
    """What one of the tree's own tools prints; its images are the ones that were built here."""
    outside = {**os.environ, "BUILD": str(BUILD), "PYTHONPATH": str(tree / "tools")}
    done = processes.run([sys.executable, *arguments], BOUND_SECONDS, cwd=tree, env=outside)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_command_greets(extended: Path, logs: Path) -> None:
    medium = qemu.direct(extended / "build" / "odyssey.elf")
    with Machine(medium, logs / "e2e-extend-command", qemu.Hardware()) as machine:
        machine.start()
        shell = Shell(machine)
        assert shell.run("greet world 2") == "hello, world\nhello, world\n"
        assert shell.run("greet") == "usage: greet NAME [TIMES]\n"
        assert shell.run("greet world x").startswith("usage: ")


@pytest.mark.parametrize("suite", ["even_bits", "speaker"])
def test_suite_passes(extended: Path, logs: Path, suite: str) -> None:
    medium = qemu.direct(extended / "build" / "odyssey-test.elf", f"test={suite}")
    machine = [*qemu.headless(qemu.Hardware()), *medium, *qemu.DEBUG_EXIT, *qemu.DETERMINISTIC]
    verdict = judge_tests(boot(machine, logs / f"e2e-extend-{suite}"), suite)
    assert verdict.is_pass, verdict.detail
    assert [test.status for test in verdict.results] == ["passed"]


def test_driver_is_of_a_chip(extended: Path) -> None:
    script = (
        "from pathlib import Path; from check import layering, tree\n"
        "root = Path('.').resolve(); files = tree.sources(root, root / 'build')\n"
        "print(*layering.problems(root, [f for f in files if f.endswith(('.c', '.h'))]))"
    )
    assert in_tree(extended, "-c", script).strip() == ""


def test_machine_is_one_that_passes(extended: Path, tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from odyssey.cells import Cell, cells\n"
        "from odyssey.cell_runs import run_smoke\n"
        "cell = Cell.of('bios-pc-cd-128m-opteron'); assert cell.name in [c.name for c in cells()]\n"
        f"result = run_smoke(cell, Path({str(tmp_path)!r})); print(result.outcome, result.detail)"
    )
    assert in_tree(extended, "-c", script).strip() == PASS
