# SPDX-License-Identifier: MIT
"""Runs a cell of the matrix: its suites, and its smoke."""
from __future__ import annotations

import os
import re
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

from . import bochs, qemu, smoke
from .boot import boot
from .cells import Cell
from .image import Change, with_change
from .judge import Observation, Verdict, judge_tests
from .machine import Machine
from .report import PASS, SKIP, Result
from .settings import BUILD, ROOT, SetupError, environment

VBE_MODE = (1024, 768, 32)
SPARSE_MEGABYTES = 8192  # from here on the guest's memory is more than this host may have
MEDIA: dict[str, Callable[[Path], list[str]]] = {
    "cd": qemu.cdrom, "disk": qemu.disk, "usb": qemu.usb_stick,
}  # fmt: skip


class Unfit(Exception):
    """What the judge made of a boot."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome


@dataclass(frozen=True)
class CellOutcome:
    """What a cell came to: of its suites, then of its smoke."""

    results: list[Result]
    tests: tuple[int, int, int]  # passed, failed, skipped
    seconds: float


def run(cell: Cell, logs: Path) -> CellOutcome:
    """Run both; nothing that goes wrong in a cell is an exception here."""
    started = time.monotonic()
    tests = (0, 0, 0)
    reason = missing(cell)
    if reason:
        results = [Result(cell.name, half, SKIP, reason) for half in ("suites", "smoke")]
    elif cell.has_room_for_suites:
        suites, tests = run_suites(cell, logs)
        results = [suites, run_smoke(cell, logs)]
    else:
        results = [run_refusal(cell, logs), run_smoke(cell, logs)]
    return CellOutcome(results, tests, time.monotonic() - started)


def missing(cell: Cell) -> str:
    """Why the cell cannot be made on this host, or nothing."""
    if cell.board == "bochs" and not bochs.is_installed() and environment("CI") != "true":
        return bochs.MISSING
    for part in cell.parts():
        if part.needs and not qemu.has_property(*part.needs):
            return f"this QEMU has no {' '.join(part.needs)}"
    if cell.megabytes >= SPARSE_MEGABYTES and not qemu.has_property(
        "-object", "memory-backend-ram", "reserve"
    ):
        return "this QEMU would take all of the memory from the host"
    return ""


def hardware(cell: Cell) -> qemu.Hardware:
    """The cell's machine, for QEMU."""
    board = [cell.board, *(part.board for part in cell.parts() if part.board)]
    extra = [option for part in cell.parts() for option in part.options]
    if cell.cpu:
        extra += ["-cpu", cell.cpu]
    if cell.megabytes >= SPARSE_MEGABYTES:
        memory = f"memory-backend-ram,id=ram,size={cell.megabytes}M,reserve=off"
        extra += ["-object", memory]
        board.append("memory-backend=ram")
    cpus = max(part.cpus for part in cell.parts())
    extra = ["-M", ",".join(board), *extra]
    return qemu.Hardware(cell.firmware, str(cell.megabytes), str(cpus), tuple(extra))


def image(cell: Cell, kernel: str) -> Path:
    """The image that the cell boots."""
    module = smoke.MODULE_MEGABYTES << 20 if cell.has("module") else 0
    change = Change(framebuffer=VBE_MODE if cell.has("vbe") else None, module_bytes=module)
    iso = BUILD / f"{kernel}.iso"
    return iso if change == Change() else with_change(iso, change)


def lacking(cell: Cell) -> str:
    """What odyssey.boot and odyssey.machine have to know of the serial line."""
    return next((what for what in ("serial", "reader") if cell.lacks(what)), "")


# --- Suites


def run_suites(
    cell: Cell, logs: Path, medium: Optional[list[str]] = None
) -> tuple[Result, tuple[int, int, int]]:
    """Boot the test kernel; its result, and how many tests passed, failed, were skipped.

    medium  for QEMU, what to boot instead
    """
    log = logs / f"{cell.name}-suites"
    verdicts: list[Verdict] = []

    def judge() -> None:
        verdict = judge_tests(_boot(cell, log, medium))
        verdicts.append(verdict)
        if not verdict.is_pass:
            details = [test.detail for test in verdict.results if test.status == "failed"]
            raise Unfit(verdict.outcome.value, "\n".join([verdict.detail, *details]))
        unexpected = _unexpected_skips(cell, verdict)
        if unexpected:
            raise Unfit("skipped", "\n".join(["for no reason of this cell's", *unexpected]))

    result = _attempt(cell, "suites", log, judge)
    statuses = [test.status for verdict in verdicts for test in verdict.results]
    passed, failed, skipped = map(statuses.count, ("passed", "failed", "skipped"))
    return result, (passed, failed, skipped)


