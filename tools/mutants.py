#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes small random mistakes in the kernel and counts how many a test notices: `make mutants`.

Each mutant is built in a copy of the tree and judged first by the pure
modules' tests on this machine, then by the suites in the test kernel. One
that does not compile is no mutant, nor is one that compiles to the same
kernel. MUTANTS= says how many are drawn (a number, or all), SEED= which,
FILES= from where (patterns such as 'mm/*', names of GROUPS). Survivors that
tests/mutants.txt judges are listed apart, but they have survived. RECORD=yes
keeps the figures of the groups that FILES= has whole in tests/quality.json,
and in the README.
"""
from __future__ import annotations

import hashlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Iterable, Optional

sys.dont_write_bytecode = True

from bench import document  # noqa: E402
from odyssey import processes, quality, tool  # noqa: E402
from odyssey.boot import Bounds  # noqa: E402
from odyssey.broken_tree import TEST_KERNEL, boot_suites, copy_tree, fallen  # noqa: E402
from odyssey.mutate import Mutant, mutants_of  # noqa: E402
from odyssey.settings import (  # noqa: E402
    BUILD, ROOT, SetupError, environment, number, usable_cpus,
)  # fmt: skip

SAMPLE = 150
# What has to reach MUTANTS_WANTED_PERCENT: the pure parts, and the executor with what waits on it.
GROUPS: dict[str, tuple[str, ...]] = {
    "lib": ("lib/*",),
    "mm": ("mm/*",),
    "executor": tuple(
        f"kernel/{name}.[ch]"
        for name in ("executor", "task", "event", "channel", "select", "wait", "timer", "watchdog")
    ),
}
SOURCES = ("lib", "mm", "kernel", "drivers", "boot")
# A mutant that hangs is noticed; a healthy one on a busy machine must not look like it.
HOST_SECONDS = 300
BOUNDS = Bounds(first=60, idle=40, total=300)
TARGETS = (TEST_KERNEL, "build/host/unit-tests")


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: "noticed", "survived", "equivalent" or "invalid"."""

    mutant: Mutant
    outcome: str
    by: str = ""


