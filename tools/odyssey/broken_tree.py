# SPDX-License-Identifier: MIT
"""A copy of the sources that may be broken to see whether a test notices."""
from __future__ import annotations

import shutil
from pathlib import Path

from . import judge, qemu
from .boot import Bounds, boot
from .settings import ROOT

TEST_KERNEL = "build/odyssey-test.elf"


def copy_tree(target: Path) -> None:
    """The sources as they are in the working tree, without what was built."""
    ignore = shutil.ignore_patterns("build", ".git", "__pycache__")
    shutil.copytree(ROOT, target, ignore=ignore, dirs_exist_ok=True)


def boot_suites(tree: Path, log: Path, bounds: Bounds) -> judge.Verdict:
    """What the suites in a tree's test kernel say, booted by its PVH note."""
    machine = qemu.headless(qemu.Hardware())
    machine += [*qemu.direct(tree / TEST_KERNEL, "test"), *qemu.DEBUG_EXIT, *qemu.DETERMINISTIC]
    return judge.judge_tests(boot(machine, log, bounds))


def fallen(seen: judge.Verdict) -> list[str]:
    """The tests that failed, by name."""
    return [result.name for result in seen.results if result.status == "failed"]