def _boot(cell: Cell, log: Path, medium: Optional[list[str]]) -> Observation:
    if cell.board == "bochs":
        return bochs.boot(cell, image(cell, "odyssey-test"), log)
    if medium is None:
        medium = MEDIA[cell.medium](image(cell, "odyssey-test"))
    timing = next((part.timing for part in cell.parts() if part.timing), qemu.DETERMINISTIC)
    command = [*qemu.headless(hardware(cell)), *medium, *qemu.DEBUG_EXIT, *timing]
    return boot(command, log, lacks=lacking(cell))


def _unexpected_skips(cell: Cell, verdict: Verdict) -> list[str]:
    """Tests that were skipped though nothing that the cell lacks is their reason."""
    allowed = [part.skips for part in cell.parts() if part.skips]
    skipped = [
        f"{test.name} SKIP {test.detail}" for test in verdict.results if test.status == "skipped"
    ]
    return [text for text in skipped if not any(re.search(one, text) for one in allowed)]


# --- Smoke


def run_smoke(cell: Cell, logs: Path) -> Result:
    """Boot the shipped image and use it."""
    log = logs / f"{cell.name}-smoke"

    def use() -> None:
        if cell.board == "bochs":
            with bochs.BochsSeat(cell, image(cell, "odyssey"), log) as seat:
                smoke.answers(seat, cell, smoke.boots(seat, cell))
        else:
            with machine(cell, "odyssey", log) as running:
                running.start()
                use_everything(cell, running)

    return _attempt(cell, "smoke", log, use)


def use_everything(cell: Cell, running: Machine) -> None:
    """Sit down at each of the machine's inputs, and look at each of its outputs."""
    reads = "screen" if lacking(cell) else "serial"
    inputs = ["keyboard"] if reads == "screen" else ["serial", "keyboard"]
    for typed_on in inputs:
        if not cell.lacks(typed_on):
            seat = smoke.QemuSeat(running, reads, typed_on)
            usable = smoke.boots(seat, cell)
            smoke.answers(seat, cell, usable)
    if reads == "serial" and cell.has_screen:
        smoke.shows_the_same(seat, smoke.QemuSeat(running, "screen", typed_on))
    event = smoke.event_of(cell)
    if event:
        smoke.befall(running, seat, event)


def run_refusal(cell: Cell, logs: Path) -> Result:
    """On a machine too small for the suites the loader or the kernel says so."""
    log = logs / f"{cell.name}-suites"

    def read() -> None:
        with machine(cell, "odyssey-test", log) as running:
            running.start()
            smoke.runs_out_of_memory(smoke.QemuSeat(running, "screen", "keyboard"))

    return _attempt(cell, "suites", log, read)


def machine(cell: Cell, kernel: str, log: Path) -> Machine:
    """The cell with a kernel's image in it, its ports in our hands."""
    medium = MEDIA[cell.medium](image(cell, kernel))
    return Machine(medium, log, hardware(cell), lacking(cell), cell.is_pixels)


def _attempt(cell: Cell, half: str, log: Path, work: Callable[[], None]) -> Result:
    started = time.monotonic()
    outcome, detail = PASS, ""
    try:
        work()
    except Unfit as error:
        outcome, detail = error.outcome, str(error)
    except AssertionError as error:
        outcome, detail = "failure", str(error)
    except (SetupError, OSError) as error:
        outcome, detail = "error", str(error)
    except Exception as error:  # whatever it is, the other cells go on
        outcome, detail = "error", "".join(traceback.format_exception(type(error), error, None))
    return _result(cell, half, outcome, detail, time.monotonic() - started, log)


def _result(
    cell: Cell, half: str, outcome: str, detail: str, seconds: float, log: Path
) -> Result:
    again = f"make matrix M={cell.name}"
    return Result(cell.name, half, outcome, detail, seconds, os.path.relpath(log, ROOT), again)