class Tree:
    """A copy of the sources, built, in which one mutant at a time lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_tree(folder)
        if not self._build():
            raise SetupError("the tree does not build, so nothing can be said of its mutants")
        self.healthy = self._built()
        self.suspects: dict[str, list[str]] = {}

    def judge(self, mutant: Mutant) -> Fate:
        file = self.folder / mutant.file
        source = file.read_text()
        file.write_text(mutant.applied(source))
        try:
            if not self._build():
                return Fate(mutant, "invalid")
            kernel, host = (new != old for new, old in zip(self._built(), self.healthy))
            if not kernel and (self.folder / "build" / f"{mutant.file}.o").exists():
                return Fate(mutant, "equivalent")
            noticed = (host and self._noticed_on_host(mutant)) or (
                kernel and self._noticed_in_kernel()
            )
            return Fate(mutant, "noticed", noticed) if noticed else Fate(mutant, "survived")
        finally:
            file.write_text(source)

    def _build(self) -> bool:
        command = ["make", "-C", str(self.folder), "BUILD=build", *TARGETS]
        return subprocess.run(command, capture_output=True).returncode == 0

    def _built(self) -> tuple[str, ...]:
        return tuple(
            hashlib.sha256((self.folder / target).read_bytes()).hexdigest() for target in TARGETS
        )

    def _noticed_on_host(self, mutant: Mutant) -> str:
        """The first test that fails. First asked is what is likely to: the suites of the file's
        own name, then those that noticed something in this file before."""
        stem = Path(mutant.file).stem
        suites = self.suspects.setdefault(mutant.file, [stem, stem.split("_")[0]])
        for suite in [*suites, ""]:
            test = self._run_host(suite)
            if test:
                name = test.split(".")[0]
                self.suspects[mutant.file] = [name] + [s for s in suites if s != name]
                return test
        return ""

    def _run_host(self, pattern: str) -> str:
        """The first test that fails among those of a suite, or among all; "" when none does."""
        command = [self.folder / TARGETS[1], *([pattern] if pattern else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
            alarm = threading.Timer(HOST_SECONDS, run.kill)
            alarm.start()
            running, is_empty = "", False
            assert run.stdout is not None
            try:
                for line in map(bytes.decode, run.stdout):
                    if line.startswith("1..0"):
                        is_empty = True
                    if line.startswith("# run "):
                        running = line.split()[2]
                    elif line.startswith("not ok "):
                        run.kill()
                        return line.split()[3]
            finally:
                alarm.cancel()
        return "" if is_empty or run.returncode == 0 else f"{running} (died)"

    def _noticed_in_kernel(self) -> str:
        seen = boot_suites(self.folder, self.folder / "boot", BOUNDS)
        if seen.is_pass:
            return ""
        return next(iter(fallen(seen)), f"{seen.outcome.value}: {seen.detail}")


def sources() -> list[str]:
    return [str(path.relative_to(ROOT)) for folder in SOURCES
            for path in sorted((ROOT / folder).rglob("*.[ch]"))]  # fmt: skip


def is_among(file: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(file, pattern) for pattern in patterns)


def patterns_of(words: str) -> list[str]:
    """FILES=: patterns, and names of groups."""
    return [pattern for word in words.split() for pattern in GROUPS.get(word, (word,))]


def whole_groups(patterns: list[str]) -> list[str]:
    """The groups of whose files none is left out by the patterns."""
    chosen = {file: is_among(file, patterns) for file in sources()}
    return [name for name, own in GROUPS.items()
            if all(chosen[file] for file in chosen if is_among(file, own))]  # fmt: skip


def drawn(patterns: list[str], seed: str, count: Optional[int]) -> list[Mutant]:
    """The first `count` of all mutants in an order that depends on the seed alone."""
    found: list[Mutant] = []
    for name in sources():
        if is_among(name, patterns):
            found += mutants_of(name, (ROOT / name).read_text())
    found.sort(key=lambda m: hashlib.sha256(f"{seed} {m} {m.start}".encode()).digest())
    return found[:count]


def judged() -> dict[str, str]:
    """Survivors that were looked at: "file: change: source line" and why each may live."""
    known: dict[str, str] = {}
    key = ""
    for line in (ROOT / "tests" / "mutants.txt").read_text().splitlines():
        if line.startswith("    ") and key:
            known[key] = f"{known[key]} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            key = line
            known[key] = ""
    return known


def key_of(mutant: Mutant) -> str:
    """What stays the same while lines move: the entry of tests/mutants.txt."""
    return f"{mutant.file}: {mutant.change}: {mutant.source_line}"


def judge_all(mutants: list[Mutant], workers: int) -> list[Fate]:
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    fates: list[Fate] = []
    troubles: list[BaseException] = []

    def work(folder: Path) -> None:
        try:
            tree = Tree(folder)
            while not waiting.empty() and not troubles:
                fate = tree.judge(waiting.get_nowait())
                fates.append(fate)
                by = f" by {fate.by}" if fate.by else ""
                print(f"{len(fates)}/{len(mutants)} {fate.outcome}{by}  {fate.mutant}", flush=True)
        except queue.Empty:
            pass
        except BaseException as trouble:  # ends the run, in the thread that started it
            troubles.append(trouble)

    with tempfile.TemporaryDirectory() as scratch:
        threads = [
            threading.Thread(target=work, args=(Path(scratch, str(number)),))
            for number in range(workers)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        finally:
            processes.end_all()
    if troubles:
        raise troubles[0]
    return fates


def share(fates: list[Fate]) -> tuple[int, int]:
    """Noticed, and all that could have been."""
    count = Counter(fate.outcome for fate in fates)
    return count["noticed"], count["noticed"] + count["survived"]


def percent(noticed: int, of: int) -> str:
    return f"{100 * noticed / of:5.1f} %" if of else "      -"


def report(fates: list[Fate]) -> bool:
    """Print the tables; whether enough was noticed where it is asked for."""
    known = judged()
    groups = {name: of_group(fates, name) for name in GROUPS}
    held = [fate for part in groups.values() for fate in part]
    others = {folder: [f for f in fates if f.mutant.file.startswith(f"{folder}/")]
              for folder in SOURCES if folder not in GROUPS}  # fmt: skip
    rows = {**groups, " + ".join(GROUPS): held, **others, "all": fates}
    print(f"\n{'':32}{'noticed':>9}{'of':>7}{'share':>10}{'equal':>7}{'invalid':>9}")
    for name, part in rows.items():
        count = Counter(fate.outcome for fate in part)
        noticed, of = share(part)
        print(
            f"{name:32}{noticed:9}{of:7}{percent(noticed, of):>10}"
            f"{count['equivalent']:7}{count['invalid']:9}"
        )
    survivors = sorted((f.mutant for f in fates if f.outcome == "survived"), key=str)
    for title, wanted in (("Survivors not judged yet", False), ("Survivors judged", True)):
        print(f"\n{title}:")
        for mutant in survivors:
            if (key_of(mutant) in known) == wanted:
                print(f"  {mutant}" + (f"\n      {known[key_of(mutant)]}" if wanted else ""))
    noticed, of = share(held)
    return of == 0 or 100 * noticed >= quality.MUTANTS_WANTED_PERCENT * of


def of_group(fates: list[Fate], name: str) -> list[Fate]:
    return [fate for fate in fates if is_among(fate.mutant.file, GROUPS[name])]


def keep(fates: list[Fate], seed: str, groups: list[str]) -> None:
    """Record what was noticed in these groups; what others' runs recorded stays."""
    figures = {}
    for name in groups:
        part = of_group(fates, name)
        noticed, of = share(part)
        if of != 0:
            figures[name] = {"noticed": noticed, "of": of, "drawn": len(part), "seed": seed}
    quality.keep("mutants", figures)
    document.write()


def save(fates: list[Fate], seed: str) -> None:
    folder = BUILD / "mutants"
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        {"file": f.mutant.file, "line": f.mutant.line, "kind": f.mutant.kind,
         "change": f.mutant.change, "outcome": f.outcome, "by": f.by}
        for f in sorted(fates, key=lambda f: (f.mutant.file, f.mutant.start))
    ]  # fmt: skip
    (folder / "results.json").write_text(json.dumps({"seed": seed, "mutants": listed}, indent=1))


def main() -> int:
    seed, how_many = environment("SEED", "1"), environment("MUTANTS", str(SAMPLE))
    if how_many != "all" and not how_many.isdigit():
        print(f"MUTANTS: got {how_many!r}, want a number or all", file=sys.stderr)
        return 2
    patterns = patterns_of(environment("FILES", "*"))
    mutants = drawn(patterns, seed, None if how_many == "all" else int(how_many))
    if not mutants:
        print(f"FILES: nothing to change in {environment('FILES')!r}", file=sys.stderr)
        return 2
    workers = max(1, int(number("JOBS", usable_cpus())))
    fates = judge_all(mutants, workers)
    save(fates, seed)
    is_enough = report(fates)
    if environment("RECORD") == "yes":
        keep(fates, seed, whole_groups(patterns))
    noticed, of = share(fates)
    print(f"{noticed} noticed, {of - noticed} survived")
    return 0 if is_enough else 1


if __name__ == "__main__":
    tool.run("mutants", main)
