# SPDX-License-Identifier: MIT
"""Derives an ISO that hands its kernel another command line, a module, or pixels.

The derived image is the shipped one plus a second session that replaces
/boot/grub/grub.cfg, so boot sectors, partitions and kernel stay what they are.
Only for pixels under BIOS the kernel's file is replaced, too: by one with another
Multiboot2 header in front, which asks for them.
"""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from . import multiboot2
from .settings import OUTPUT, SetupError

CONFIGURATION, KERNEL = "/boot/grub/grub.cfg", "/boot/odyssey.elf"
MODULE = "/boot/module"
IMAGES = OUTPUT / "images"
MODE_LINE = re.compile(r"^(\s*set gfxpayload=).*$", re.MULTILINE)
KERNEL_LINE = re.compile(r"^([ \t]*multiboot2[ \t]+\S+)[ \t]*(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """How a derived image differs."""

    command_line: Optional[str] = None  # of every menu entry
    mode: str = ""  # what GRUB is to make of the screen under UEFI, as in gfxpayload
    # Width, height and depth in bits of a screen that the kernel asks for, under BIOS, too.
    framebuffer: Optional[tuple[int, int, int]] = None
    module_bytes: int = 0  # of a module of zeros


def with_command_line(iso: Path, command_line: str, mode: str = "") -> Path:
    """An image like `iso` whose every menu entry gives the kernel `command_line`."""
    return with_change(iso, Change(command_line, mode))


def with_change(iso: Path, change: Change) -> Path:
    """An image like `iso`, changed; made once."""
    if not iso.is_file():
        raise SetupError(f"{iso} is not there; `make` builds it")
    built = iso.stat()
    version = IMAGES / iso.stem / _digest(f"{built.st_mtime_ns} {built.st_size}")
    derived = version / f"{_digest(repr(change))}.iso"
    if not derived.is_file():
        version.mkdir(parents=True, exist_ok=True)
        for outdated in set(version.parent.iterdir()) - {version}:
            shutil.rmtree(outdated, ignore_errors=True)
        _derive(iso, change, derived)
    return derived


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _derive(iso: Path, change: Change, derived: Path) -> None:
    with tempfile.TemporaryDirectory(dir=derived.parent) as scratch_name:
        scratch = Path(scratch_name)
        copy, configuration = scratch / "image.iso", scratch / "grub.cfg"
        kernel, module = scratch / "kernel", scratch / "module"
        shutil.copyfile(iso, copy)
        _extract(iso, CONFIGURATION, configuration)
        text = _changed_configuration(configuration.read_text(), change, iso)
        replaced = ["-map", configuration, CONFIGURATION]
        if change.framebuffer:
            _extract(iso, KERNEL, kernel)
            asking = multiboot2.asking_for_pixels(kernel.read_bytes(), *change.framebuffer)
            kernel.write_bytes(asking)
            replaced += ["-map", kernel, KERNEL]
        if change.module_bytes:
            module.touch()
            os.truncate(module, change.module_bytes)
            replaced += ["-map", module, MODULE]
        configuration.write_text(text)
        _xorriso("-boot_image", "any", "keep", "-dev", copy, *replaced)
        os.replace(copy, derived)


def _changed_configuration(text: str, change: Change, iso: Path) -> str:
    def kernel_lines(line: re.Match[str]) -> str:
        command_line = line[2] if change.command_line is None else change.command_line
        module = f"\nmodule2 {MODULE}" if change.module_bytes else ""
        return f"{line[1]} {command_line}{module}"

    text, replaced = KERNEL_LINE.subn(kernel_lines, text)
    if not replaced:
        raise SetupError(f"{iso}: no multiboot2 line in {CONFIGURATION}")
    if change.mode:
        text, replaced = MODE_LINE.subn(lambda line: f"{line[1]}{change.mode}", text)
        if not replaced:
            raise SetupError(f"{iso}: no gfxpayload line in {CONFIGURATION}")
    return text


def _extract(iso: Path, name: str, target: Path) -> None:
    _xorriso("-osirrox", "on", "-indev", iso, "-extract", name, target)
    target.chmod(0o644)


def _xorriso(*arguments: object) -> None:
    command = ["xorriso", "-abort_on", "FAILURE", *map(str, arguments)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        raise SetupError(f"xorriso failed: {done.stdout.decode(errors='replace')[-800:]}")
