# SPDX-License-Identifier: MIT
"""The one-page kernels in tests/runner/controls, as images that QEMU boots directly."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .settings import ROOT

CONTROLS = ROOT / "tests" / "runner" / "controls"
LINKERS = ("x86_64-elf-ld", "ld", "ld.lld")


def built(name: str, folder: Path) -> Path:
    """Build a control into a folder; its image."""
    linker = next(filter(shutil.which, LINKERS), LINKERS[0])
    folder.mkdir(parents=True, exist_ok=True)
    source, binary, image = CONTROLS / f"{name}.asm", folder / f"{name}.o", folder / f"{name}.elf"
    for command in (
        ["nasm", "-f", "elf32", f"-I{CONTROLS}/", "-o", str(binary), str(source)],
        [linker, "-m", "elf_i386", "-Ttext=0x100000", "-o", str(image), str(binary)],
    ):
        subprocess.run(command, check=True)
    return image
