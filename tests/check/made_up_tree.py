# SPDX-License-Identifier: MIT
"""A tree with just the files that a control needs."""
from __future__ import annotations

from pathlib import Path


def write(root: Path, files: dict[str, str]) -> list[str]:
    """Write files, text by name, with the folders they are in; their names."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(files)
