#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GDB on a machine that stands at the kernel's first instruction: `make debug`, `make replay`.

The kernel's serial console appears between GDB's lines, and in
build/debug/serial.log; a window opens where there is a display. FIRMWARE=,
MEM=, CPUS=, QEMU_EXTRA=, CMDLINE= choose the machine as for `make run`; GDB=
the debugger.
"""
from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import processes, qemu, recording  # noqa: E402
from odyssey.settings import BUILD, ROOT, SetupError, environment  # noqa: E402
from run import medium, window  # noqa: E402

DEBUGGERS = ("x86_64-elf-gdb", "gdb")
START_SECONDS = 30


def find_debugger() -> str:
    chosen = environment("GDB")
    for name in (chosen,) if chosen else DEBUGGERS:
        found = shutil.which(name)
        if found is not None:
            return found
    if chosen:
        raise SetupError(f"GDB: no program {chosen!r}")
    raise SetupError(
        "gdb is not installed: `tools/setup.sh debug` installs its package"
        " (gdb; with Homebrew x86_64-elf-gdb)"
    )


def machine(fast: bool, kernel: str) -> list[str]:
    """The machine, which a triple fault stops for GDB to look at."""
    hardware = qemu.Hardware.from_environment()
    if fast and hardware.firmware != "bios":
        raise SetupError("FAST=1 boots without firmware: not with FIRMWARE=uefi")
    log = BUILD / "debug" / "serial.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    return [
        *(qemu.find_program(), "-accel", "tcg", *hardware.arguments(), *medium(fast, kernel)),
        *("-no-reboot", "-no-shutdown", "-monitor", "none", "-display", window() or "none"),
        *("-chardev", f"stdio,id=console,signal=off,logfile={qemu.escaped(log)}"),
        *("-serial", "chardev:console"),
    ]


def wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SetupError("QEMU did not start")
        time.sleep(0.01)


def debug(debugger: str, machine: list[str], kernel: str) -> int:
    """GDB on a machine that stands at power-on."""
    with tempfile.TemporaryDirectory(prefix="odyssey-") as scratch:
        socket = Path(scratch) / "gdb"
        command = [*machine, "-S", "-gdb", f"unix:{qemu.escaped(socket)},server=on,wait=off"]
        # In a session of its own: Ctrl-C is for GDB, which then stops the machine.
        process = processes.start(command, start_new_session=True)
        try:
            wait_for(socket, process)
            command = [debugger, "-q", "-iex", "set auto-load local-gdbinit off"]
            command += [str(BUILD / f"{kernel}.full"), "-x", "tools/gdb/odyssey.gdb"]
            command += ["-ex", f"target remote {socket}", "-ex", "odyssey enter"]
            return subprocess.run(command, cwd=ROOT).returncode
        finally:
            processes.end(process)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fast", action="store_true", help="boot the ELF file without GRUB")
    parser.add_argument("--test", action="store_true", help="the test kernel; CMDLINE=test=suite")
    parser.add_argument("--replay", action="store_true", help="what `make record` wrote down")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, lambda *_: None)  # GDB's to handle, as it is in the foreground
    for number in (signal.SIGTERM, signal.SIGHUP):  # an ordered end, which ends the machine too
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        debugger = find_debugger()
        if options.replay:
            kernel = recording.recorded_kernel()
            command = recording.machine("replay", "null")  # going back would repeat it all
        else:
            kernel = "odyssey-test" if options.test else "odyssey"
            command = machine(options.fast, kernel)
        return debug(debugger, command, kernel)
    except SetupError as error:
        print(f"debug: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
