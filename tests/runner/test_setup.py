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
# Each with what it prints, whatever it is asked.
TOOLS = {
    "gcc": "x86_64-linux-gnu-gcc (GCC) 12.2.0",
    "ld": "GNU ld (GNU Binutils) 2.40",
    "objcopy": "GNU objcopy (GNU Binutils) 2.40",
    "nasm": "NASM version 2.16.01 compiled on Oct  1 2022",
    "make": "GNU Make 4.3",
    "grub-mkrescue": "grub-mkrescue (GRUB) 2.06-13",
    "xorriso": "xorriso 1.5.4 : RockRidge filesystem manipulator",
    "mformat": "mformat (GNU mtools) 4.0.32",
    "qemu-system-x86_64": "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\ngtk",
    "clang": "clang version 14.0.6",
    "clang-format": "clang-format version 14.0.6",
    "clang-tidy": "LLVM version 14.0.6",
    "shellcheck": "version: 0.9.0",
    "gdb": "GNU gdb (Debian 13.1-3) 13.1",
    "bochs": "",
    "ld.lld": "LLD 14.0.6 (compatible with GNU linkers)",
    "valgrind": "valgrind-3.19.0",
}
BUILD_TOOLS = list(TOOLS)[:9]
# Below the machine's root, with the thing that is missing without it.
FILES = {
    "usr/lib/grub/i386-pc/kernel.img": "grub_bios",
    "usr/lib/grub/x86_64-efi/kernel.img": "grub_efi",
    "usr/share/grub/unicode.pf2": "font",
    "usr/share/ovmf/OVMF.fd": "ovmf",
}
LISTS = "var/lib/apt/lists/mirror_Packages"
APT = "apt-get install --yes --no-install-recommends"


