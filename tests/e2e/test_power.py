# SPDX-License-Identifier: MIT
"""Power-off and restart, seen from outside: that the machine goes, and which way was taken."""
from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Callable

import pytest
from odyssey import qemu
from odyssey.image import with_command_line
from odyssey.machine import Machine
from odyssey.panic_screen import beside_code
from odyssey.settings import BUILD

TEST_ELF, TEST_ISO = BUILD / "odyssey-test.elf", BUILD / "odyssey-test.iso"

# The harness ends a machine that resets, which leaves its memory to who measures coverage; these
# are to come up again.
RESETS = ("-action", "reboot=reset")
GUEST_OFF = {"guest": True, "reason": "guest-shutdown"}
GUEST_RESET = {"guest": True, "reason": "guest-reset"}

# Hardware-reduced: no power management block, its registers in memory.
REDUCED = "microvm,acpi=on"

COUNT = "Restarting in 5 4 3 2 1"


@pytest.fixture
def machine_of(logs: Path, request: pytest.FixtureRequest) -> Callable[..., Machine]:
    """A machine of a certain kind, whatever FIRMWARE= and QEMU_EXTRA= say; by the PVH note."""

    def make(words: str, *extra: str, elf: Path = TEST_ELF) -> Machine:
        name = re.sub(r"\W+", "-", request.node.name)
        return Machine(qemu.direct(elf, words), logs / f"e2e-{name}", qemu.Hardware(extra=extra))

    return make


def says(machine: Machine, sentence: str, start: int = 0) -> int:
    """Wait for a line that ends with this; where it ends."""
    return machine.wait_serial(re.escape(sentence.encode()) + rb"\r\n", start).end()


def is_turned_off(machine: Machine, way: str) -> None:
    machine.start()
    says(machine, f"INFO power: {way}")
    assert machine.qmp.wait_event("SHUTDOWN") == GUEST_OFF
    assert b"still on" not in machine.serial


def is_reset(machine: Machine, way: str) -> None:
    """By this way, and no other after it."""
    machine.start()
    end = says(machine, f"INFO power: {way}")
    assert machine.qmp.wait_event("SHUTDOWN") == GUEST_RESET
    assert b"INFO power: " not in machine.serial[end:]


@pytest.mark.parametrize(
    ("firmware", "board", "root"),
    [("bios", "pc", "RSDT"), ("bios", "q35", "RSDT"), ("uefi", "q35", "XSDT")],
)
def test_power_off_by_acpi(firmware: str, board: str, root: str, logs: Path) -> None:
    hardware = qemu.Hardware(firmware=firmware, memory="128", extra=("-M", board))
    iso = with_command_line(TEST_ISO, "scenario=power_off")
    with Machine(qemu.cdrom(iso), logs / f"e2e-power-off-{firmware}-{board}", hardware) as machine:
        is_turned_off(machine, "off by ACPI")
        assert re.search(rf"acpi: \d+ tables by the {root}, soft-off known".encode(), machine.serial)


def test_power_off_of_reduced_hardware(machine_of: Callable[..., Machine]) -> None:
    with machine_of("scenario=power_off", "-M", REDUCED) as machine:
        is_turned_off(machine, "off by ACPI")


def test_power_off_without_tables_is_left_to_the_emulator(
    machine_of: Callable[..., Machine], tmp_path: Path
) -> None:
    # A kernel that knows an RSDP by another signature finds none.
    elf = tmp_path / "no-acpi.elf"
    elf.write_bytes(TEST_ELF.read_bytes().replace(b"RSD PTR ", b"NO SUCH "))
    with machine_of("scenario=power_off", elf=elf) as machine:
        is_turned_off(machine, "off by an emulator's port")
        assert b"acpi: no tables" in machine.serial


def test_machine_that_cannot_be_turned_off_says_so_and_goes_on(
    machine_of: Callable[..., Machine],
) -> None:
    with machine_of("scenario=power_off", "-M", "pc", "-no-acpi") as machine:
        machine.start()
        says(machine, "ACPI: got no FADT, need it to turn the machine off")
        says(machine, "this machine cannot be turned off from here: use its switch")
        says(machine, "scenario power_off: survived")


@pytest.mark.parametrize(
    ("board", "way"),
    [
        ("q35", "restart by ACPI's reset register"),
        (REDUCED, "restart by ACPI's reset register"),
        ("pc", "restart by the keyboard controller"),
        ("pc,i8042=off", "restart by a triple fault"),
    ],
)
def test_restart(machine_of: Callable[..., Machine], board: str, way: str) -> None:
    with machine_of("scenario=reboot", "-M", board) as machine:
        is_reset(machine, way)


@pytest.mark.parametrize("words", ["panic=reboot", "panic=reboot console=serial"])
def test_panic_counts_down_on_every_console_and_restarts(
    machine_of: Callable[..., Machine], words: str
) -> None:
    with machine_of(words, *RESETS, elf=BUILD / "odyssey.elf") as machine:
        machine.start()
        end = machine.wait_prompt()
        machine.wait_halted()  # an NMI in the middle of a console's write counts against it
        machine.qmp.command("inject-nmi")
        machine.wait_serial(rb"System halted\.\r\nRestarting in 5", end)
        began = time.monotonic()
        machine.wait_screen(
            lambda lines: any(
                COUNT.startswith(line) and "5 4 3" in line for line in beside_code(lines)
            ),
            "the count on the screen",
        )
        end = says(machine, COUNT, end)
        assert time.monotonic() - began > 4  # the last second's end may be seen early
        assert machine.qmp.wait_event("RESET") == GUEST_RESET
        says(machine, "Hello from ODYSSEY OS!", end)


def test_count_without_a_pit_goes_by_ports(machine_of: Callable[..., Machine]) -> None:
    if not qemu.has_property("-M", "pc", "pit"):
        pytest.skip("this QEMU makes no PC without its PIT")
    with machine_of("scenario=reboot_with_faulty_console", "-M", "pc,pit=off") as machine:
        machine.start()
        says(machine, COUNT)
        assert machine.qmp.wait_event("SHUTDOWN") == GUEST_RESET


def test_faulty_console_does_not_keep_the_others_from_the_count(
    machine_of: Callable[..., Machine],
) -> None:
    with machine_of("scenario=reboot_with_faulty_console") as machine:
        machine.start()
        end = says(machine, COUNT)
        assert machine.qmp.wait_event("SHUTDOWN") == GUEST_RESET
        assert machine.serial[:end].count(b"KERNEL PANIC: ") == 1


def test_fault_in_the_count_does_not_keep_the_machine_from_restarting(
    machine_of: Callable[..., Machine],
) -> None:
    with machine_of("scenario=reboot_despite_fault", "-M", "q35") as machine:
        is_reset(machine, "restart by ACPI's reset register")
        assert COUNT.encode() not in machine.serial
