# SPDX-License-Identifier: MIT
"""What every step of `make check` is made of."""
from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable, Iterable, NamedTuple, Optional, Sequence

from check.build_plan import MAKE_PRIVATE
from odyssey import processes
from odyssey.report import PASS, SKIP, Result
from odyssey.settings import BUILD, ROOT, environment

OUTPUT = BUILD / "check"
LOGS = OUTPUT / "logs"

SECONDS_MAX = 600  # for one program

# Tool -> the package that brings it on Debian; `make doctor` knows the other systems.
PACKAGES = {
    "gcc": "gcc",
    "clang": "clang",
    "ld.lld": "lld",
    "clang-format": "clang-format",
    "clang-tidy": "clang-tidy",
    "shellcheck": "shellcheck",
    "grub-file": "grub-common",
    "grub-mkrescue": "grub-common",
    "objdump": "binutils",
    "addr2line": "binutils",
    "nasm": "nasm",
    "bash": "bash",
}


class Output(NamedTuple):
    status: Optional[int]  # negative for a signal; None: out of time
    stdout: bytes
    text: str  # both streams, for people


def run(
    command: Sequence[str], log: str, folder: Path = ROOT, umask: int = -1, **variables: str
) -> Output:
    """Run a program to its end, in the project's folder or another; its log has what it printed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    inherited = {name: text for name, text in os.environ.items() if name not in MAKE_PRIVATE}
    process = processes.start(
        list(command),
        cwd=folder,
        umask=umask,
        env={**inherited, "LC_ALL": "C", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    status: Optional[int] = None
    try:
        stdout, stderr = process.communicate(timeout=SECONDS_MAX)
        status = process.returncode
    except subprocess.TimeoutExpired:
        processes.end(process)
        stdout, stderr = process.communicate()
        stderr += f"\nended after {SECONDS_MAX} seconds".encode()
    finally:
        processes.end(process)
    text = (stdout + stderr).decode(errors="replace").strip("\n")
    (LOGS / f"{log}.log").write_text(text + "\n")
    return Output(status, stdout, text)


def missing(tool: str) -> Optional[str]:
    """The sentence for a tool that is not installed; None for one that is."""
    if shutil.which(tool):
        return None
    name = os.path.basename(tool)
    return f"tool {name} missing (package {PACKAGES.get(name, name)})"


def missing_all(*tools: str) -> Optional[str]:
    """The sentence for the first of some tools, any of which would do."""
    return None if any(map(shutil.which, tools)) else missing(tools[0])


def skipped(group: str, name: str, reason: str) -> Result:
    """What cannot be done here is skipped; not so in CI, which has to have everything."""
    return Result(group, name, "missing" if environment("CI") else SKIP, reason)


def judged(group: str, name: str, find: Callable[[], Iterable[str]], outcome: str) -> Result:
    """The result of looking for problems; `outcome` is the word for having found some."""
    started = time.monotonic()
    problems = list(find())
    return finished(group, name, outcome if problems else PASS, problems, started)


def finished(
    group: str, name: str, outcome: str, problems: Iterable[str], started: float, log: str = ""
) -> Result:
    """A result with the time it took, where that is worth a number."""
    seconds = time.monotonic() - started
    detail = "\n".join(problems)
    return Result(group, name, outcome, detail, seconds if seconds >= 0.1 else 0.0, log)


def place(log: str) -> str:
    """A log as a person would name it; the report adds the ending."""
    return os.path.relpath(LOGS / log, ROOT)


def inside(path: Path) -> str:
    """A path as the Makefile would write it."""
    return os.path.relpath(path, ROOT)
