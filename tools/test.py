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
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

sys.dont_write_bytecode = True

from odyssey import judge, processes, qemu, symbolize  # noqa: E402
from odyssey.boot import Bounds, boot  # noqa: E402
from odyssey.image import with_command_line  # noqa: E402
from odyssey.report import PASS, SKIP, Report, Result  # noqa: E402
from odyssey.scenarios import SCENARIOS  # noqa: E402
from odyssey.settings import (  # noqa: E402
    BUILD,
    LOGS,
    OUTPUT,
    ROOT,
    SetupError,
    environment,
    usable_cpus,
)

TEST_ISO = BUILD / "odyssey-test.iso"
TEST_ELF = BUILD / "odyssey-test.elf"
PYTEST_SECONDS = 900
VARIANT_STRETCH = 5  # checks in front of every access take time
PATTERN = re.compile(r"\w+(\.\w+)?")


class Done(NamedTuple):
    results: list[Result]
    notes: tuple[str, ...] = ()


Job = partial[Done]  # one of the run_ functions below, with its argument


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
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        f"--junitxml={xml}",
        f"tests/{folder}",
    ]
    with open(f"{log}.log", "wb") as output:
        process = processes.start(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    try:
        status = process.wait(PYTEST_SECONDS)
    except subprocess.TimeoutExpired:
        status = None
    finally:
        processes.end(process)
    place = os.path.relpath(log, ROOT)
    results = read_pytest_report(folder, xml, place) if xml.is_file() else []
    if status != (1 if any(result.mark == "FAIL" for result in results) else 0):
        printed = Path(f"{log}.log").read_text(errors="replace").strip()
        reason = f"pytest ended with status {status}, not as its report says\n{printed[-2000:]}"
        results.append(Result(folder, "pytest", "crash", reason, log=place))
    return Done(results)


def read_pytest_report(folder: str, xml: Path, log: str) -> list[Result]:
    results = []
    for case in ElementTree.parse(xml).iter("testcase"):
        module = case.get("classname", "").rpartition(".")[2].replace("test_", "", 1)
        name = case.get("name", "").replace("test_", "", 1)
        group, name = ("control", name) if module == "controls" else (folder, f"{module}.{name}")
        outcome, detail = PASS, ""
        for child in case:
            if child.tag in ("failure", "error", "skipped"):
                outcome = SKIP if child.tag == "skipped" else child.tag
                detail = f"{child.get('message', '')}\n{child.text or ''}".strip()
        results.append(Result(group, name, outcome, detail, float(case.get("time", 0)), log))
    return results


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


def run_jobs(report: Report) -> None:
    """Run everything planned, as many at once as there are CPUs."""
    with ThreadPoolExecutor(usable_cpus()) as pool:
        try:
            jobs = {pool.submit(job): job for job in planned_jobs()}
            for future in as_completed(jobs):
                error = future.exception()
                if error is None:
                    report.add(*future.result())
                else:
                    report.add([could_not_run(jobs[future], error)])
        finally:
            processes.end_all()


def could_not_run(job: Job, error: BaseException) -> Result:
    name = "-".join(filter(None, (job.func.__name__, *job.args)))
    detail = str(error)
    if not isinstance(error, SetupError):
        detail += "\n" + "".join(traceback.format_exception(type(error), error, None)).strip()
    return Result("error", name, "error", detail)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report = Report(verbose=environment("V") == "1")
    try:
        run_jobs(report)
    except SetupError as error:
        report.add([Result("error", "setup", "error", str(error))])
    return report.finish(OUTPUT, time.monotonic() - started)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
