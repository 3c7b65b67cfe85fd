# SPDX-License-Identifier: MIT
"""Jobs side by side, as many as the host has CPUs."""
from __future__ import annotations

import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from typing import Iterator, NamedTuple

from . import processes
from .report import Report, Result
from .settings import SetupError, usable_cpus


class Done(NamedTuple):
    """What came of a job: results, and what is worth knowing besides."""

    results: list[Result]
    notes: tuple[str, ...] = ()


Job = partial[Done]  # a function with its arguments


@contextmanager
def side_by_side() -> Iterator[ThreadPoolExecutor]:
    """Threads to give jobs to. Whatever makes an end of the block ends what they have started."""
    with ThreadPoolExecutor(usable_cpus()) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.end_all()
            raise


def run_all(report: Report, jobs: list[Job]) -> None:
    """Run jobs, and report each as it ends; one that breaks stops no other."""
    with side_by_side() as pool:
        started = {pool.submit(job): job for job in jobs}
        for future in as_completed(started):
            error = future.exception()
            if error is None:
                report.add(*future.result())
            else:
                report.add([_could_not_run(started[future], error)])


def _could_not_run(job: Job, error: BaseException) -> Result:
    named = (argument for argument in job.args if isinstance(argument, str))
    name = "-".join(filter(None, (job.func.__name__, *named)))
    detail = str(error)
    if not isinstance(error, SetupError):
        detail += "\n" + "".join(traceback.format_exception(type(error), error, None)).strip()
    return Result("error", name, "error", detail)
