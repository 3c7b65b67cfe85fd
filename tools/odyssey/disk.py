# SPDX-License-Identifier: MIT
"""What a disk is, by Linux's sysfs and lists of mounts, and why it must not be written to."""
from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

SECTOR = 512  # what sysfs counts sizes in, whatever the disk's own sectors are

ESCAPE = re.compile(r"\\([0-7]{3})")  # in lists of mounts, of what would end a field

# Mount points of what a system runs from.
SYSTEM_MOUNTS = ("/", "/usr", "/var", "/boot", "/boot/efi", "/efi")


class Refusal(NamedTuple):
    got: str
    want: str
    is_final: bool = False  # FORCE=yes does not change it


@dataclass(frozen=True)
class Disk:
    """A thing that somebody wants to write to."""

    path: str
    kind: str  # "disk", "partition", or what else it is, in words
    name: str  # as it has to be typed
    size: int = 0  # bytes
    model: str = ""
    whole: str = ""  # of a partition: the disk's name
    is_removable: bool = False
    is_read_only: bool = False
    is_system: bool = False
    uses: tuple[str, ...] = ()  # what of it is mounted or held, and where

    def refusals(self, image: str, wanted: int) -> list[Refusal]:
        """Why an image of that many bytes is not to be written here; empty when it may be."""
        if self.kind not in ("disk", "partition", "a regular file"):
            return [Refusal(self.kind, "a disk", is_final=True)]
        found = []
        if self.is_system:
            found.append(Refusal("a disk that this system runs from", "another", is_final=True))
        if self.size < wanted:
            found.append(
                Refusal(f"{self.size} bytes", f"{wanted} or more, for {image}", is_final=True)
            )
        if self.is_read_only:
            found.append(Refusal("a disk that is read-only", "one to write to", is_final=True))
        if self.kind == "a regular file":
            return [*found, Refusal(self.kind, "a disk")]
        if self.kind == "partition":
            found.append(Refusal(f"a partition of {self.whole}", f"the disk, /dev/{self.whole}"))
        if not self.is_removable:
            found.append(Refusal("a disk that is not removable", "a removable one"))
        if self.uses:
            found.append(Refusal(", ".join(self.uses), "nothing of it in use"))
        return found


@dataclass(frozen=True)
class System:
    """The machine as it shows below a folder; the root folder, but for tests."""

    root: Path = Path("/")

    def disk(self, path: str) -> Disk:
        """What is at a path; OSError when that cannot be told."""
        found = os.stat(path)
        if stat.S_ISREG(found.st_mode):
            return Disk(path, "a regular file", Path(path).name, found.st_size)
        if not stat.S_ISBLK(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no disk and no file"
            return Disk(path, kind, Path(path).name)
        return self.block_device(path, os.major(found.st_rdev), os.minor(found.st_rdev))

    def block_device(self, path: str, major: int, minor: int) -> Disk:
        node = self._node(f"{major}:{minor}")
        if node is None:
            return Disk(path, "a device that sysfs does not know", Path(path).name)
        whole = _whole(node)
        return Disk(
            path,
            "disk" if whole == node else "partition",
            node.name,
            size=int(_text(node / "size") or 0) * SECTOR,
            model=_model(whole),
            whole=whole.name,
            is_removable=_text(whole / "removable") == "1",
            is_read_only=_text(node / "ro") == "1",
            is_system=whole in self._system_disks(),
            uses=tuple(self._uses(whole)),
        )

    def candidates(self) -> list[Disk]:
        """Disks that somebody may mean: with a medium, removable or on USB, not the system's."""
        found = []
        folder = self.root / "sys/block"
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            major, _, minor = _text(entry / "dev").partition(":")
            if not (major.isdigit() and minor.isdigit()):
                continue
            disk = self.block_device(f"/dev/{entry.name}", int(major), int(minor))
            is_on_usb = any(part.startswith("usb") for part in entry.resolve().parts)
            if disk.size and not disk.is_system and (disk.is_removable or is_on_usb):
                found.append(disk)
        return found

    def _node(self, number: str) -> Optional[Path]:
        """A device's folder in sysfs, by MAJOR:MINOR."""
        link = self.root / "sys/dev/block" / number
        return link.resolve() if link.exists() else None

    def _mounts(self) -> Iterator[tuple[Path, str]]:
        """(device's folder in sysfs, where it is mounted), swap among them."""
        for line in _text(self.root / "proc/self/mountinfo").splitlines():
            fields = line.split()
            source = fields[fields.index("-") + 2] if "-" in fields[6:] else ""
            # Some file systems have a number of their own, but name their device.
            node = self._node(fields[2]) or self._named(source)
            if node is not None:
                yield node, ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4])
        for line in _text(self.root / "proc/swaps").splitlines()[1:]:
            node = self._named(line.split()[0])
            if node is not None:
                yield node, "swap"

    def _named(self, device: str) -> Optional[Path]:
        if not device.startswith("/dev/"):
            return None
        real = Path(os.path.realpath(device)).name
        link = self.root / "sys/class/block" / real
        return link.resolve() if link.exists() else None

    def _system_disks(self) -> set[Path]:
        nodes = [node for node, where in self._mounts() if where in (*SYSTEM_MOUNTS, "swap")]
        return {disk for node in nodes for disk in _disks_below(node)}

    def _uses(self, whole: Path) -> Iterator[str]:
        """What is mounted or held of a disk and its partitions."""
        for node, where in self._mounts():
            if _whole(node) == whole:
                how = "used as swap" if where == "swap" else f"mounted at {where}"
                yield f"{node.name} {how}"
        for part in [whole, *sorted(path.parent for path in whole.glob("*/partition"))]:
            for holder in sorted(_entries(part / "holders")):
                yield f"{part.name} held by {holder}"


def _whole(node: Path) -> Path:
    """The disk that a device is, or is a partition of."""
    return node.parent if (node / "partition").exists() else node


def _disks_below(node: Path) -> set[Path]:
    """The disks that a device is on: what a volume manager made of others is on all of them."""
    below = [(node / "slaves" / name).resolve() for name in _entries(node / "slaves")]
    if not below:
        return {_whole(node)}
    return {disk for part in below for disk in _disks_below(part)}


def _model(whole: Path) -> str:
    names = [_text(whole / file) for file in ("device/vendor", "device/model", "device/name")]
    return " ".join(filter(None, names)) or _text(whole / "loop/backing_file") or "unnamed"


def _entries(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace").strip()
    except OSError:
        return ""
