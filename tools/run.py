#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots Odyssey for a person: `make run`, `make run-fast`.

A window where there is a display and QEMU can open one, else the serial console
on this terminal. FIRMWARE=, MEM=, CPUS=, QEMU_EXTRA= choose the machine, a
-display in QEMU_EXTRA decides about the window, CMDLINE= replaces the kernel's
command line. Below a backtrace that the kernel prints stands where that is in
the source. What came over the serial console is also left in build/run/serial.log.
"""
from __future__ import annotations

import argparse
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import processes, qemu  # noqa: E402
from odyssey.image import with_command_line  # noqa: E402
from odyssey.settings import BUILD, SetupError, environment  # noqa: E402
from odyssey.symbolize import Annotator  # noqa: E402

FOLLOW_SECONDS = 0.1  # between looks at what has been printed

ON_TERMINAL = "Odyssey's serial console is on this terminal. To leave: Ctrl-A, then X."
IN_WINDOW = "Odyssey runs in a window, its serial console also here. To leave: close the window."


def window() -> str:
    """The kind of window that QEMU can open here, or nothing."""
    if sys.platform == "darwin":
        wanted = ("cocoa",)
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        wanted = ("gtk", "sdl")
    else:
        return ""
    shown = subprocess.run(
        [qemu.find_program(), "-display", "help"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    offered = shown.stdout.decode(errors="replace").split()
    return next((kind for kind in wanted if kind in offered), "")


def medium(fast: bool, kernel: str = "odyssey") -> list[str]:
    words = environment("CMDLINE")
    if fast:
        return qemu.direct(BUILD / f"{kernel}.elf", words)
    iso = BUILD / f"{kernel}.iso"
    return qemu.cdrom(with_command_line(iso, words) if words else iso)


def say(lines: list[str]) -> None:
    """Print below what the machine has printed; QEMU has made the terminal one that never waits."""
    data = "".join(f"{line}\n" for line in lines).encode()
    while data:
        try:
            data = data[os.write(sys.stdout.fileno(), data) :]
        except BlockingIOError:
            select.select([], [sys.stdout], [], 1)


class Follower:
    """Reads the console's log behind QEMU, which prints a text before it logs it."""

    def __init__(self, log: Path) -> None:
        self._file = log.open("rb")
        self._begun = b""  # a line that has no end yet
        self._annotator = Annotator(BUILD / "odyssey.elf")
        self._is_quiet = True

    def go_on(self) -> None:
        """Explain what has come since the last time."""
        data = self._file.read()
        if not data and not self._is_quiet and not self._begun:
            say(self._annotator.pause())
        self._is_quiet = not data
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            say(self._annotator.line(line.decode(errors="replace")))


def attend(command: list[str]) -> int:
    """Run the machine on this terminal, to its end."""
    log = BUILD / "run" / "serial.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    console = f"stdio,id=console,mux=on,signal=off,logfile={qemu.escaped(log)}"
    command = [*command, "-chardev", console, "-serial", "chardev:console"]
    process = subprocess.Popen([*command, "-mon", "chardev=console"])
    try:
        signal.signal(signal.SIGINT, lambda *_: None)  # QEMU's, until the terminal is all its own
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: process.terminate())
        follower = Follower(log)
        while process.poll() is None:
            follower.go_on()
            try:
                process.wait(FOLLOW_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        follower.go_on()
    finally:
        processes.end(process)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fast", action="store_true", help="boot the ELF file without GRUB")
    options = parser.parse_args()
    try:
        hardware = qemu.Hardware.from_environment()
        if options.fast and hardware.firmware != "bios":
            raise SetupError("run-fast boots without firmware: not with FIRMWARE=uefi")
        command = [qemu.find_program(), "-accel", "tcg", *hardware.arguments()]
        command += medium(options.fast)
        kind = "" if "-display" in hardware.extra else window()
    except SetupError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    if "-display" not in hardware.extra:
        command += ["-display", kind or "none"]
    print(IN_WINDOW if kind else ON_TERMINAL, flush=True)
    return attend(command)


if __name__ == "__main__":
    sys.exit(main())
