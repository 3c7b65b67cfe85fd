#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands in for QEMU while coverage is measured: the same machine, its memory kept in a file.

When the machine has ended, whatever its end was, the counters are taken out
of the file. COUNTED_QEMU= is the real program, COUNTED_FOLDER= has layouts
and gets counters. A machine whose memory is already something special, or too
large, runs as if this were not here.
"""
from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Optional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.dont_write_bytecode = True

from odyssey import gcov  # noqa: E402

SIZE = re.compile(r"(?:size=)?(\d+)([MG]?)")
MEBIBYTES_MOST = 8 * 1024  # of which the file takes what the machine has touched


def memory_of(arguments: list[str]) -> Optional[str]:
    """The machine's memory as QEMU writes a size; None for one not to be touched."""
    if "-m" not in arguments or any("memory-backend" in argument for argument in arguments):
        return None
    size = SIZE.fullmatch(arguments[arguments.index("-m") + 1])
    if size is None:
        return None
    mebibytes = int(size[1]) * (1024 if size[2] == "G" else 1)
    return f"{mebibytes}M" if mebibytes <= MEBIBYTES_MOST else None


def harvest(memory: Path, folder: Path) -> None:
    for path in folder.glob("*.layout"):
        counters = gcov.read_memory(pickle.loads(path.read_bytes()), memory)
        if counters:
            name = f"{path.stem}.{os.getpid()}.counters"
            (folder / f"{name}.part").write_bytes(counters.tobytes())
            (folder / f"{name}.part").rename(folder / name)


def main() -> int:
    qemu, folder = os.environ["COUNTED_QEMU"], Path(os.environ["COUNTED_FOLDER"])
    size = memory_of(sys.argv[1:])
    if size is None:
        os.execv(qemu, [qemu, *sys.argv[1:]])
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        memory = Path(scratch, "memory")
        backend = f"memory-backend-file,id=counted,size={size},mem-path={memory},share=on"
        extra = ["-object", backend, "-machine", "memory-backend=counted"]
        process = subprocess.Popen([qemu, *sys.argv[1:], *extra])

        def pass_on(number: int, _: Optional[FrameType]) -> None:
            process.send_signal(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, pass_on)
        status = process.wait()
        if memory.exists():
            harvest(memory, folder)
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


if __name__ == "__main__":
    sys.exit(main())
