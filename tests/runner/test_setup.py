# SPDX-License-Identifier: MIT
"""tools/setup.sh on made-up machines: its PATH is a folder of stand-ins for the real tools.

What is missing is missing from that folder; the package manager and sudo note
how they were called.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from odyssey.settings import ROOT

SHELL_TOOLS = "bash env sed grep cut sort tr paste dirname cat uname".split()
TOOLS = (
    "gcc ld objcopy nasm make grub-mkrescue xorriso mformat qemu-system-x86_64 clang "
    "clang-format clang-tidy shellcheck gdb bochs valgrind"
).split()
APT = "apt-get install --yes --no-install-recommends"


class FakeMachine:
    """A root's machine with every tool, Debian, and package lists that are there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls = folder / "calls"
        self.calls.touch()
        self.release = folder / "os-release"
        self.release.write_text("ID=debian\n")
        self.lists = folder / "lists"
        self.lists.mkdir()
        (self.lists / "mirror_Packages").touch()
        for tool in SHELL_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        (self.bin / "python3").symlink_to(sys.executable)
        for tool in TOOLS:
            self.script(tool, "echo x86_64-linux-gnu")
        self.user("root")
        self.installing("exit 100")

    def script(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        path.chmod(0o755)

    def user(self, who: str) -> None:
        self.script("id", "echo 0" if who == "root" else "echo 1000")

    def sudo(self, allowed: bool) -> None:
        body = f'echo "sudo $*" >> {self.calls}; [ "$1" = -n ] || exit 9; shift; exec "$@"'
        self.script("sudo", body if allowed else "exit 1")
        self.script("true", "exit 0")

    def installing(self, does: str) -> None:
        """What `apt-get install` does; each call of apt-get is noted."""
        note = f'echo "apt-get $*" >> {self.calls}; [ "$1" = update ] && exit'
        self.script("apt-get", f"{note}; {does}")

    def lacks(self, *tools: str) -> None:
        for tool in tools:
            (self.bin / tool).unlink()

    def brings(self, tool: str) -> str:
        """Shell words by which a package manager brings a tool."""
        return f"{shutil.which('cp')} {self.bin}/gcc {self.bin}/{tool}"

    def setup(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        places = {"OS_RELEASE": self.release, "APT_LISTS": self.lists, "OVMF": self.release}
        environment = {"PATH": str(self.bin), **{k: str(v) for k, v in places.items()}, **variables}
        return subprocess.run(
            [str(self.bin / "bash"), str(ROOT / "tools" / "setup.sh"), *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True, timeout=60,
        )  # fmt: skip

    @property
    def called(self) -> list[str]:
        return self.calls.read_text().splitlines()


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def test_nothing_is_done_when_nothing_is_missing(fake: FakeMachine) -> None:
    done = fake.setup()
    assert (done.returncode, done.stdout) == (0, "setup: nothing is missing\n"), done.stderr
    assert fake.called == []


def test_check_is_quiet_and_says_it_by_status(fake: FakeMachine) -> None:
    assert fake.setup("--check").returncode == 0
    fake.lacks("nasm")
    done = fake.setup("--check")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize("tool", TOOLS[:9])
def test_each_tool_is_missed(fake: FakeMachine, tool: str) -> None:
    fake.lacks(tool, *(["clang"] if tool == "gcc" else []))
    assert fake.setup("--check").returncode == 1


def test_optional_tools_are_missed_only_when_asked_for(fake: FakeMachine) -> None:
    fake.lacks("clang-tidy", "gdb")
    assert fake.setup("--check").returncode == 0
    assert fake.setup("--check", "build", "debug").returncode == 1


def test_root_installs(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing(fake.brings("nasm"))
    done = fake.setup()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "setup: installing nasm\n"
    assert fake.called == [f"{APT} nasm"]


def test_package_lists_are_fetched_when_there_are_none(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing(fake.brings("nasm"))
    (fake.lists / "mirror_Packages").unlink()
    assert fake.setup().returncode == 0
    assert fake.called == ["apt-get update", f"{APT} nasm"]


def test_package_lists_are_fetched_when_they_are_out_of_date(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    updated = '[ "$(grep -c update %s)" = 1 ] || exit 100; ' % fake.calls
    fake.installing(updated + fake.brings("nasm"))
    assert fake.setup().returncode == 0
    assert fake.called == [f"{APT} nasm", "apt-get update", f"{APT} nasm"]


def test_failing_package_manager(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing("exit 100")
    done = fake.setup()
    assert done.returncode == 1
    assert f"{APT} nasm" in done.stderr


def test_package_that_does_not_bring_the_tool(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing("exit 0")
    done = fake.setup()
    assert done.returncode == 1
    assert "still missing after installing: nasm" in done.stderr


def test_no_install_only_tells(fake: FakeMachine) -> None:
    fake.lacks("nasm", "mformat")
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert f"sudo apt-get update && sudo {APT} mtools nasm" in done.stderr
    assert fake.called == []


def test_user_installs_by_sudo(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.user("somebody")
    fake.sudo(allowed=True)
    fake.installing(fake.brings("nasm"))
    done = fake.setup()
    assert done.returncode == 0, done.stderr
    assert fake.called == [
        "sudo -n true",
        f"sudo -n env DEBIAN_FRONTEND=noninteractive {APT} nasm",
        f"{APT} nasm",
    ]


@pytest.mark.parametrize("has_sudo", [False, True], ids=["no_sudo", "sudo_wants_a_password"])
def test_user_without_privilege_is_told_the_line(fake: FakeMachine, has_sudo: bool) -> None:
    fake.lacks("nasm")
    fake.user("somebody")
    if has_sudo:
        fake.sudo(allowed=False)
    done = fake.setup()
    assert done.returncode == 1
    assert f"type: sudo apt-get update && sudo {APT} nasm" in done.stderr
    assert fake.called == []


@pytest.mark.parametrize(
    "release, line",
    [
        ("ID=fedora", "sudo dnf install --assumeyes mtools"),
        ("ID=arch", "sudo pacman -S --needed --noconfirm mtools"),
        ("ID=alpine", "sudo apk add mtools"),
        ('ID=pop\nID_LIKE="ubuntu debian"', f"sudo {APT} mtools"),
        ("ID=plan9", "this system is not known; on Debian the packages are: mtools"),
    ],
)
def test_each_systems_own_line(fake: FakeMachine, release: str, line: str) -> None:
    fake.lacks("mformat")
    fake.release.write_text(release + "\n")
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert line in done.stderr


def test_doctor_names_the_package(fake: FakeMachine) -> None:
    fake.lacks("qemu-system-x86_64", "gdb")
    done = fake.setup("--doctor")
    assert done.returncode == 1
    assert "missing  the PC to boot on (for run and test): package qemu-system-x86\n" in done.stdout
    assert "missing  the debugger (for debug): package gdb\n" in done.stdout
    assert "ok       the assembler\n" in done.stdout
    assert fake.called == []


def test_doctor_is_content_without_the_optional_tools(fake: FakeMachine) -> None:
    fake.lacks("gdb", "bochs")
    assert fake.setup("--doctor").returncode == 0


@pytest.mark.parametrize("word", ["--install", "everything"])
def test_unknown_words_are_refused(fake: FakeMachine, word: str) -> None:
    done = fake.setup(word)
    assert done.returncode == 1
    assert word in done.stderr


def test_toolchain_is_a_use_of_its_own(fake: FakeMachine) -> None:
    """The sources of a compiler are missed only by who builds one."""
    without = {"TOOLCHAIN_SOURCES": str(fake.lists), "NO_INSTALL": "1"}
    assert fake.setup("--check", **without).returncode == 0
    done = fake.setup("cross", **without)
    assert done.returncode == 1
    packages = "binutils-source bison flex g++ gcc-12-source xz-utils"
    assert done.stderr.endswith(f"{APT} {packages}\n"), done.stderr
