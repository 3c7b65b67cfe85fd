#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs what boots: `make test`.

    T=suite[.name]   only these in-kernel tests
    SCENARIO=name    only this scenario
    neither          all suites, all scenarios, the runner's own tests with its
                     negative controls, and the end-to-end tests
    VARIANT=name     this build's suites, and nothing else: of the boot, the
                     runner and the screen it shows nothing new

FIRMWARE=, MEM=, CPUS=, QEMU_EXTRA= choose the machine, CMDLINE= adds words to
the kernel's command line, V=1 shows every test, TEST_IDLE= and TEST_TOTAL= are
the bounds in seconds. Everything goes to build/test/; the last line is the total.
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import judge, processes, pytest_run, qemu, symbolize, tool  # noqa: E402
from odyssey.boot import Bounds, boot  # noqa: E402
from odyssey.image import with_command_line  # noqa: E402
from odyssey.jobs import Done, Job, run_all  # noqa: E402
from odyssey.report import PASS, SKIP, Report, Result  # noqa: E402
from odyssey.scenarios import SCENARIOS  # noqa: E402
from odyssey.settings import (  # noqa: E402
    BUILD, LOGS, OUTPUT, ROOT, SetupError, environment,
)  # fmt: skip

TEST_ISO = BUILD / "odyssey-test.iso"
TEST_ELF = BUILD / "odyssey-test.elf"
PYTEST_SECONDS = 900
VARIANT_STRETCH = 5  # checks in front of every access take time
PATTERN = re.compile(r"\w+(\.\w+)?")


def boot_test_kernel(words: str, log: Path, timing: tuple[str, ...] = ()) -> judge.Observation:
    """Boot the test kernel with these words on its command line."""
    words = f"{words} {environment('CMDLINE')}".strip()
    if environment("VARIANT"):
        medium = qemu.direct(TEST_ELF, words)
    else:
        medium = qemu.cdrom(with_command_line(TEST_ISO, words))
    hardware = qemu.Hardware.from_environment()
    if "-icount" in hardware.extra:
        timing = ()
    bounds = Bounds.from_environment(VARIANT_STRETCH if environment("VARIANT") else 1)
    return boot([*qemu.headless(hardware), *medium, *qemu.DEBUG_EXIT, *timing], log, bounds)


def explained(detail: str, seen: judge.Observation) -> str:
    """What went wrong, and where in the source each backtrace that was printed leads."""
    printed = (seen.serial or seen.debugcon).decode(errors="replace")
    return "\n".join([detail, *symbolize.explain(printed, TEST_ELF)])


def run_suites(pattern: str) -> Done:
    """One boot that runs the suites; a result for each test, and one more for a bad end."""
    started = time.monotonic()
    log = LOGS / "suites"
    seen = boot_test_kernel(f"test={pattern}" if pattern else "test", log, qemu.DETERMINISTIC)
    verdict = judge.judge_tests(seen, pattern)
    place = os.path.relpath(log, ROOT)
    outcomes = {"passed": PASS, "skipped": SKIP, "failed": judge.Outcome.ASSERTION.value}
    results = [
        Result(
            "suite",
            test.name,
            outcomes[test.status],
            test.detail,
            log=place,
            again=f"make test T={test.name}",
        )
        for test in verdict.results
    ]
    failed_by_itself = verdict.outcome is judge.Outcome.ASSERTION and any(
        result.mark == "FAIL" for result in results
    )
    if not (verdict.is_pass or failed_by_itself):
        name = verdict.culprit or "boot.of_the_test_kernel"
        seconds = time.monotonic() - started
        detail = explained(verdict.detail, seen)
        results.append(Result("suite", name, verdict.outcome.value, detail, seconds, place))
    return Done(results, verdict.notes)


def boot_directly(words: str, log: Path) -> judge.Observation:
    """The same without firmware and GRUB."""
    medium = qemu.direct(TEST_ELF, f"{words} {environment('CMDLINE')}".strip())
    hardware = replace(qemu.Hardware.from_environment(), firmware="bios")
    return boot([*qemu.headless(hardware), *medium, *qemu.DEBUG_EXIT], log)


def run_scenario(name: str) -> Done:
    started = time.monotonic()
    log = LOGS / f"scenario-{name}"
    boot_it = boot_directly if SCENARIOS[name].direct else boot_test_kernel
    seen = boot_it(f"scenario={name}", log)
    verdict = judge.judge_scenario(seen, SCENARIOS[name])
    seconds = time.monotonic() - started
    result = Result(
        "scenario",
        name,
        verdict.outcome.value,
        verdict.detail if verdict.is_pass else explained(verdict.detail, seen),
        seconds,
        os.path.relpath(log, ROOT),
        f"make test SCENARIO={name}",
    )
    return Done([result], tuple(f"scenario {name}: {note}" for note in verdict.notes))


def run_pytest(folder: str) -> Done:
    """The tests in one folder under tests/, merged from pytest's own report."""
    xml = OUTPUT / f"pytest-{folder}.xml"
    xml.unlink(missing_ok=True)
    log = LOGS / f"pytest-{folder}"
    with open(f"{log}.log", "wb") as output:
        process = processes.start(
            pytest_run.command(f"tests/{folder}", xml),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **pytest_run.VARIABLES},
        )
    try:
        status = process.wait(PYTEST_SECONDS)
    except subprocess.TimeoutExpired:
        status = None
    finally:
        processes.end(process)
    place = os.path.relpath(log, ROOT)
    results = [pytest_result(folder, case, place) for case in pytest_run.cases(xml)]
    if status != (1 if any(result.mark == "FAIL" for result in results) else 0):
        printed = Path(f"{log}.log").read_text(errors="replace").strip()
        reason = f"pytest ended with status {status}, not as its report says\n{printed[-2000:]}"
        results.append(Result(folder, "pytest", "crash", reason, log=place))
    return Done(results)


def pytest_result(folder: str, case: pytest_run.Case, log: str) -> Result:
    group, name = folder, f"{case.module}.{case.name}"
    if case.module == "controls":
        group, name = "control", case.name
    return Result(group, name, case.outcome, case.detail, case.seconds, log)


def planned_jobs() -> list[Job]:
    """What T= and SCENARIO= ask for, the longest first."""
    pattern, scenario = environment("T"), environment("SCENARIO")
    if pattern and not PATTERN.fullmatch(pattern):
        raise SetupError(f"T: got {pattern!r}, want suite or suite.name")
    if scenario and scenario not in SCENARIOS:
        raise SetupError(f"SCENARIO: got {scenario!r}, want one of {' '.join(SCENARIOS)}")
    jobs: list[Job] = []
    if pattern:
        jobs.append(partial(run_suites, pattern))
    if scenario:
        jobs.append(partial(run_scenario, scenario))
    if not jobs and environment("VARIANT"):
        jobs.append(partial(run_suites, ""))
    elif not jobs:
        jobs = [partial(run_pytest, "e2e"), partial(run_suites, ""), partial(run_pytest, "runner")]
        jobs += [partial(run_scenario, name) for name in SCENARIOS]
    return jobs


def main() -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report = Report(verbose=environment("V") == "1")
    try:
        run_all(report, planned_jobs())
    except SetupError as error:
        report.add([Result("error", "setup", "error", str(error))])
    return report.finish(OUTPUT, time.monotonic() - started)


if __name__ == "__main__":
    tool.run("test", main)
