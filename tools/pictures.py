#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes the pictures that the documents show, into docs/images/: `make pictures`."""
from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import qemu, tool  # noqa: E402
from odyssey.image import with_command_line  # noqa: E402
from odyssey.ktap import ESCAPE  # noqa: E402
from odyssey.machine import PROMPT, Machine  # noqa: E402
from odyssey.pixels import PPM_HEADER  # noqa: E402
from odyssey.session_picture import COLUMNS, Scene, picture  # noqa: E402
from odyssey.settings import BUILD, ROOT  # noqa: E402
from odyssey.shell import Shell  # noqa: E402

FOLDER = ROOT / "docs" / "images"
CLOCK = ("-rtc", "base=2026-01-01T00:00:00")  # a picture without news changes nothing
BY_TABLE, DEPTH, COLOURS_MAX = 3, 4, 16


def png(ppm: bytes) -> bytes:
    """A screen of 16 colours at the most, in PNG: four bits a pixel."""
    header = PPM_HEADER.match(ppm)
    if header is None:
        raise ValueError("no picture in PPM with 8 bits a colour")
    width, height = int(header[1]), int(header[2])
    pixels = ppm[header.end() :]
    colours: dict[bytes, int] = {}
    indices = [
        colours.setdefault(pixels[at : at + 3], len(colours)) for at in range(0, len(pixels), 3)
    ]
    if len(colours) > COLOURS_MAX or width % 2:
        raise ValueError(f"{len(colours)} colours, {width} pixels: want 16, an even number")
    rows = b"".join(
        b"\0" + bytes(a << 4 | b for a, b in zip(row[::2], row[1::2]))
        for row in (indices[y * width : (y + 1) * width] for y in range(height))
    )
    size = struct.pack(">IIBBBBB", width, height, DEPTH, BY_TABLE, 0, 0, 0)
    parts = ((b"IHDR", size), (b"PLTE", b"".join(colours)), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in (*parts, (b"IEND", b"")))


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def panic(folder: Path) -> bytes:
    """A panic on pixels, with its QR code."""
    iso = with_command_line(BUILD / "odyssey.iso", "", "1024x768")
    hardware = qemu.Hardware(firmware="uefi", memory="256", extra=CLOCK)
    with Machine(qemu.cdrom(iso), folder / "panic", hardware) as machine:
        machine.start()
        shell = Shell(machine)
        shell.enter("crash write-rodata")
        shell.wait(r"System halted\.\r\n")
        machine.wait_halted()
        machine.screendump(folder / "panic.ppm")
    return png((folder / "panic.ppm").read_bytes())


# What the session shows: each line's answer fits below it. The last one ends the kernel.
SESSION = ("sleep 60 &", "tasks", "pt ffffffff80100000", "mem", "crash null")


def session(folder: Path) -> bytes:
    """Somebody at the prompt, who at last breaks the kernel."""
    hardware = qemu.Hardware(extra=CLOCK)
    scenes = []
    with Machine(qemu.cdrom(BUILD / "odyssey.iso"), folder / "session", hardware) as machine:
        machine.start()
        shell = Shell(machine)
        for line in SESSION[:-1]:
            scenes.append(Scene(PROMPT, line, shown(shell.run(line))))
        start = len(machine.serial)
        shell.enter(SESSION[-1])
        shell.wait(r"System halted\.\r\n")
        machine.wait_halted()
        said = machine.serial[start:].decode(errors="replace").partition("\r\n")[2]
        scenes.append(Scene(PROMPT, SESSION[-1], shown(said.replace("\r", ""))))
    return picture(scenes).encode()


def shown(said: str) -> tuple[str, ...]:
    """Lines without colours, cut to the picture's width."""
    plain = ESCAPE.sub("", said)
    return tuple(line[:COLUMNS] for line in plain.strip("\n").split("\n"))


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="odyssey-") as scratch:
        for take, name in ((panic, "panic.png"), (session, "session.svg")):
            content = take(Path(scratch))
            file = FOLDER / name
            file.write_bytes(content)
            print(f"{file.relative_to(ROOT)}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    tool.run("pictures", main)
