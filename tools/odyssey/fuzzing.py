# SPDX-License-Identifier: MIT
"""Runs fuzz targets, which `make fuzzers` has built."""
from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Optional

from . import processes
from .report import PASS, Result
from .settings import BUILD, ROOT

FUZZERS = BUILD / "fuzz"
SOURCES = ROOT / "tests" / "fuzz"
INPUT_BYTES_MAX = 4096
INPUT_SECONDS_MAX = 10  # an input that takes longer hangs
# In lines that say what broke, and with which input.
TELLING = ("ERROR: ", "runtime error: ", "KERNEL PANIC: ", "Test unit written to")
RUNS = re.compile(rb"stat::number_of_executed_units: (\d+)")


def names() -> list[str]:
    """The fuzz targets there are."""
    return sorted(path.stem.removeprefix("fuzz_") for path in SOURCES.glob("fuzz_*.c"))


def fuzz(name: str, seconds: int, folder: Path = FUZZERS) -> Result:
    """Have one target's inputs thought up for some seconds; what is found stays in `folder`."""
    found = folder / "corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    seeds = SOURCES / "corpus" / name
    command = [
        str(folder / name),
        f"-max_total_time={seconds}",
        f"-timeout={INPUT_SECONDS_MAX}",
        f"-max_len={INPUT_BYTES_MAX}",
        f"-artifact_prefix={folder / name}.",
        "-print_final_stats=1",
        str(found),
        *([str(seeds)] if seeds.is_dir() else []),
    ]
    started = time.monotonic()
    log = folder / f"{name}.log"
    with open(log, "wb") as output:
        process = processes.start(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            status: Optional[int] = process.wait(seconds + 60)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            processes.end(process)
    return judge(name, status, log.read_bytes(), time.monotonic() - started, str(log))


def judge(name: str, status: Optional[int], output: bytes, seconds: float, log: str) -> Result:
    """Only a target that ended well, having run something, is a pass."""
    runs = RUNS.search(output)
    if status == 0 and runs and int(runs[1]) > 0:
        return Result("fuzz", f"{name}, {int(runs[1])} inputs", PASS, seconds=seconds, log=log)
    how = "did not end" if status is None else f"ended with status {status}"
    lines = output.decode(errors="replace").splitlines()
    said = [line for line in lines if any(word in line for word in TELLING)] or lines[-20:]
    return Result("fuzz", name, "found", "\n".join([how, *said]), seconds, log)
