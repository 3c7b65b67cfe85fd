# SPDX-License-Identifier: MIT
"""Two builds of the same sources give the same bytes.

The tree is copied into two folders and built in each, under whatever could
leak into a build: another path, one with a blank in it; another time zone,
language, umask, home and number of jobs; other file times. Then, as controls,
a file that holds its own time, and one that holds its folder's name, are added
to the kernel: a comparison that does not notice these proves nothing.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional

from check.elf import Elf
from check.step import finished, missing, missing_all, place, run, skipped
from check.toolset import Toolset
from odyssey.jobs import Done
from odyssey.report import PASS, Result
from odyssey.settings import ROOT

INPUTS = "Makefile linker.ld grub.cfg boot kernel drivers mm lib tests tools".split()
KERNEL = "odyssey.elf"
BOTH_BUILT = "two builds in two folders"
PRODUCTS = (KERNEL, "odyssey-test.elf", "odyssey.iso", "odyssey-test.iso")
RUNS_MAX = 8
SECTOR = 2048  # of an ISO image
CONTROLS = {
    "time": "const char control[] = __TIMESTAMP__;\n",
    "path": 'const char control[] = "{folder}";\n',
}


class BuildFailed(Exception):
    """With what make said at its end, and the name of its log."""


@dataclass(frozen=True)
class Place:
    """A folder to build in, and the circumstances there."""

    folder: Path
    environment: dict[str, str]
    umask: int
    jobs: int
    file_time: int  # seconds since 1970

    def fill(self) -> None:
        """Copy what a build reads."""
        for name in INPUTS:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, self.folder / name)
        for path in self.folder.rglob("*"):
            os.utime(path, (self.file_time, self.file_time))

    def build(self, make: str, tools: Toolset, *products: str) -> None:
        words = ["BUILD=build", *tools.variables(), *(f"build/{name}" for name in products)]
        output = run(
            [make, f"-j{self.jobs}", *words], self.log, self.folder, self.umask, **self.environment
        )
        if output.status != 0:
            raise BuildFailed(f"make in {str(self.folder)!r}:\n{output.text[-2000:]}", self.log)

    @property
    def log(self) -> str:
        return f"same-bytes-{self.jobs}"

    def product(self, name: str) -> Path:
        return self.folder / "build" / name

    def add_control(self, name: str) -> Path:
        """Put a source into the kernel that is another one here than elsewhere."""
        path = self.folder / "kernel" / f"control_{name}.c"
        path.write_text(CONTROLS[name].replace("{folder}", str(self.folder)))
        os.utime(path, (self.file_time, self.file_time))
        return path


Places = tuple[Place, Place]


def places(scratch: Path) -> Places:
    """Two places that have little in common."""
    plain, blank = scratch / "a", scratch / "another place" / "with a longer name"
    homes = scratch / "home a", scratch / "home b"
    for folder in (plain, blank, *homes):
        folder.mkdir(parents=True)
    here = {"TZ": "UTC0", "LC_ALL": "C", "HOME": str(homes[0])}
    there = {"TZ": "XYZ-11:30", "LC_ALL": "C.UTF-8", "HOME": str(homes[1])}
    return (
        Place(plain, here, umask=0o022, jobs=1, file_time=1_000_000_000),
        Place(blank, there, umask=0o077, jobs=2, file_time=1_500_000_000),
    )


def differing_runs(first: bytes, second: bytes) -> Iterator[tuple[int, int]]:
    """The places, as (start, end), where two contents differ; those that nearly touch join."""
    common = min(len(first), len(second))
    start = end = None
    for block in range(0, common, SECTOR):
        if first[block : block + SECTOR] == second[block : block + SECTOR]:
            continue
        for i in range(block, min(block + SECTOR, common)):
            if first[i] == second[i]:
                continue
            if end is not None and i - end > 16:
                yield start, end
                start = None
            start, end = i if start is None else start, i + 1
    if end is not None:
        yield start, end
    if len(first) != len(second):
        yield common, max(len(first), len(second))


def contents_of_image(image: Path) -> list[tuple[int, int, str]]:
    """Where the files of an ISO image lie in it, as (start, end, path)."""
    command = ["xorriso", "-indev", str(image), "-find", "/", "-type", "f", "-exec", "report_lba"]
    listing = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    row = re.compile(r"File data lba:\s*\d+ ,\s*(\d+) ,\s*\d+ ,\s*(\d+) , '(.*)'")
    found = row.findall(listing.stdout.decode(errors="replace"))
    return [(int(lba) * SECTOR, int(lba) * SECTOR + int(size), path) for lba, size, path in found]


def contents(product: Path) -> list[tuple[int, int, str]]:
    if product.suffix == ".iso":
        return contents_of_image(product)
    sections = Elf(product).sections
    return [(section.offset, section.offset + section.size, section.name) for section in sections]


def difference(both: Places, name: str) -> Optional[str]:
    """Which bytes of a product differ between the two places, or None."""
    first, second = (folder.product(name).read_bytes() for folder in both)
    if first == second:
        return None
    runs = list(differing_runs(first, second))
    known = contents(both[0].product(name))
    lines = [f"{name}: {len(first)} and {len(second)} bytes, which differ in {len(runs)} places"]
    for start, end in runs[:RUNS_MAX]:
        holder = next((row for row in known if row[0] <= start < row[1]), None)
        where = f"{holder[2]} + {start - holder[0]:#x}" if holder else "outside of any content"
        was, now = first[start:end][:16].hex(), second[start:end][:16].hex()
        lines.append(f"    {start:#x} to {end:#x}, {where}: {was} and {now}")
    if len(runs) > RUNS_MAX:
        lines.append(f"    and {len(runs) - RUNS_MAX} places more")
    return "\n".join(lines)


def same_bytes(make: str, tools: Toolset) -> Done:
    """Build both kernels and their images twice, and compare; then the controls."""
    reason = tools.missing() or missing("xorriso") or missing_all("grub-mkrescue", "grub2-mkrescue")
    if reason:
        return Done([skipped("build", BOTH_BUILT, reason)])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="odyssey-") as scratch:
        both = places(Path(scratch))
        try:
            for folder in both:
                folder.fill()
                folder.build(make, tools, *PRODUCTS)
            results = [finished("build", BOTH_BUILT, PASS, (), started)]
            results += [compared(both, name) for name in PRODUCTS]
            results += [control(both, name, make, tools) for name in CONTROLS]
        except BuildFailed as error:
            problem, log = error.args
            results = [finished("build", BOTH_BUILT, "error", [problem], started, place(log))]
    return Done(results)


def compared(both: Places, name: str) -> Result:
    """Whether a product is the same in both places."""
    started = time.monotonic()
    found = difference(both, name)
    outcome = "differs" if found else PASS
    return finished("build", f"same bytes: {name}", outcome, [found] if found else [], started)


def control(both: Places, name: str, make: str, tools: Toolset) -> Result:
    """Passes when two kernels that hold this are not the same."""
    started = time.monotonic()
    added = [folder.add_control(name) for folder in both]
    for folder in both:
        folder.build(make, tools, KERNEL)
    noticed = difference(both, KERNEL) is not None
    # So that the next control is not found by this one's difference.
    for path in added:
        path.unlink()
    detail = [] if noticed else [f"a {name}, put into {KERNEL}, made no difference"]
    outcome = PASS if noticed else "unnoticed"
    return finished("suite", f"same_bytes.notices_a_{name}", outcome, detail, started)
