# SPDX-License-Identifier: MIT
"""The processes this run has started and not yet reaped.

They stay in the runner's own process group, so what ends the group ends them;
an orderly end of the runner, interrupted or not, calls end_all().
"""
from __future__ import annotations

import subprocess
import threading
from typing import Any

TERMINATE_SECONDS = 10

_lock = threading.Lock()
_running: set[subprocess.Popen[bytes]] = set()
_stopped = False


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Popen, remembered until end()."""
    with _lock:
        if _stopped:
            raise RuntimeError("the run is being stopped")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
        _running.add(process)
        return process


def end(process: subprocess.Popen[bytes]) -> None:
    """See that a process is over, and reap it. Does nothing to one that ended by itself."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(TERMINATE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with _lock:
        _running.discard(process)


def run(
    command: list[str], seconds: float, **options: Any
) -> subprocess.CompletedProcess[str]:
    """subprocess.run() of a program that starts others; its outputs as text.

    When time is up or somebody ends us it is asked to end, so that it can end what
    it started; killed at once it would leave that behind.
    """
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = start(command, **both, text=True, errors="replace", **options)
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    finally:
        end(process)
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def end_all() -> None:
    """End every process, and let no other be started."""
    global _stopped
    with _lock:
        _stopped = True
        processes = list(_running)
    for process in processes:
        end(process)
