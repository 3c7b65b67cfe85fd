# SPDX-License-Identifier: MIT
"""tools/setup.sh on made-up machines: what it finds, installs, and says."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fake_machine import APT, BUILD_TOOLS, FILES, LISTS, FakeMachine


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
    done = fake.setup("debug", "matrix")
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
