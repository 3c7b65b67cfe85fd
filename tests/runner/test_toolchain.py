# SPDX-License-Identifier: MIT
"""tools/toolchain.sh on archives of two small programs that are configured, made and installed.

They note in PREFIX/calls what is done with them; a file PREFIX/broken makes
their compilation fail.
"""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

import pytest
from odyssey.settings import ROOT

pytestmark = pytest.mark.skipif(
    not shutil.which("xz"), reason="xz is not installed: what `make test` needs does not bring it"
)

NAMES = ("binutils", "gcc")
STAGES = ("unpack", "configure", "compile", "install")
EVERYTHING = [f"{stage} {name}" for name in NAMES for stage in STAGES[1:]]

CONFIGURE = """#!/bin/sh
for word; do
    case $word in --prefix=*) prefix=${word#*=} ;; esac
done
echo configure NAME >> $prefix/calls
mkdir gcc
sed "s|PREFIX|$prefix|; s|SOURCE|$(cd ../source && pwd)|" ../source/Makefile.in > Makefile
cp Makefile gcc
"""
# For GCC, the goals that make the compiler alone, and no manuals.
MAKEFILE = """
all all-gcc:
	@echo compile NAME >> PREFIX/calls
	@echo CC is $(CC)
	@for i in 1 2 3; do echo compiling $$i; done
	@! test -e PREFIX/broken || { echo no room; exit 1; }
install install-common:
	@echo install NAME >> PREFIX/calls
	@mkdir -p PREFIX/bin
	@cp SOURCE/x86_64-elf-* PREFIX/bin
install-headers install-cpp install-driver:
"""
TOOLS = {
    "binutils": {"ld": "exit 0", "objdump": "echo file format elf64-x86-64"},
    "gcc": {"gcc": "exit 0"},
}


