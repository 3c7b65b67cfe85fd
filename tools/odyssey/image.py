# SPDX-License-Identifier: MIT
"""Derives an ISO that hands its kernel another command line.

The derived image is the shipped one plus a second session that replaces
/boot/grub/grub.cfg, so boot sectors, partitions and kernel stay what they are.
"""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .settings import OUTPUT, SetupError

CONFIGURATION = "/boot/grub/grub.cfg"
IMAGES = OUTPUT / "images"
MODE_LINE = re.compile(r"^(\s*set gfxpayload=).*$", re.MULTILINE)
KERNEL_LINE = re.compile(r"^(\s*multiboot2\s+\S+).*$", re.MULTILINE)


def with_command_line(iso: Path, command_line: str, mode: str = "") -> Path:
    """An image like `iso` whose every menu entry gives the kernel `command_line`.

    mode: what GRUB is to make of the screen under UEFI, as in gfxpayload; "" leaves it.
    """
    if not iso.is_file():
        raise SetupError(f"{iso} is not there; `make` builds it")
    built = iso.stat()
    version = IMAGES / iso.stem / _digest(f"{built.st_mtime_ns} {built.st_size}")
    derived = version / f"{_digest(command_line + mode)}.iso"
    if not derived.is_file():
        version.mkdir(parents=True, exist_ok=True)
        for outdated in set(version.parent.iterdir()) - {version}:
            shutil.rmtree(outdated, ignore_errors=True)
        _derive(iso, command_line, mode, derived)
    return derived


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _derive(iso: Path, command_line: str, mode: str, derived: Path) -> None:
    with tempfile.TemporaryDirectory(dir=derived.parent) as scratch_name:
        scratch = Path(scratch_name)
        copy, configuration = scratch / "image.iso", scratch / "grub.cfg"
        shutil.copyfile(iso, copy)
        _xorriso("-osirrox", "on", "-indev", iso, "-extract", CONFIGURATION, configuration)
        text, replaced = KERNEL_LINE.subn(
            lambda line: f"{line[1]} {command_line}", configuration.read_text()
        )
        if not replaced:
            raise SetupError(f"{iso}: no multiboot2 line in {CONFIGURATION}")
        if mode:
            text, replaced = MODE_LINE.subn(lambda line: f"{line[1]}{mode}", text)
            if not replaced:
                raise SetupError(f"{iso}: no gfxpayload line in {CONFIGURATION}")
        configuration.chmod(0o644)
        configuration.write_text(text)
        _xorriso("-boot_image", "any", "keep", "-dev", copy, "-map", configuration, CONFIGURATION)
        os.replace(copy, derived)


def _xorriso(*arguments: object) -> None:
    command = ["xorriso", "-abort_on", "FAILURE", *map(str, arguments)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        raise SetupError(f"xorriso failed: {done.stdout.decode(errors='replace')[-800:]}")
