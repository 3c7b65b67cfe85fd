# SPDX-License-Identifier: MIT
"""One boot, from power-on to its end, bounded in time.

The bounds are on silence: they are far longer than any pause of a kernel that
works, so how fast the host is decides nothing.
"""
from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from . import processes
from .judge import Observation
from .settings import environment

POLL_SECONDS = 0.02
OUTPUT_MAX = 16 << 20  # bytes: a kernel that prints without end is as lost as a silent one


@dataclass(frozen=True)
class Bounds:
    """Seconds until a boot counts as having no end."""

    first: float = 60  # from power-on to the first byte
    idle: float = 30  # from one byte to the next
    total: float = 120

    @classmethod
    def from_environment(cls) -> Bounds:
        """TEST_IDLE= and TEST_TOTAL= stretch the bounds for slow machines and long suites."""
        return cls(
            first=float(environment("TEST_TOTAL", str(cls.first))),
            idle=float(environment("TEST_IDLE", str(cls.idle))),
            total=float(environment("TEST_TOTAL", str(cls.total))),
        )


def boot(machine: list[str], log: Path, bounds: Optional[Bounds] = None) -> Observation:
    """Run a QEMU command line to its end and say what was seen of it.

    machine  the command line, without serial port and debug console
    log      where the boot's files are left: this path with .serial, .e9,
             .status, .stderr and .command added
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=log.parent, prefix=f"{log.name}-") as folder:
        # A folder of its own while it runs: no other boot can touch what is judged.
        serial, debugcon, errors = (Path(folder, name) for name in ("serial", "e9", "stderr"))
        command = [*machine, "-serial", f"file:{serial}", "-debugcon", f"file:{debugcon}"]
        Path(folder, "command").write_text("\n".join(command) + "\n")
        with errors.open("wb") as stderr:
            process = processes.start(command, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            status = _wait(process, (serial, debugcon), bounds or Bounds.from_environment())
        finally:
            processes.end(process)
        Path(folder, "status").write_text("none in time\n" if status is None else f"{status}\n")
        said = errors.read_text(errors="replace")
        seen = Observation(_content(serial), _content(debugcon), status, said)
        for file in Path(folder).iterdir():
            file.replace(f"{log}.{file.name}")
        return seen


def _wait(
    process: subprocess.Popen[bytes], outputs: tuple[Path, ...], bounds: Bounds
) -> Optional[int]:
    """The exit status, or None when a bound was reached first."""
    started = last_byte = time.monotonic()
    printed = 0
    while True:
        try:
            return process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        now, size = time.monotonic(), sum(map(_size, outputs))
        if size != printed:
            printed, last_byte = size, now
        if now - last_byte > (bounds.idle if printed else bounds.first):
            return None
        if now - started > bounds.total or printed > OUTPUT_MAX:
            return None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
