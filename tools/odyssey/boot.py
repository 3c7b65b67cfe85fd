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

from . import processes, qemu
from .judge import Observation
from .settings import number

POLL_SECONDS = 0.02
OUTPUT_MAX = 16 << 20  # bytes: a kernel that prints without end is as lost as a silent one


@dataclass(frozen=True)
class Bounds:
    """Seconds until a boot counts as having no end."""

    first: float = 60  # from power-on to the first byte
    idle: float = 30  # from one byte to the next
    total: float = 120

    @classmethod
    def from_environment(cls, stretch: float = 1) -> Bounds:
        """TEST_IDLE= and TEST_TOTAL= take the bounds' place on slow machines and for long suites.

        stretch: how much slower than others this kernel is
        """
        return cls(
            first=number("TEST_TOTAL", cls.first * stretch),
            idle=number("TEST_IDLE", cls.idle * stretch),
            total=number("TEST_TOTAL", cls.total * stretch),
        )


def boot(
    machine: list[str], log: Path, bounds: Optional[Bounds] = None, lacks: str = ""
) -> Observation:
    """Run a QEMU command line to its end and say what was seen of it.

    machine  the command line, without serial port and debug console
    lacks    "serial" for a machine without that port, "reader" for one where
             nobody takes what it sends; port 0xe9 then says it all
    log      where the boot's files are left: this path with .serial, .e9,
             .status, .stderr and .command added
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=log.parent, prefix=f"{log.name}-") as folder:
        # A folder of its own while it runs: no other boot can touch what is judged.
        serial, debugcon, errors = (Path(folder, name) for name in ("serial", "e9", "stderr"))
        unread = qemu.UnreadSerial() if lacks == "reader" else None
        line = qemu.NO_SERIAL if lacks == "serial" else ("-serial", f"file:{serial}")
        command = [*machine, *(unread.arguments if unread else line)]
        command += ["-debugcon", f"file:{debugcon}"]
        status = run(command, Path(folder), (serial, debugcon), bounds, unread)
        said = errors.read_text(errors="replace")
        seen = Observation(_content(serial), _content(debugcon), status, said)
        for file in Path(folder).iterdir():
            file.replace(f"{log}.{file.name}")
        return seen


def run(
    command: list[str],
    folder: Path,
    outputs: tuple[Path, ...],
    bounds: Optional[Bounds] = None,
    unread: Optional[qemu.UnreadSerial] = None,
) -> Optional[int]:
    """Run an emulator until it ends or a bound is reached; its status, or None.

    folder   gets the files command, status, stdout and stderr
    outputs  what it writes into: silence is that none of them grows
    """
    Path(folder, "command").write_text("\n".join(command) + "\n")
    with Path(folder, "stderr").open("wb") as stderr, Path(folder, "stdout").open("wb") as stdout:
        passed = (unread.descriptor,) if unread else ()
        process = processes.start(command, stdout=stdout, stderr=stderr, pass_fds=passed)
    try:
        status = _wait(process, outputs, bounds or Bounds.from_environment())
    finally:
        processes.end(process)
        if unread:
            unread.close()
    Path(folder, "status").write_text("none in time\n" if status is None else f"{status}\n")
    return status


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
