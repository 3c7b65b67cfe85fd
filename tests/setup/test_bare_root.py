# SPDX-License-Identifier: MIT
"""From a freshly installed Debian to `N passed, 0 failed`: `make check-setup`.

Takes root, debootstrap, minutes, and a network for what installs something.
SUITE= is the Debian to take.
"""
from __future__ import annotations

import re
import subprocess

import pytest
from bare_root import USER, BareRoot

PLACE = f"/home/{USER}/odyssey"
MISSING = (
    "setup: missing: compiler linker nasm make grub grub_bios grub_efi font xorriso mtools qemu "
    "ovmf python pytest pexpect\n"
)
NAMES = (
    "binutils gcc grub-common grub-efi-amd64-bin grub-pc-bin make mtools nasm ovmf python3 "
    "python3-pexpect python3-pytest qemu-system-x86 xorriso"
)
INSTALL = f"apt-get install --yes --no-install-recommends {NAMES}\n"
SUDOERS = f"{USER} ALL=(ALL) NOPASSWD: ALL"
TOTAL = re.compile(r"[1-9]\d* passed, 0 failed(, \d+ skipped)?")


def refused(bare: BareRoot, command: str, told: str, user: str = "root") -> None:
    """The command ends with status 1 and these lines, and nothing on the system has changed."""
    bare.check_out(PLACE, USER)
    before = bare.contents()
    done = bare.run(command, PLACE, user)
    assert (done.returncode, done.stderr, done.stdout) == (1, MISSING + told, "")
    assert bare.contents() == before


def test_no_install_tells_root_the_line(bare: BareRoot) -> None:
    line = f"type: apt-get update && {INSTALL}"
    told = f"setup: nothing is installed under NO_INSTALL=1; {line}"
    refused(bare, "NO_INSTALL=1 tools/setup.sh", told)


def test_user_without_sudo_is_told_the_line(bare: BareRoot) -> None:
    line = f"type as root: apt-get update && {INSTALL}"
    refused(bare, "tools/setup.sh", f"setup: installing takes root; {line}", USER)


def test_unknown_system_is_told_the_packages(bare: BareRoot) -> None:
    (bare.path / "etc" / "os-release").unlink()
    (bare.path / "etc" / "os-release").write_text("ID=plan9\n")
    told = f"setup: this system is not known; on Debian the packages are: {NAMES}\n"
    refused(bare, "tools/setup.sh", told)


def test_doctor_names_every_package(bare: BareRoot) -> None:
    bare.check_out(PLACE, USER)
    before = bare.contents()
    done = bare.run("tools/setup.sh --doctor", PLACE, USER)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == "'make setup' installs what 'make run' and 'make test' need."
    assert len(lines) > 20 and all(line.startswith("missing  ") for line in lines[:-1])
    for name in NAMES.split():
        assert any(line.endswith(f": package {name}") for line in lines)
    assert bare.contents() == before


def test_without_a_network_nothing_is_left_half_done(bare: BareRoot) -> None:
    bare.check_out(PLACE, USER)
    before = bare.contents()
    done = bare.run("tools/setup.sh", PLACE, network=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "setup: the package manager failed; is there a network? "
        f"then type: apt-get update && {INSTALL.strip()}"
    )
    assert bare.contents() == before
    assert bare.run("dpkg --audit").stdout == ""


def all_passed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert TOTAL.fullmatch(done.stdout.splitlines()[-1])


def test_root_goes_from_nothing_to_all_passed(online: BareRoot) -> None:
    """A system without make: one line, in a folder with blanks in its name."""
    place = "/root/a checkout/odyssey, bare"
    online.check_out(place)
    all_passed(online.run("tools/setup.sh && make test", place))
    assert online.run("tools/setup.sh", place).stdout == "setup: nothing is missing\n"
    # As an ordinary user from there on, the sources being somebody else's and read-only.
    online.check_out("/srv/odyssey")
    variables = "BUILD=/tmp/odyssey"
    all_passed(online.run(f"make test {variables}", "/srv/odyssey", USER, read_only="/srv/odyssey"))
    # What is there already needs no network and no privilege.
    again = online.run(f"make test T=string {variables}", "/srv/odyssey", USER, network=False)
    all_passed(again)
    done = online.run("make", "/srv/odyssey", USER, read_only="/srv/odyssey")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "cannot write to 'build': choose another folder" in done.stderr


def test_user_goes_from_nothing_to_all_passed_by_sudo(online: BareRoot) -> None:
    """`make test` alone, where sudo asks nothing."""
    given = "apt-get install --yes --no-install-recommends make sudo"
    online.run(f"{given} && echo '{SUDOERS}' > /etc/sudoers.d/odyssey").check_returncode()
    online.check_out(PLACE, USER)
    all_passed(online.run("make test", PLACE, USER))
    owned = online.run(f"find {PLACE} ! -user {USER}", PLACE).stdout
    assert owned == "", "root's files in the user's checkout"


@pytest.mark.parametrize("variables, told", [("NO_INSTALL=1", "NO_INSTALL=1"), ("", "takes root")])
def test_make_stops_where_nothing_can_be_installed(
    online: BareRoot, variables: str, told: str
) -> None:
    """A system with make and no more: the line to type, and no attempt to build."""
    given = "apt-get install --yes --no-install-recommends make"
    online.run(given).check_returncode()
    online.check_out(PLACE, USER)
    before = online.contents()
    for target in ("test", "run", "run-fast", "debug"):
        done = online.run(f"{variables} make {target}", PLACE, USER)
        assert done.returncode == 2
        assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["setup"] * 2 + [
            "make"
        ]
        assert told in done.stderr
    assert online.contents() == before
