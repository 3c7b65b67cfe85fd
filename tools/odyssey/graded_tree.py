# SPDX-License-Identifier: MIT
"""A tree that is graded: its kernel under the tests, tools and Makefile of this one.

Only sources are taken from it, by name; nothing of it is ever run on the host
but its pure modules, in the program of the host tests.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from .settings import ROOT, SetupError, usable_cpus

KERNEL_FOLDERS = ("boot", "kernel", "drivers", "mm", "lib")
KERNEL_FILES = ("linker.ld", "grub.cfg")
REFERENCE = ("tests", "tools", "Makefile")
SOURCES = (".c", ".h", ".asm", ".inc")
# What a make or a shell would read as more than a name is left behind.
PLAIN_NAME = re.compile(r"[A-Za-z0-9_./-]+")
# The test framework itself: of the graded tree where it is judged, else this tree's.
FRAMEWORK_FILES = (
    "tests/ktest.c",
    "tests/ktest.h",
    "tests/select.h",
    *(f"tests/kernel/{name}.{end}" for name in ("ktap", "debug_exit") for end in "ch"),
    "tests/kernel/program.c",
)
BUILD_SECONDS = 900
# Of the environment; what else a make would hear is not for this one.
KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR")
COMPLAINT = re.compile(r"error|undefined|\*\*\*")
# Made by a build, and never to be taken for those of the next one.
PRODUCTS = ("odyssey*.elf", "odyssey*.iso", "odyssey*.full", "odyssey*.first", "host/unit-tests")


class GradedTree:
    """A copy in a folder that stays, so that the next build compiles what differs."""

    def __init__(self, folder: Path, graded: Path) -> None:
        self.folder, self.graded = folder, graded
        self.refused: list[str] = []
        self.log = folder.parent / "build.log"
        self._fill()

    def path(self, product: str) -> Path:
        return self.folder / "build" / product

    def _fill(self) -> None:
        wanted = {file: ROOT / file for file in _listed(ROOT, REFERENCE)}
        for file in kernel_sources(self.graded):
            if PLAIN_NAME.fullmatch(file):
                wanted[file] = self.graded / file
            else:
                self.refused.append(file)
        for file in _listed(self.folder, (*REFERENCE, *KERNEL_FOLDERS, *KERNEL_FILES)):
            if file not in wanted:
                (self.folder / file).unlink()
        for file, source in wanted.items():
            _put(source, self.folder / file)
        for pattern in PRODUCTS:
            for product in (self.folder / "build").glob(pattern):
                product.unlink()
        self.log.write_text("")

    def make(self, *products: str) -> str:
        """Build these files of build/; what went wrong, or ""."""
        targets = []
        for product in products:
            if "*" not in product:
                targets.append(f"build/{product}")
                continue
            source = product.removesuffix(".o")
            found = sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(source))
            if not found:
                return f"there is no {source}"
            targets += [f"build/{file}.o" for file in found]
        command = ["make", f"-j{usable_cpus()}", "--no-print-directory", "BUILD=build", *targets]
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=kept, stdin=subprocess.DEVNULL, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=BUILD_SECONDS,
                errors="replace",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"the build took more than {BUILD_SECONDS} seconds"
        with self.log.open("a") as log:
            log.write(done.stdout)
        if done.returncode == 0:
            return ""
        said = [line for line in done.stdout.splitlines() if COMPLAINT.search(line)]
        return "\n".join(said[:20]) or f"make ended with status {done.returncode}"

    def use_own_framework(self) -> str:
        """Put the graded tree's test framework in the place of this one's; what it lacks, or ""."""
        for file in FRAMEWORK_FILES:
            source = self.graded / file
            if not source.is_file() or source.is_symlink():
                return f"the tree has no {file}"
            _put(source, self.folder / file)
        return ""


def kernel_sources(tree: Path) -> list[str]:
    """The sources of a kernel in a tree, as paths from its top."""
    return _listed(tree, (*KERNEL_FOLDERS, *KERNEL_FILES), SOURCES)


def _listed(tree: Path, names: tuple[str, ...], endings: tuple[str, ...] = ()) -> list[str]:
    """Files and what is in folders; of folders those with certain endings, if any are given."""
    files = []
    for name in names:
        if os.path.islink(tree / name):
            continue
        if (tree / name).is_file():
            files.append(name)
        for folder, folders, found in os.walk(tree / name):
            folders[:] = [inner for inner in folders if inner != "__pycache__"]
            for file in found:
                path = Path(folder, file)
                if not path.is_symlink() and (not endings or path.suffix in endings):
                    files.append(str(path.relative_to(tree)))
    return files


def _put(source: Path, target: Path) -> None:
    """Copy a file, unless it is there already: make goes by the time of the last change."""
    content = source.read_bytes()
    if not target.is_file() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.copymode(source, target)


def check_is_tree(path: Path) -> None:
    if not path.is_dir():
        raise SetupError(f"TREE: got {str(path)!r}, want a folder")
