#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two builds of the same sources give the same bytes: `make check-reproducible`.

The tree is copied into two folders and built in each, under whatever could
leak into a build: another path, one with a blank in it; another time, time
zone, language, umask, home and number of jobs; other file times. Then, as
controls, a file that holds its own time, and one that holds its folder's
name, are added: a comparison that does not notice these proves nothing.
"""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from check.elf import Elf  # noqa: E402

INPUTS = "Makefile linker.ld grub.cfg boot kernel drivers mm lib tests tools".split()
KERNEL = "odyssey.elf"
PRODUCTS = (KERNEL, "odyssey-test.elf", "odyssey.iso", "odyssey-test.iso")
# What make hands down or a person sets, and what must not reach these builds.
OURS = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "BUILD", "V", "SOURCE_DATE_EPOCH")
RUNS_MAX = 8
SECTOR = 2048  # of an ISO image
CONTROL = Path("kernel/reproducible_control.c")
CONTROLS = {
    "a time": "const char reproducible_control[] = __TIMESTAMP__;\n",
    "a path": 'const char reproducible_control[] = "{folder}";\n',
}


class BuildFailed(Exception):
    pass


@dataclass(frozen=True)
class Place:
    """A folder to build in, and the circumstances there."""

    folder: Path
    environment: dict[str, str]
    umask: int
    jobs: int
    file_time: int  # seconds since 1970

    def fill(self) -> None:
        for name in INPUTS:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, self.folder / name)
        for path in self.folder.rglob("*"):
            os.utime(path, (self.file_time, self.file_time))

    def build(self, *products: str) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in OURS}
        command = ["make", f"-j{self.jobs}", *(f"build/{name}" for name in products)]
        done = subprocess.run(
            command, cwd=self.folder, env={**environment, **self.environment}, umask=self.umask,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode != 0:
            tail = done.stdout.decode(errors="replace")[-2000:]
            raise BuildFailed(f"the build in {str(self.folder)!r} failed:\n{tail}")

    def product(self, name: str) -> Path:
        return self.folder / "build" / name

    def add_control(self, content: str) -> None:
        path = self.folder / CONTROL
        path.write_text(content.replace("{folder}", str(self.folder)))
        os.utime(path, (self.file_time, self.file_time))


def places(scratch: Path) -> tuple[Place, Place]:
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


def difference(places: tuple[Place, Place], name: str) -> Optional[str]:
    """Which bytes of a product differ between the two places, or None."""
    first, second = (place.product(name).read_bytes() for place in places)
    if first == second:
        return None
    runs = list(differing_runs(first, second))
    known = contents(places[0].product(name))
    lines = [f"{name}: {len(first)} and {len(second)} bytes, which differ in {len(runs)} places"]
    for start, end in runs[:RUNS_MAX]:
        holder = next((row for row in known if row[0] <= start < row[1]), None)
        where = f"{holder[2]} + {start - holder[0]:#x}" if holder else "outside of any content"
        was, now = first[start:end][:16].hex(), second[start:end][:16].hex()
        lines.append(f"    {start:#x} to {end:#x}, {where}: {was} and {now}")
    if len(runs) > RUNS_MAX:
        lines.append(f"    and {len(runs) - RUNS_MAX} places more")
    return "\n".join(lines)


def check_products(places: tuple[Place, Place]) -> int:
    failures = 0
    for name in PRODUCTS:
        found = difference(places, name)
        if found is None:
            digest = hashlib.sha256(places[0].product(name).read_bytes()).hexdigest()
            print(f"ok   {name}: the same bytes, SHA-256 {digest[:16]}...")
        else:
            failures += 1
            print(f"FAIL {found}")
    return failures


def check_controls(places: tuple[Place, Place]) -> int:
    failures = 0
    for name, content in CONTROLS.items():
        for place in places:
            place.add_control(content)
            place.build(KERNEL)
        if difference(places, KERNEL) is None:
            failures += 1
            print(f"FAIL control: {name} in the kernel was not noticed")
        else:
            print(f"ok   control: {name} in the kernel is noticed")
    return failures


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="odyssey-") as scratch:
        both = places(Path(scratch))
        try:
            for place in both:
                place.fill()
                place.build(*PRODUCTS)
            failures = check_products(both)
            failures += check_controls(both)
        except BuildFailed as error:
            print(f"FAIL {error}")
            return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
