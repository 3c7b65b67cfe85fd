# SPDX-License-Identifier: MIT
"""A run of the kernel that QEMU wrote down, and can repeat to the instruction, backwards too.

The folder holds the kernel that was recorded, the machine that ran it, what
came into it (`events`), and the snapshots that QEMU goes back by: going a step
back is going forward from the last one before.
"""
from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from . import qemu
from .settings import BUILD, SetupError, environment

FOLDER = BUILD / "record"
SNAPSHOTS_SIZE = "64M"  # as the guest would see it: it takes what the snapshots take

# With the APIC's part that patches a guest's code for KVM, QEMU 7.2 stops for ever, now and then,
# when it resets the machine to load a snapshot: its reset waits for a CPU that waits for it.
NO_DEADLOCK = ("-global", "apic.vapic=off")


def prepare(kernel: str) -> None:
    """Begin a recording of a kernel that was built, over the one before."""
    qemu_img = shutil.which("qemu-img")
    if qemu_img is None:
        raise SetupError("qemu-img is not installed: `tools/setup.sh debug` installs its package")
    hardware = qemu.Hardware.from_environment()
    if hardware.firmware != "bios":
        raise SetupError("a recording boots without firmware: not with FIRMWARE=uefi")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copy(BUILD / f"{kernel}.elf", FOLDER / "kernel.elf")
    snapshots = str(FOLDER / "snapshots.qcow2")
    command = [qemu_img, "create", "-q", "-f", "qcow2", snapshots, SNAPSHOTS_SIZE]
    if subprocess.run(command).returncode != 0:
        raise SetupError(f"qemu-img could not make {snapshots}")
    arguments = hardware.arguments()
    if kernel != "odyssey":
        arguments += qemu.DEBUG_EXIT
    arguments += qemu.direct(FOLDER / "kernel.elf", environment("CMDLINE"))
    (FOLDER / "machine.json").write_text(json.dumps({"kernel": kernel, "arguments": arguments}))


def recorded_kernel() -> str:
    """The kernel's name. Its debug information has to be that of the one that is built now."""
    try:
        kernel: str = json.loads((FOLDER / "machine.json").read_text())["kernel"]
        recorded = (FOLDER / "kernel.elf").read_bytes()
    except FileNotFoundError:
        raise SetupError("nothing is recorded: `make record` does that") from None
    built = BUILD / f"{kernel}.elf"
    if not built.exists() or built.read_bytes() != recorded:
        raise SetupError(f"{kernel} was built anew since: `make record` once more")
    return kernel


def machine(mode: str, console: str) -> list[str]:
    """The machine's command line.

    mode     record or replay
    console  QEMU's options of the chardev that the serial console is on
    """
    arguments = json.loads((FOLDER / "machine.json").read_text())["arguments"]
    events, snapshots = (qemu.escaped(FOLDER / name) for name in ("events", "snapshots.qcow2"))
    log = qemu.escaped(FOLDER / f"{mode}.log")
    # The end of a replay stands still, to be looked at; QEMU does not go back from there.
    only_replayed = ("-no-shutdown",) if mode == "replay" else ()
    return [
        *(qemu.find_program(), "-accel", "tcg", *NO_DEADLOCK, *arguments),
        *("-icount", f"shift=6,rr={mode},rrfile={events},rrsnapshot=start"),
        *("-drive", f"if=none,id=snapshots,format=qcow2,file={snapshots}", "-net", "none"),
        *("-no-reboot", "-display", "none", "-monitor", "none", *only_replayed),
        *("-chardev", f"{console},id=console,logfile={log}", "-serial", "chardev:console"),
    ]
