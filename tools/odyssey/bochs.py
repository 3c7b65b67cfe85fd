# SPDX-License-Identifier: MIT
"""Bochs: a second machine, slower than QEMU and stricter about what a CPU refuses.

It has no isa-debug-exit and hence no status of its own. A test kernel that finds
itself still running after it wrote there prints its verdict on port 0xe9 and has
Bochs end, by port 0x8900; what counts is both, the verdict and that end. What ends
Bochs otherwise, a triple fault above all, is a PANIC in its log.
"""
from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import termios
import threading
import tty
from pathlib import Path
from typing import Optional

from . import processes
from .boot import Bounds, run
from .cells import Cell
from .judge import STATUS_FAILURE, STATUS_RESET, STATUS_SUCCESS, Observation
from .machine import rendered
from .settings import SetupError
from .smoke import without_blank_end

MISSING = "bochs is not installed; `make doctor` names its package"
ENDED_BY_PORT = "Shutdown port: shutdown requested"
PANIC = re.compile(r">>PANIC<< (.*)")
VERDICT = re.compile(rb"\n# exit (0x[0-9a-f]+)\r?\n")
STATUS_OF_VERDICT = {b"0x10": STATUS_SUCCESS, b"0x11": STATUS_FAILURE}
# Virtual seconds pass by instructions executed, so the host's speed changes nothing.
INSTRUCTIONS_PER_SECOND = 15_000_000
BOUNDS = Bounds(first=60, idle=120, total=600)


def is_installed() -> bool:
    return shutil.which("bochs") is not None


def find_program() -> str:
    program = shutil.which("bochs")
    if program is None:
        raise SetupError(MISSING)
    return program


def configuration(cell: Cell, iso: Path, folder: Path, serial: str) -> str:
    """Bochs's configuration file, in which a path in quotes may have blanks, but no comma.

    serial  how COM1 is connected, as in 'mode=file, dev="PATH"'
    """
    kind = "cdrom" if cell.medium == "cd" else "disk"
    drive = f'type={kind}, path="{iso}"'
    drive += ", status=inserted" if kind == "cdrom" else ", mode=volatile, " + _geometry(iso)
    return f"""\
config_interface: textconfig
display_library: rfb, options="timeout=0"
megs: {cell.megabytes}
cpu: model={cell.cpu}, ips={INSTRUCTIONS_PER_SECOND}, reset_on_triple_fault=0
clock: sync=none, time0=1767225600
ata0-master: {drive}
boot: {kind}
com1: enabled=1, {serial}
port_e9_hack: enabled=1
log: "{folder / "log"}"
panic: action=fatal
error: action=report
info: action=report
"""


def _geometry(iso: Path) -> str:
    """A disk is made of whole tracks; what is missing of the last is not asked for."""
    heads, sectors = 16, 63
    cylinders = iso.stat().st_size // (heads * sectors * 512)
    return f"cylinders={cylinders}, heads={heads}, spt={sectors}"


def command(folder: Path, text: str) -> list[str]:
    """The command line; Debian's Bochs waits in its debugger for the file with `c`."""
    (folder / "configuration").write_text(text)
    (folder / "continue").write_text("c\n")
    files = ["-f", str(folder / "configuration"), "-rc", str(folder / "continue")]
    return [find_program(), "-q", *files]


def boot(cell: Cell, iso: Path, log: Path) -> Observation:
    """Run a test kernel's image to its end and say what was seen, as odyssey.boot does for QEMU."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=log.parent, prefix=f"{log.name}-") as name:
        folder = Path(name)
        serial = folder / "serial"
        text = configuration(cell, iso, folder, f'mode=file, dev="{serial}"')
        outputs = (serial, folder / "stdout")
        status = run(command(folder, text), folder, outputs, BOUNDS)
        seen = observe(
            serial.read_bytes() if serial.exists() else b"",
            (folder / "stdout").read_bytes(),
            status,
            (folder / "log").read_text(errors="replace") if (folder / "log").exists() else "",
        )
        for file in folder.iterdir():
            file.replace(f"{log}.{file.name}")
        return seen


def observe(serial: bytes, output: bytes, status: Optional[int], log: str) -> Observation:
    """What Bochs left, with the status that QEMU would have ended with.

    output  its standard output: what went to port 0xe9, and behind that its debugger's
    status  its own, None when it had to be ended
    """
    panics = PANIC.findall(log)
    verdict = VERDICT.search(output)
    said = output[: verdict.end()] if verdict else output
    if status is not None and status >= 0:
        if panics == [ENDED_BY_PORT] and verdict:
            status = STATUS_OF_VERDICT.get(verdict[1], status)
        elif panics and "exception with no resolution" in panics[0]:
            status = STATUS_RESET
        elif status == STATUS_RESET or status in STATUS_OF_VERDICT.values():
            status = 1  # it must not pass for a verdict that was not given
    return Observation(serial, said, status, "; ".join(panics) or "no PANIC in Bochs's log")


class BochsSeat:
    """At a running Bochs, by the serial line. A context manager."""

    def __init__(self, cell: Cell, iso: Path, log: Path) -> None:
        self._cell, self._iso, self._log = cell, iso, log
        self._received = bytearray()
        self._lock = threading.Lock()

    def __enter__(self) -> BochsSeat:
        self._scratch = tempfile.TemporaryDirectory(prefix="odyssey-")
        folder = Path(self._scratch.name)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._line, other_end = pty.openpty()
        tty.setraw(other_end, termios.TCSANOW)
        line = f"mode=term, dev={os.ttyname(other_end)}"
        self._process = processes.start(
            command(folder, configuration(self._cell, self._iso, folder, line)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._other_end = other_end
        self._stop = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        processes.end(self._process)
        self._stop.set()
        self._reader.join()
        os.close(self._line)
        os.close(self._other_end)
        log = Path(self._scratch.name) / "log"
        if log.exists():
            shutil.copyfile(log, f"{self._log}.log")
        Path(f"{self._log}.serial").write_bytes(bytes(self._received))
        self._scratch.cleanup()

    def _read(self) -> None:
        while not self._stop.is_set():
            if select.select([self._line], [], [], 0.1)[0]:
                data = os.read(self._line, 4096)
                with self._lock:
                    self._received += data

    def lines(self) -> list[str]:
        with self._lock:
            return without_blank_end(rendered(bytes(self._received)))

    def type(self, character: str) -> None:
        os.write(self._line, character.replace("\n", "\r").encode())

    def is_over(self) -> bool:
        return self._process.poll() is not None
