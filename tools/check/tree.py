# SPDX-License-Identifier: MIT
"""The project's source files, found without git."""
from __future__ import annotations

import os
from pathlib import Path

NOT_OURS = ("__pycache__",)
SOURCES = (".c", ".h", ".asm", ".inc", ".py", ".sh", ".mk", ".ld", ".cfg")


def sources(root: Path, build: Path) -> list[str]:
    """Every source file below root, as a sorted path from there; nothing that was built.

    The usual folder for that is left out too, when this time another one is taken.
    """
    built = (build, root / "build")
    found = []
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            if name not in NOT_OURS and here / name not in built and not _is_hidden(name)
        ]
        # Never a pipe or a device: reading one may not end.
        paths = [here / name for name in files if (here / name).is_file()]
        found += [str(path.relative_to(root)) for path in paths if _is_source(path)]
    return sorted(found)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name != ".ci"


def _is_source(path: Path) -> bool:
    return path.suffix in SOURCES or path.name == "Makefile" or shell_of(path) != ""


def shell_of(path: Path) -> str:
    """The shell a script names in its first line: "sh", "bash", or "" for anything else."""
    if path.suffix not in ("", ".sh"):
        return ""
    with path.open("rb") as file:
        first = file.readline(80).split()
    interpreter = first[-1] if first and first[0].startswith(b"#!") else b""
    name = interpreter.rpartition(b"/")[2].decode(errors="replace")
    return name if name in ("sh", "bash") else ""
