# SPDX-License-Identifier: MIT
"""`make usb` on files: what it says, asks, writes, and finds when it reads back."""
from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import usb
from made_up_system import IMAGE_SIZE, usual_disks
from odyssey.disk import System
from odyssey.settings import ROOT
from usb_desk import (
    MIB, SCRIPT, ended, holds, image, is_untouched, on_terminal, start, target,
)  # fmt: skip


# --- Without a disk


def test_without_a_disk_the_candidates_are_listed(tmp_path: Path) -> None:
    machine = usual_disks(tmp_path)
    machine.mount("8:17", "/dev/sdb1", "/media/stick")
    done = start("", system=machine.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "usage: make usb DEV=/dev/sdX\n"
        "what it could be here:\n"
        "  /dev/sdb  Kingston DataTraveler, 7.5 GiB (8053063680 bytes) "
        "(sdb1 mounted at /media/stick)\n"
        "  /dev/sdc  Backup, 512.0 GiB (549755813888 bytes) (not marked as removable)\n"
    )


def test_make_without_a_disk_builds_nothing(tmp_path: Path) -> None:
    build = tmp_path / "build"
    done = subprocess.run(
        ["make", f"BUILD={build}", "usb"], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: make usb DEV=/dev/sdX\n")
    assert not build.exists()


def test_other_systems_are_sent_to_the_docs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "argv", [SCRIPT])
    assert usb.main() == 1
    assert capsys.readouterr().err == (
        "usb: Linux only; docs/hardware.md says how to write a stick here\n"
    )


def test_no_candidates_are_said(tmp_path: Path) -> None:
    assert start("", system=tmp_path).stderr.endswith("there is no removable disk here\n")


# --- On files


def test_file_is_refused(target: Path, image: Path) -> None:
    done = start(target, image)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"usb: {target}: got a regular file, want a disk\n"
        "usb: nothing was written; FORCE=yes would write all the same\n"
    )
    assert is_untouched(target)


def test_forced_file_is_written_and_read_back(target: Path, image: Path) -> None:
    done = start(target, image, "yes")
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("FORCE=yes: going on\n")
    assert done.stdout.splitlines()[1:] == [
        "written 2.0 of 2.0 MiB",
        "read back 2.0 of 2.0 MiB",
        f"{target} holds the image: every byte was read back.",
    ]
    assert holds(target, image)


@pytest.mark.parametrize("force", ["", "yes"])
def test_small_file_stays_as_it_is(target: Path, image: Path, force: str) -> None:
    os.truncate(target, IMAGE_SIZE - 1)
    done = start(target, image, force)
    assert done.returncode == 1
    assert f"got {IMAGE_SIZE - 1} bytes, want {IMAGE_SIZE} or more, for {image}\n" in done.stderr
    assert done.stderr.endswith("nothing was written, and FORCE=yes would not change that\n")
    assert is_untouched(target)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/dev/null", "/dev/null: got no disk and no file, want a disk\n"),
        ("/", "/: got a folder, want a disk\n"),
        ("/dev/not there", "/dev/not there: No such file or directory; nothing was written\n"),
    ],
)
@pytest.mark.parametrize("force", ["", "yes"])
def test_what_can_be_no_disk_is_refused_for_good(
    path: str, says: str, force: str, image: Path
) -> None:
    done = start(path, image, force)
    assert done.returncode == 1
    assert says in done.stderr and "FORCE=yes would write" not in done.stderr


def test_missing_image_is_said(target: Path, tmp_path: Path) -> None:
    done = start(target, tmp_path / "none.iso", "yes")
    assert done.returncode == 1
    assert "none.iso is not there: `make` builds it; nothing was written" in done.stderr
    assert is_untouched(target)


def test_other_force_is_refused(target: Path, image: Path) -> None:
    done = start(target, image, "no")
    assert (done.returncode, done.stderr) == (
        1, "usb: FORCE: got 'no', want 'yes' or nothing; nothing was written\n",
    )  # fmt: skip
    assert is_untouched(target)


def test_write_that_fails_says_how_far_it_came(target: Path, image: Path) -> None:
    limit = MIB + 4096

    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = start(target, image, "yes", before=limit_files)
    assert done.returncode == 1
    assert f"usb: {target} is now half-written, {limit} of {IMAGE_SIZE} bytes" in done.stderr
    assert not holds(target, image) and not is_untouched(target)


def test_interrupted_write_says_how_far_it_came(
    target: Path, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def interrupted(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(usb.UsbError, match=rf"(?s)interrupted\n.*half-written, {2 * MIB} of"):
        usb.run(str(target), image, True, System())


@pytest.mark.parametrize("place", [0, 1, MIB - 1, MIB, IMAGE_SIZE - 1])
def test_difference_is_told_with_its_place(target: Path, image: Path, place: int) -> None:
    want = image.read_bytes()
    target.write_bytes(want + b"behind it")
    usb.compare(str(target), want)
    with target.open("r+b") as file:
        file.seek(place)
        file.write(bytes([want[place] ^ 0x10]))
    with pytest.raises(usb.UsbError) as caught:
        usb.compare(str(target), want)
    assert (
        f"byte {place} (0x{place:x}): got 0x{want[place] ^ 0x10:02x}, want 0x{want[place]:02x}"
        in str(caught.value)
    )


def test_missing_end_is_told_with_its_place(target: Path, image: Path) -> None:
    want = image.read_bytes()
    target.write_bytes(want[:-1])
    with pytest.raises(usb.UsbError, match=rf"byte {IMAGE_SIZE - 1} .*got the end"):
        usb.compare(str(target), want)


# --- On a terminal


def test_name_has_to_be_typed_also_when_forced(target: Path, image: Path) -> None:
    terminal = on_terminal(target, image, "yes")
    terminal.expect_exact(f"type its name, {target.name}: ")
    assert is_untouched(target)
    terminal.sendline(target.name)
    status, said = ended(terminal)
    assert status == 0
    assert "\rwritten 1.0 of 2.0 MiB\rwritten 2.0 of 2.0 MiB" in said  # it counts
    assert holds(target, image)


@pytest.mark.parametrize("typed", ["yes", "", "stic", "sdb"])
def test_another_name_stops_it(target: Path, image: Path, typed: str) -> None:
    terminal = on_terminal(target, image, "yes")
    terminal.expect_exact("type its name")
    terminal.sendline(typed)
    status, said = ended(terminal)
    assert status == 1
    assert f"got {typed!r}, want '{target.name}'; nothing was written" in said
    assert is_untouched(target)


@pytest.mark.parametrize("key, status", [("\x03", 130), ("\x04", 1)], ids=["ctrl-c", "ctrl-d"])
def test_question_can_be_left(target: Path, image: Path, key: str, status: int) -> None:
    terminal = on_terminal(target, image, "yes")
    terminal.expect_exact("type its name")
    terminal.send(key)
    got, said = ended(terminal)
    assert got == status and "nothing was written" in said
    assert is_untouched(target)
