#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots Odyssey for a person: `make run`, `make run-fast`.

A window where there is a display and QEMU can open one, else the serial console
on this terminal. FIRMWARE=, MEM=, CPUS=, QEMU_EXTRA= choose the machine, a
-display in QEMU_EXTRA decides about the window, CMDLINE= replaces the kernel's
command line.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys

sys.dont_write_bytecode = True

from odyssey import qemu  # noqa: E402
from odyssey.image import with_command_line  # noqa: E402
from odyssey.settings import BUILD, SetupError, environment  # noqa: E402

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


def medium(fast: bool) -> list[str]:
    words = environment("CMDLINE")
    if fast:
        return qemu.direct(BUILD / "odyssey.elf", words)
    iso = BUILD / "odyssey.iso"
    return qemu.cdrom(with_command_line(iso, words) if words else iso)


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
    command += ["-serial", "mon:stdio"]
    print(IN_WINDOW if kind else ON_TERMINAL, flush=True)
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
