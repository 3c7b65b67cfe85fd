# SPDX-License-Identifier: MIT
"""tools/usb.py with and without a terminal, and files to write from and to."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable, Optional

import pexpect
import pytest
from made_up_system import IMAGE_SIZE
from odyssey.settings import ROOT

MIB = 1 << 20
SECONDS = 60
SCRIPT = str(ROOT / "tools" / "usb.py")
UNTOUCHED = 0xEE


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.iso"
    path.write_bytes(bytes(i * 7 % 251 for i in range(4096)) * (IMAGE_SIZE // 4096 + 1))
    os.truncate(path, IMAGE_SIZE)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file to be written to; what is behind the image is to stay."""
    path = tmp_path / "stick"
    path.write_bytes(bytes([UNTOUCHED]) * (3 * MIB))
    return path


def command(image: Optional[Path], system: Path) -> list[str]:
    return [SCRIPT, f"--system={system}", *([f"--image={image}"] if image else [])]


def variables(path: str, force: str) -> dict[str, str]:
    return {**os.environ, "DEV": path, "FORCE": force, "PYTHONDONTWRITEBYTECODE": "1"}


def start(
    path: object, image: Optional[Path] = None, force: str = "", system: Path = Path("/"),
    before: Optional[Callable[[], None]] = None,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """The tool without a terminal."""
    return subprocess.run(
        [sys.executable, *command(image, system)], env=variables(str(path), force), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=before, timeout=SECONDS,
    )  # fmt: skip


def on_terminal(
    path: object, image: Path, force: str = "", system: Path = Path("/")
) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        sys.executable, command(image, system), env=variables(str(path), force), timeout=SECONDS,
        encoding="utf-8",
    )  # fmt: skip


def ended(terminal: "pexpect.spawn[str]") -> tuple[int, str]:
    """Its status and the rest of what it says."""
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus, terminal.before or ""


def is_untouched(target: Path) -> bool:
    return set(target.read_bytes()) == {UNTOUCHED}


def holds(target: Path, image: Path) -> bool:
    content, want = target.read_bytes(), image.read_bytes()
    return content[: len(want)] == want and set(content[len(want) :]) <= {UNTOUCHED}
