# SPDX-License-Identifier: MIT
"""A copy of the sources that may be broken to see whether a test notices."""
from __future__ import annotations

import shutil
from pathlib import Path

from .settings import ROOT


def copy_tree(target: Path) -> None:
    """The sources as they are in the working tree, without what was built."""
    ignore = shutil.ignore_patterns("build", ".git", "__pycache__")
    shutil.copytree(ROOT, target, ignore=ignore, dirs_exist_ok=True)
