# SPDX-License-Identifier: MIT
"""`make usb` on loop devices, where the system has them for us: block devices of a real kernel."""
from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Iterator

import pytest
import usb
from made_up_system import MadeUp
from usb_desk import (
    MIB, ended, holds, image, is_untouched, on_terminal, start, target,
)  # fmt: skip


def losetup(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["losetup", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def attach(target: Path) -> Iterator[Callable[..., str]]:
    """Make a loop device of `target`; skips where the system does not let us."""
    attached: list[str] = []

    def make(*options: str) -> str:
        if os.geteuid() != 0 or shutil.which("losetup") is None:
            pytest.skip("loop devices take root and losetup")
        done = losetup(*options, "--find", "--show", target)
        if done.returncode != 0:
            pytest.skip(f"no loop devices here: {done.stderr.strip()}")
        attached.append(done.stdout.strip())
        return attached[0]

    yield make
    for device in attached:
        losetup("--detach", device)


def saying_removable(device: str, root: Path) -> Path:
    """A system in which the device is a removable disk."""
    number, name = os.stat(device).st_rdev, Path(device).name
    made = MadeUp(root / "machine")
    made.device(f"virtual/block/{name}", f"{os.major(number)}:{os.minor(number)}", 3 * MIB // 512,
                removable="1", device__model="Loop")  # fmt: skip
    return made.root


def test_loop_device_is_not_removable(
    attach: Callable[..., str], target: Path, image: Path
) -> None:
    device = attach()
    done = start(device, image)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        f"usb: {device}: got a disk that is not removable, want a removable one"
    )
    assert is_untouched(target)


def test_disk_without_a_terminal_is_refused(
    attach: Callable[..., str], target: Path, image: Path, tmp_path: Path
) -> None:
    device = attach()
    done = start(device, image, system=saying_removable(device, tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        "usb: no terminal to ask on, nothing was written; FORCE=yes asks nothing there\n"
    )
    assert is_untouched(target)


def test_disk_is_written_once_its_name_is_typed(
    attach: Callable[..., str], target: Path, image: Path, tmp_path: Path
) -> None:
    device = attach()
    terminal = on_terminal(device, image, system=saying_removable(device, tmp_path))
    terminal.expect_exact(f"goes to {device}: Loop, 3.0 MiB (3145728 bytes)")
    terminal.expect_exact("type its name")
    terminal.sendline(Path(device).name)
    status, said = ended(terminal)
    assert status == 0 and f"{device} holds the image: every byte was read back." in said
    assert holds(target, image)


def test_disk_that_is_exchanged_during_the_question_is_not_written(
    attach: Callable[..., str], target: Path, image: Path, tmp_path: Path
) -> None:
    device = attach()
    system = saying_removable(device, tmp_path)
    terminal = on_terminal(device, image, system=system)
    terminal.expect_exact("type its name")
    name = Path(device).name
    (system / f"sys/devices/virtual/block/{name}/device/model").write_text("Another\n")
    terminal.sendline(name)
    status, said = ended(terminal)
    assert status == 1 and "has changed since it was looked at; nothing was written" in said
    assert is_untouched(target)


def test_write_protected_loop_device_is_refused_for_good(
    attach: Callable[..., str], image: Path
) -> None:
    done = start(attach("--read-only"), image, "yes")
    assert done.returncode == 1 and "got a disk that is read-only" in done.stderr


def test_disk_that_is_open_elsewhere_is_not_written(
    attach: Callable[..., str], target: Path, image: Path, tmp_path: Path
) -> None:
    """As a mounted one is, or one that a volume manager has: whatever sysfs says."""
    device = attach()
    system = saying_removable(device, tmp_path)
    holder = os.open(device, os.O_RDONLY | os.O_EXCL)
    try:
        done = start(device, image, "yes", system)
    finally:
        os.close(holder)
    assert done.returncode == 1
    assert done.stderr == f"usb: {device}: Device or resource busy; nothing was written\n"
    assert is_untouched(target)


def test_mounted_loop_device_is_refused(
    attach: Callable[..., str], target: Path, image: Path, tmp_path: Path
) -> None:
    mkfs = shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/sbin:/usr/sbin")
    if mkfs is None:
        pytest.skip("no mkfs.ext4")
    device, place = attach(), tmp_path / "mounted"
    subprocess.run([mkfs, "-q", device], check=True)
    place.mkdir()
    mounted = subprocess.run(["mount", device, str(place)], stderr=subprocess.PIPE, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no mounts here: {mounted.stderr.strip()}")
    try:
        done = start(device, image)
    finally:
        subprocess.run(["umount", str(place)], check=True)
    name = Path(device).name
    assert done.returncode == 1
    assert f"got {name} mounted at {place}, want nothing of it in use" in done.stderr


def test_reading_back_does_not_believe_the_cache(
    attach: Callable[..., str], target: Path, image: Path
) -> None:
    """The medium changes below the block device, whose cached pages stay as they were."""
    device, want = attach(), image.read_bytes()
    assert start(device, image, "yes").returncode == 0
    with open(device, "rb") as cached:
        assert cached.read(len(want)) == want
        with target.open("r+b") as medium:
            medium.seek(MIB + 5)
            medium.write(bytes([want[MIB + 5] ^ 0xFF]))
        cached.seek(0)
        assert cached.read(len(want)) == want  # what a careless tool would see
        with pytest.raises(usb.UsbError, match=f"byte {MIB + 5} "):
            usb.compare(device, want)


def test_reading_back_is_direct(attach: Callable[..., str]) -> None:
    descriptor = usb.open_uncached(attach())
    try:
        assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT
    finally:
        os.close(descriptor)
