# SPDX-License-Identifier: MIT
"""A made-up machine's disks: a sysfs and lists of mounts below a folder."""
from __future__ import annotations

from pathlib import Path

from odyssey.disk import System

IMAGE_SIZE = (2 << 20) + 2048  # not whole steps


class MadeUp:
    """A system without disks, to which they are added."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mountinfo = root / "proc/self/mountinfo"
        self.write("proc/self/mountinfo", "")
        self.write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n")

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def device(self, place: str, number: str, sectors: int, **files: str) -> None:
        """A device's folder below sys/devices and what points there; `ro="1"` and the like."""
        folder, name = f"sys/devices/{place}", Path(place).name
        self.write(f"{folder}/dev", f"{number}\n")
        self.write(f"{folder}/size", f"{sectors}\n")
        self.write(f"{folder}/ro", "0\n")
        for file, text in files.items():
            self.write(f"{folder}/{file.replace('__', '/')}", f"{text}\n")
        links = [f"sys/dev/block/{number}", f"sys/class/block/{name}"]
        if "partition" not in files:
            links.append(f"sys/block/{name}")
        for link in links:
            path = self.root / link
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(self.root / folder)

    def mount(self, number: str, source: str, where: str, kind: str = "ext4") -> None:
        with self.mountinfo.open("a") as file:
            print(f"30 1 {number} / {where} rw shared:1 - {kind} {source} rw", file=file)

    def refusals(self, number: str, wanted: int = IMAGE_SIZE) -> list[str]:
        """What speaks against writing there, those that are final with a mark."""
        major, _, minor = number.partition(":")
        disk = System(self.root).block_device("/dev/it", int(major), int(minor))
        found = disk.refusals("image", wanted)
        return [f"{'!' * r.is_final}got {r.got}, want {r.want}" for r in found]


def usual_disks(root: Path) -> MadeUp:
    """A system on sda2, a stick sdb with a partition, a disk sdc, an empty card reader sdd."""
    made = MadeUp(root)
    made.device("pci0/ata1/block/sda", "8:0", 1 << 24, removable="0", device__model="SYSTEM DISK")
    made.device("pci0/ata1/block/sda/sda2", "8:2", 1 << 23, partition="2")
    made.device("pci0/usb1/host6/block/sdb", "8:16", 15728640, removable="1",
                device__vendor="Kingston", device__model="DataTraveler")  # fmt: skip
    made.device("pci0/usb1/host6/block/sdb/sdb1", "8:17", 15726592, partition="1")
    made.device("pci0/usb2/host7/block/sdc", "8:32", 1 << 30, removable="0", device__model="Backup")
    made.device("pci0/usb3/host8/block/sdd", "8:48", 0, removable="1", device__model="Card Reader")
    made.mount("8:2", "/dev/sda2", "/")
    return made