class FakeMachine:
    """A root's machine with every tool, Debian, and package lists that are there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.bin = folder / "usr" / "bin"
        self.bin.mkdir(parents=True)
        self.calls = folder / "calls"
        self.calls.touch()
        for name in (*FILES, LISTS, "usr/include/stdio.h"):
            self.file(name, "")
        self.release("ID=debian")
        for tool in SHELL_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        (self.bin / "python3").symlink_to(sys.executable)
        for tool, says in TOOLS.items():
            self.says(tool, says)
        self.user("root")
        self.installing("exit 100")

    def file(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def release(self, lines: str) -> None:
        self.file("etc/os-release", lines + "\n")

    def says(self, tool: str, line: str) -> None:
        self.script(tool, f"echo '{line}'")

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

    def lacks(self, *names: str) -> None:
        """Tools that are not installed, or files by their path."""
        for name in names:
            (self.root / name if "/" in name else self.bin / name).unlink()
        for folder in ("i386-pc", "x86_64-efi"):
            if not (self.root / "usr/lib/grub" / folder / "kernel.img").exists():
                (self.root / "usr/lib/grub" / folder).rmdir()

    def brings(self, tool: str) -> str:
        """Shell words by which a package manager brings a tool: a copy of another."""
        return f"{shutil.which('cp')} {self.bin}/clang {self.bin}/{tool}"

    def setup(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "SYSTEM_ROOT": str(self.root), **variables}
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


@pytest.mark.parametrize("tool", BUILD_TOOLS)
def test_each_tool_is_missed(fake: FakeMachine, tool: str) -> None:
    fake.lacks(tool, *(["clang"] if tool == "gcc" else []))
    assert fake.setup("--check").returncode == 1


@pytest.mark.parametrize("file, what", FILES.items())
def test_each_file_is_missed(fake: FakeMachine, file: str, what: str) -> None:
    fake.lacks(file)
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert f"setup: missing: {what}\n" in done.stderr


def test_tool_that_does_not_run_is_missed(fake: FakeMachine) -> None:
    fake.script("nasm", "echo needs a licence 1.0; exit 1")
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert "setup: missing: nasm\n" in done.stderr


@pytest.mark.parametrize(
    "tool, says, told",
    [
        ("gcc", "x86_64-linux-gnu-gcc (GCC) 8.5.0", "gcc 8.5.0 (want gcc 9 or clang 13)"),
        ("ld", "GNU ld version 2.9", "ld 2.9 (want ld 2.26)"),
        ("nasm", "NASM version 2.14.02", "nasm 2.14.02 (want nasm 2.15)"),
        ("make", "GNU Make 3.81", "make 3.81 (want make 3.82)"),
        ("xorriso", "xorriso 1.4.8 : RockRidge", "xorriso 1.4.8 (want xorriso 1.5.2)"),
        ("qemu-system-x86_64", "QEMU emulator version 3.1.0", "QEMU 3.1.0 (want QEMU 4.0)"),
    ],
)
def test_tool_that_is_too_old_counts_as_missing(
    fake: FakeMachine, tool: str, says: str, told: str
) -> None:
    fake.says(tool, says)
    assert fake.setup("--check").returncode == 1
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert f"setup: too old: {told}\n" in done.stderr
    # Where a package manager has nothing newer, installing does not help.
    fake.installing("exit 0")
    done = fake.setup()
    assert done.returncode == 1
    assert done.stderr == f"setup: after installing still too old: {told}\n"


@pytest.mark.parametrize(
    "tool, says",
    [
        ("nasm", "NASM version 2.15"),
        ("nasm", "NASM version 3.0"),
        ("ld", "GNU ld 2.100"),
        ("make", "GNU Make 4.08.09"),
        ("x86_64-elf-gcc", "x86_64-elf-gcc (GCC) 9.1.0"),
        ("gmake", "GNU Make 4.4.1"),
    ],
)
def test_tool_that_is_new_enough(fake: FakeMachine, tool: str, says: str) -> None:
    if tool == "gmake":  # as on macOS, whose own make is of 2006
        fake.says("make", "GNU Make 3.81")
    if tool == "x86_64-elf-gcc":
        fake.says("gcc", "x86_64 (GCC) 4.8.5")
    fake.says(tool, says)
    done = fake.setup("--check")
    assert done.returncode == 0, fake.setup("--doctor").stdout


def test_clang_alone_is_a_compiler_when_new_enough(fake: FakeMachine) -> None:
    fake.lacks("gcc")
    assert fake.setup("--check").returncode == 0
    fake.says("clang", "clang version 11.0.1")
    done = fake.setup(NO_INSTALL="1")
    assert "too old: clang 11.0.1 (want gcc 9 or clang 13)" in done.stderr


def test_python_is_the_one_with_the_modules(fake: FakeMachine) -> None:
    """One without pytest says so; the Makefile would take /usr/bin/python3 where that has it."""
    fake.lacks("python3")
    fake.script("python3", "echo python 3.8.1; echo pytest 7.2; echo pexpect 4.8")
    done = fake.setup(NO_INSTALL="1")
    assert "setup: too old: python 3.8.1 (want python 3.9)\n" in done.stderr


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


def test_python_is_asked_again_once_it_is_installed(fake: FakeMachine) -> None:
    fake.lacks("python3")
    fake.script("python-to-be", "echo python 3.11.2; echo pytest 7.2; echo pexpect 4.8")
    fake.installing(f"{shutil.which('mv')} {fake.bin}/python-to-be {fake.bin}/python3")
    done = fake.setup()
    assert (done.returncode, done.stderr) == (0, "")


def test_package_lists_are_fetched_when_there_are_none(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing(fake.brings("nasm"))
    fake.lacks(LISTS)
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
    assert done.stderr.splitlines()[-1] == (
        "setup: the package manager failed; is there a network? "
        f"then type: apt-get update && {APT} nasm"
    )


def test_package_that_does_not_bring_the_tool(fake: FakeMachine) -> None:
    fake.lacks("nasm")
    fake.installing("exit 0")
    done = fake.setup()
    assert done.returncode == 1
    assert done.stderr == "setup: after installing still missing: nasm\n"


def test_no_install_only_tells(fake: FakeMachine) -> None:
    fake.lacks("nasm", "mformat")
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert done.stderr == (
        "setup: missing: nasm mtools\n"
        "setup: nothing is installed under NO_INSTALL=1; "
        f"type: apt-get update && {APT} mtools nasm\n"
    )
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
    line = f"type: sudo apt-get update && sudo {APT} nasm"
    if not has_sudo:
        line = f"type as root: apt-get update && {APT} nasm"
    assert done.stderr == f"setup: missing: nasm\nsetup: installing takes root; {line}\n"
    assert fake.called == []


@pytest.mark.parametrize(
    "release, line",
    [
        ("ID=fedora", "type: sudo dnf install --assumeyes mtools"),
        ("ID=arch", "type: sudo pacman -S --needed --noconfirm mtools"),
        ("ID=alpine", "type: sudo apk add mtools"),
        ('ID=pop\nID_LIKE="ubuntu debian"', f"sudo {APT} mtools"),
        ("ID=plan9", "this system is not known; on Debian the packages are: mtools"),
    ],
)
def test_each_systems_own_line(fake: FakeMachine, release: str, line: str) -> None:
    fake.lacks("mformat")
    fake.release(release)
    fake.user("somebody")
    fake.sudo(allowed=True)
    done = fake.setup(NO_INSTALL="1")
    assert done.returncode == 1
    assert line in done.stderr


def test_unknown_system_installs_nothing(fake: FakeMachine) -> None:
    fake.lacks("mformat", "etc/os-release")
    done = fake.setup()
    assert done.returncode == 1
    assert done.stderr == (
        "setup: missing: mtools\n"
        "setup: this system is not known; on Debian the packages are: mtools\n"
    )
    assert fake.called == []


def test_what_no_package_brings_is_told_and_stops_nothing(fake: FakeMachine) -> None:
    fake.release("ID=alpine")
    fake.script("apk", f'echo "apk $*" >> {fake.calls}; {fake.brings("gdb")}')
    fake.lacks("bochs", "gdb")
    done = fake.setup("debug")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "setup: installing gdb\nsetup: missing: bochs: no package of this system brings that\n"
    )
    assert fake.called == ["apk add gdb"]


def test_doctor_says_what_is_there_and_what_brings_the_rest(fake: FakeMachine) -> None:
    fake.lacks("qemu-system-x86_64", "gdb", "usr/lib/grub/x86_64-efi/kernel.img")
    fake.says("make", "GNU Make 3.81")
    done = fake.setup("--doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    for line in (
        "missing  the PC to boot on (for run and test): package qemu-system-x86",
        "missing  the debugger (for debug): package gdb",
        "missing  GRUB for UEFI (x86_64-efi) (for run and test): package grub-efi-amd64-bin",
        "missing  a window for `make run` (for debug): package qemu-system-gui",
        "too old  GNU Make: make 3.81, want make 3.82 (for run and test): package make",
        "ok       the assembler: nasm 2.16.01",
        f"ok       GRUB for BIOS (i386-pc): {fake.root}/usr/lib/grub/i386-pc",
        f"ok       the font of GRUB (unicode.pf2): {fake.root}/usr/share/grub/unicode.pf2",
        f"ok       UEFI firmware for QEMU: {fake.root}/usr/share/ovmf/OVMF.fd",
    ):
        assert line in lines
    assert lines[-1] == "'make setup' installs what 'make run' and 'make test' need."
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
    without = {"TOOLCHAIN_SOURCES": str(fake.root), "NO_INSTALL": "1"}
    assert fake.setup("--check", **without).returncode == 0
    done = fake.setup("cross", **without)
    assert done.returncode == 1
    packages = "binutils-source bison flex g++ gcc-12-source xz-utils"
    assert done.stderr.endswith(f"{APT} {packages}\n"), done.stderr