class Project:
    """The script in a tree of its own, next to a setup that finds everything."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = folder / "prefix"
        self.sources = folder / "src"
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "toolchain.sh", folder / "tools")
        self.setup("exit 0")
        for name in NAMES:
            self.archive(name, "1.0")

    def setup(self, body: str) -> None:
        self._script(self.folder / "tools" / "setup.sh", f"#!/bin/sh\n{body}\n")

    def archive(self, name: str, version: str, **tools: str) -> None:
        """Make the archive that Debian's package would bring."""
        unpacked = self.folder / f"{name}-{version}"
        unpacked.mkdir()
        self._script(unpacked / "configure", CONFIGURE.replace("NAME", name))
        (unpacked / "Makefile.in").write_text(MAKEFILE.replace("NAME", name))
        for tool, body in {**TOOLS[name], **tools}.items():
            self._script(unpacked / f"x86_64-elf-{tool}", f"#!/bin/sh\n{body}\n")
        place = self.sources / {"gcc": "gcc-1"}.get(name, name)
        place.mkdir(parents=True, exist_ok=True)
        archive = place / f"{name}-{version}.tar.xz"
        command = ["tar", "-cJf", str(archive), "-C", str(self.folder), unpacked.name]
        subprocess.run(command, check=True)

    def _script(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def run(self, prefix: object = None, **variables: str) -> subprocess.CompletedProcess[str]:
        words = [str(self.prefix if prefix is None else prefix)]
        environment = {**os.environ, "TOOLCHAIN_SOURCES": str(self.sources), **variables}
        return subprocess.run(
            ["tools/toolchain.sh", *words], cwd=self.folder, env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def calls(self) -> Iterator[str]:
        """What has been done since the last time this was asked."""
        path = self.prefix / "calls"
        if path.exists():
            yield from path.read_text().splitlines()
            path.unlink()

    def log(self, stage: str) -> Path:
        return self.prefix / "build" / f"{stage}.log"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_every_stage_once(project: Project) -> None:
    done = project.run()
    assert done.returncode == 0, done.stderr
    assert list(project.calls()) == EVERYTHING
    shown = [line for line in done.stdout.splitlines() if line.startswith("  [")]
    assert len(shown) == 8 and shown[2].startswith("  [3/8] binutils compile   0:0")
    assert "compiling 3" in project.log("gcc-compile").read_text()
    assert os.access(project.prefix / "bin" / "x86_64-elf-gcc", os.X_OK)
    # Sources and objects are of no more use, logs are.
    assert not [path for path in (project.prefix / "build").iterdir() if path.is_dir()]


def test_nothing_is_done_twice(project: Project) -> None:
    project.run()
    list(project.calls())
    done = project.run()
    assert done.returncode == 0 and done.stdout.count(" done before\n") == 8
    assert list(project.calls()) == []


def test_failure_is_shown_and_resumed(project: Project) -> None:
    project.prefix.mkdir()
    (project.prefix / "broken").touch()
    done = project.run()
    assert done.returncode == 1
    assert list(project.calls()) == EVERYTHING[:2]
    assert "binutils compile   failed after 0:0" in done.stdout
    log = project.log("binutils-compile")
    assert "compiling 3\nno room\n" in done.stderr and f"the end of {log}\n" in done.stderr
    (project.prefix / "broken").unlink()
    done = project.run()
    assert done.returncode == 0 and done.stdout.count(" done before\n") == 2
    assert list(project.calls()) == EVERYTHING[1:]


@pytest.mark.parametrize("name, again", [("binutils", EVERYTHING), ("gcc", EVERYTHING[3:])])
def test_later_stages_follow_an_earlier_one(name: str, again: list[str], project: Project) -> None:
    """GCC was configured for the binutils that were there."""
    project.run()
    list(project.calls())
    (project.prefix / "build" / f"{name}-unpack.done").unlink()
    assert project.run().returncode == 0
    assert list(project.calls()) == again


def test_other_sources_are_built_anew(project: Project) -> None:
    project.run()
    list(project.calls())
    project.archive("gcc", "1.10")
    done = project.run()
    assert "gcc-1.10.tar.xz" in done.stdout
    assert list(project.calls()) == EVERYTHING


def test_tools_that_do_not_work_are_no_success(project: Project) -> None:
    project.archive("gcc", "2.0", gcc="exit 1")
    done = project.run()
    assert done.returncode == 1
    assert done.stderr == (
        f"toolchain: what was installed in {project.prefix} does not work: "
        "remove it and begin again\n"
    )


def test_settings_of_the_kernel_are_not_handed_on(project: Project) -> None:
    project.run(CC="clang", MAKEFLAGS="-- CC=clang")
    assert "CC is cc\n" in project.log("gcc-compile").read_text()


@pytest.mark.parametrize(
    "prefix, problem",
    [
        ("", "PREFIX is missing: want a folder to install into"),
        ("/tmp/with a blank", "PREFIX: got '/tmp/with a blank', want a path without blanks"),
        ("/proc/odyssey", "cannot write to '/proc/odyssey': choose another PREFIX"),
        ("tools/toolchain.sh", "toolchain.sh': choose another PREFIX"),
    ],
)
def test_prefix_refused_in_a_line(prefix: str, problem: str, project: Project) -> None:
    project.setup("echo setup was called >&2")
    done = project.run(prefix)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("toolchain: ") and problem in line


@pytest.mark.parametrize("jobs", ["many", "0", "-1", "2 3"])
def test_jobs_that_are_no_number_are_refused_before_anything_is_done(
    jobs: str, project: Project
) -> None:
    done = project.run(JOBS=jobs)
    complaint = f"toolchain: JOBS: got '{jobs}', want a number, 1 or more\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", complaint)
    assert not project.prefix.exists()


def test_missing_packages_end_it(project: Project) -> None:
    """With what setup says about them."""
    project.setup('[ "$1 $2" != "--check cross" ] || exit 1; echo "setup: $1: no" >&2; exit 1')
    done = project.run()
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "setup: cross: no\n")
    assert list(project.calls()) == []


def test_make_hands_the_prefix_on() -> None:
    handed_down = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PREFIX")
    environment = {key: value for key, value in os.environ.items() if key not in handed_down}
    command = ["make", "--no-print-directory", "toolchain"]
    for words, problem in (([], "is missing"), (["PREFIX=/proc/odyssey"], "'/proc/odyssey'")):
        done = subprocess.run(
            [*command, *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 2 and problem in done.stderr
