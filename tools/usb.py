#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the image to a USB stick: `make usb DEV=/dev/sdX`.

Refuses what is not a whole, removable disk that nobody uses and that is large
enough, shows what it found, and asks for the disk's name to be typed. Then it
writes, syncs, reads back past the cache and compares. FORCE=yes overrides
refusals, but for those that nothing can be made of and for the disk that the
system runs from; on a terminal it still asks.
"""
from __future__ import annotations

import argparse
import mmap
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn, Optional

sys.dont_write_bytecode = True

from odyssey.disk import Disk, System  # noqa: E402
from odyssey.settings import BUILD, environment  # noqa: E402

CHUNK = 1 << 20
MIB, GIB = 1 << 20, 1 << 30
DOCS = "docs/hardware.md"


class UsbError(Exception):
    """Why there is no stick with the image on it now."""


def in_words(size: int) -> str:
    unit, name = (GIB, "GiB") if size >= GIB else (MIB, "MiB")
    return f"{size / unit:.1f} {name} ({size} bytes)"


def usage(system: System) -> str:
    lines = ["usage: make usb DEV=/dev/sdX"]
    disks = system.candidates()
    lines.append("what it could be here:" if disks else "there is no removable disk here")
    for disk in disks:
        notes = [*disk.uses, *([] if disk.is_removable else ["not marked as removable"])]
        note = f" ({', '.join(notes)})" if notes else ""
        lines.append(f"  {disk.path}  {disk.model}, {in_words(disk.size)}{note}")
    return "\n".join(lines)


def look_at(system: System, path: str) -> Disk:
    try:
        return system.disk(path)
    except OSError as error:
        raise UsbError(f"{path}: {error.strerror}; nothing was written") from None


def refuse(disk: Disk, image: Path, size: int, is_forced: bool) -> None:
    """Say all that speaks against it, and stop unless that is to be overridden."""
    refusals = disk.refusals(str(image), size)
    for refusal in refusals:
        print(f"usb: {disk.path}: got {refusal.got}, want {refusal.want}", file=sys.stderr)
    if any(refusal.is_final for refusal in refusals):
        raise UsbError("nothing was written, and FORCE=yes would not change that")
    if refusals and not is_forced:
        raise UsbError("nothing was written; FORCE=yes would write all the same")
    if refusals:
        print("usb: FORCE=yes: going on", file=sys.stderr)


def confirm(disk: Disk, is_forced: bool) -> None:
    if not sys.stdin.isatty():
        if is_forced:
            return
        raise UsbError("no terminal to ask on, nothing was written; FORCE=yes asks nothing there")
    question = f"All that is on it will be lost. To go on, type its name, {disk.name}: "
    print(question, end="", flush=True)
    typed = sys.stdin.readline().strip()
    if typed not in (disk.name, disk.path):
        raise UsbError(f"got {typed!r}, want {disk.name!r}; nothing was written")


class Progress:
    """A line that counts on a terminal, and says only its end elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._counts = sys.stdout.isatty()

    def show(self, done: int) -> None:
        if self._counts or done == self._total:
            line = f"{self._what} {done / MIB:.1f} of {self._total / MIB:.1f} MiB"
            end = "\n" if done == self._total else ""
            print(f"\r{line}" if self._counts else line, end=end, flush=True)


def write(descriptor: int, image: bytes, path: str) -> None:
    """Write it all, in steps that have arrived before the next begins."""
    progress, done = Progress("written", len(image)), 0
    try:
        while done < len(image):
            done += os.pwrite(descriptor, image[done : done + CHUNK], done)
            os.fsync(descriptor)
            progress.show(done)
    except BaseException as error:
        why = getattr(error, "strerror", None) or "interrupted"
        raise UsbError(
            f"{why}\nusb: {path} is now half-written, {done} of {len(image)} bytes: it does not "
            "boot, and what was on it is lost; write it again"
        ) from None


def open_uncached(path: str) -> int:
    """For reading what is on the disk, not what the system remembers of it."""
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECT)
    except OSError:  # not every file system can
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        return descriptor


def first_difference(got: bytes, want: bytes) -> Optional[int]:
    if got == want:
        return None
    pairs = enumerate(zip(got, want))
    return next((i for i, (left, right) in pairs if left != right), min(len(got), len(want)))


def compare(path: str, image: bytes) -> None:
    """Read the disk's beginning back; UsbError with the first byte that is another."""
    descriptor = open_uncached(path)
    progress = Progress("read back", len(image))
    page_aligned = mmap.mmap(-1, CHUNK)
    try:
        for start in range(0, len(image), CHUNK):
            want = image[start : start + CHUNK]
            count = os.preadv(descriptor, [page_aligned], start)
            got = page_aligned[: min(count, len(want))]
            place = first_difference(got, want)
            if place is not None:
                byte = f"0x{got[place]:02x}" if place < len(got) else "the end"
                raise UsbError(
                    f"{path}: byte {start + place} (0x{start + place:x}): got {byte}, "
                    f"want 0x{want[place]:02x}: the disk does not hold what was written to it"
                )
            progress.show(start + len(want))
    except OSError as error:
        raise UsbError(f"{path}: cannot be read back: {error.strerror}") from None
    except KeyboardInterrupt:
        raise UsbError(f"interrupted; {path} is written, and has not been compared") from None
    finally:
        os.close(descriptor)


def open_to_write(disk: Disk, is_forced: bool) -> int:
    """Nobody else may have it open so, which is also how the system keeps it from being mounted."""
    is_exclusive = disk.kind == "disk" and not (is_forced and disk.uses)
    try:
        return os.open(disk.path, os.O_RDWR | (os.O_EXCL if is_exclusive else 0))
    except PermissionError as error:
        why = f"{error.strerror}: it takes root"
        raise UsbError(f"{disk.path}: {why}; nothing was written") from None
    except OSError as error:
        raise UsbError(f"{disk.path}: {error.strerror}; nothing was written") from None


def run(path: str, image: Path, is_forced: bool, system: System) -> None:
    if not image.is_file():
        raise UsbError(f"{image} is not there: `make` builds it; nothing was written")
    content = image.read_bytes()
    disk = look_at(system, path)
    refuse(disk, image, len(content), is_forced)
    model = f"{disk.model}, " if disk.model else ""
    print(f"{image}, {in_words(len(content))}, goes to {disk.path}: {model}{in_words(disk.size)}")
    confirm(disk, is_forced)
    if look_at(system, path) != disk:
        raise UsbError(f"{path} has changed since it was looked at; nothing was written")
    descriptor = open_to_write(disk, is_forced)
    try:
        write(descriptor, content, path)
        compare(path, content)
    finally:
        os.close(descriptor)
    print(f"{path} holds the image: every byte was read back.")


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--system", type=Path, default=Path("/"), help="where /sys and /proc are")
    default = Path(os.path.relpath(BUILD / "odyssey.iso"))
    parser.add_argument("--image", type=Path, default=default, help=str(default))
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupt)  # SIGINT too: who starts this may have ignored it
    if not sys.platform.startswith("linux"):
        print(f"usb: Linux only; {DOCS} says how to write a stick here", file=sys.stderr)
        return 1
    system, path, forced = System(options.system), environment("DEV"), environment("FORCE")
    if not path:
        print(usage(system), file=sys.stderr)
        return 2
    try:
        if forced not in ("", "yes"):
            raise UsbError(f"FORCE: got {forced!r}, want 'yes' or nothing; nothing was written")
        run(path, options.image, forced == "yes", system)
    except UsbError as error:
        print(f"usb: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nusb: interrupted; nothing was written", file=sys.stderr)
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
