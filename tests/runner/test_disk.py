# SPDX-License-Identifier: MIT
"""Why a disk is not to be written to, by what a made-up sysfs says of it."""
from __future__ import annotations

from pathlib import Path

import pytest
from made_up_system import MadeUp, usual_disks
from odyssey.disk import Disk, System


@pytest.fixture
def machine(tmp_path: Path) -> MadeUp:
    return usual_disks(tmp_path)


def test_stick_is_taken(machine: MadeUp) -> None:
    assert machine.refusals("8:16") == []
    assert System(machine.root).block_device("/dev/sdb", 8, 16) == Disk(
        "/dev/sdb", "disk", "sdb", size=15728640 * 512, model="Kingston DataTraveler", whole="sdb",
        is_removable=True,
    )  # fmt: skip


def test_partition_is_refused_and_the_disk_named(machine: MadeUp) -> None:
    assert machine.refusals("8:17") == ["got a partition of sdb, want the disk, /dev/sdb"]


def test_fixed_disk_is_refused(machine: MadeUp) -> None:
    assert machine.refusals("8:32") == ["got a disk that is not removable, want a removable one"]


@pytest.mark.parametrize("number", ["8:16", "8:17"])
def test_disk_with_something_mounted_is_refused(machine: MadeUp, number: str) -> None:
    machine.mount("8:17", "/dev/sdb1", r"/media/my\040stick\134é")
    said = "got sdb1 mounted at /media/my stick\\é, want nothing of it in use"
    assert said in machine.refusals(number)


def test_disk_of_a_file_system_with_its_own_number_is_refused(machine: MadeUp) -> None:
    machine.mount("0:45", "/dev/sdb1", "/mnt", "btrfs")
    assert machine.refusals("8:16") == ["got sdb1 mounted at /mnt, want nothing of it in use"]


@pytest.mark.parametrize("part", ["sdb", "sdb/sdb1"])
def test_disk_that_something_is_made_of_is_refused(machine: MadeUp, part: str) -> None:
    machine.write(f"sys/devices/pci0/usb1/host6/block/{part}/holders/dm-0/dev", "")
    name = Path(part).name
    assert machine.refusals("8:16") == [f"got {name} held by dm-0, want nothing of it in use"]


def test_disk_with_swap_is_the_systems(machine: MadeUp) -> None:
    machine.write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdb1 partition 8 0 -2\n")
    assert machine.refusals("8:16") == [
        "!got a disk that this system runs from, want another",
        "got sdb1 used as swap, want nothing of it in use",
    ]


def test_disk_of_the_system_is_refused_for_good(machine: MadeUp) -> None:
    assert machine.refusals("8:0") == [
        "!got a disk that this system runs from, want another",
        "got a disk that is not removable, want a removable one",
        "got sda2 mounted at /, want nothing of it in use",
    ]
    assert "!got a disk that this system runs from, want another" in machine.refusals("8:2")


def test_disk_below_the_systems_volumes_is_refused_for_good(machine: MadeUp) -> None:
    """Root is on a volume, which is on an encrypted one, which is on the stick."""
    for number, name, below in (("253:0", "dm-0", "sdb1"), ("253:1", "dm-1", "dm-0")):
        machine.device(f"virtual/block/{name}", number, 1 << 20, removable="0")
        slaves = machine.root / f"sys/devices/virtual/block/{name}/slaves"
        slaves.mkdir()
        (slaves / below).symlink_to((machine.root / "sys/class/block" / below).resolve())
    machine.mount("253:1", "/dev/mapper/system-root", "/usr")
    assert machine.refusals("8:16") == ["!got a disk that this system runs from, want another"]


def test_small_disk_is_refused_for_good(machine: MadeUp) -> None:
    size = 15728640 * 512
    assert machine.refusals("8:16", size) == []
    assert machine.refusals("8:16", size + 1) == [
        f"!got {size} bytes, want {size + 1} or more, for image"
    ]


def test_write_protected_disk_is_refused_for_good(machine: MadeUp) -> None:
    machine.write("sys/devices/pci0/usb1/host6/block/sdb/ro", "1\n")
    assert machine.refusals("8:16") == ["!got a disk that is read-only, want one to write to"]


def test_device_that_sysfs_does_not_know_is_refused(machine: MadeUp) -> None:
    assert machine.refusals("9:9") == ["!got a device that sysfs does not know, want a disk"]
