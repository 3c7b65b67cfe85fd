# SPDX-License-Identifier: MIT
"""ACPI tables of the test's own: with registers in memory that it can read, and damaged ones."""
from __future__ import annotations

import struct
from pathlib import Path

import pytest
from odyssey.handover import RSDP_TAG, Handover, memory_map, tag

# A page of low memory each, which no loader's map calls usable; the registers lie in a hole.
FADT_AT, DSDT_AT, SSDT_AT, RSDT_AT = 0x9C000, 0x9D000, 0x9E000, 0x9F000
RAM_BELOW, MEGABYTES = 0x9B000, 128
REGISTERS = MEGABYTES * (1 << 20) - 0x20000  # which SeaBIOS keeps; in no map here
PM1A, PM1B, RESET = REGISTERS, REGISTERS + 2, REGISTERS + 4
IN_USE = 64 << 20  # in usable memory, where no register is

NAME_S5 = b"\x08_S5_\x12\x08\x04\x0a\x05\x0a\x03\x00\x00"  # Package (4) {5, 3, 0, 0}
RESET_REG_SUP = 1 << 10
# PM1a has bits that are to stay, PM1b a sleep type that somebody left: before, and entering S5.
FOUND, ENTERED = (0x0203, 0x1C00), (0x3603, 0x2C00)


def sealed(content: bytearray, at: int) -> bytes:
    content[at] = -sum(content) & 0xFF
    return bytes(content)


def table(signature: bytes, body: bytes) -> bytes:
    head = struct.pack("<4sIBB6s8sI4sI", signature, 36 + len(body), 1, 0, *[b"", b"", 0, b"", 0])
    return sealed(bytearray(head + body), 9)


def rsdp(rsdt: int) -> bytes:
    return sealed(bytearray(struct.pack("<8sB6sBI", b"RSD PTR ", 0, b"", 0, rsdt)), 8)


def in_memory(address: int, bits: int = 16) -> bytes:
    """A generic address structure."""
    return struct.pack("<BBBBQ", 0, bits, 0, 0, address if bits else 0)


def fadt(pm1a: int = PM1A, pm1b: int = PM1B, reset: int = RESET) -> bytes:
    body = bytearray(268)
    struct.pack_into("<I", body, 40, DSDT_AT)
    struct.pack_into("<I", body, 112, RESET_REG_SUP)
    body[116:128] = in_memory(reset, 8)
    body[128] = 0x5A
    body[172:184] = in_memory(pm1a, 16 if pm1a else 0)
    body[184:196] = in_memory(pm1b, 16 if pm1b else 0)
    return table(b"FACP", bytes(body[36:]))


def booted(
    log: Path,
    fixed: bytes,
    dsdt: bytes = NAME_S5,
    ssdt: bytes = b"",
    root: bytes = b"RSDT",
    more: bytes = b"",
) -> Handover:
    """A machine whose tables are these, not started yet; `more` entries are in the root table."""
    entries = struct.pack("<I", FADT_AT) + (struct.pack("<I", SSDT_AT) if ssdt else b"") + more
    ram = memory_map([(0, RAM_BELOW), (1 << 20, REGISTERS - (1 << 20))])
    tables = {
        FADT_AT: fixed,
        DSDT_AT: table(b"DSDT", dsdt),
        SSDT_AT: table(b"SSDT", ssdt),
        RSDT_AT: table(root, entries),
        REGISTERS: bytes(8),
    }
    told = [ram, tag(RSDP_TAG, rsdp(RSDT_AT))]
    return Handover(log, megabytes=MEGABYTES, tags=told, memory=tables)


def says(boot: Handover, sentence: str, end: int = 0) -> int:
    return boot.machine.wait_serial(sentence.encode() + rb"\r\n", end).end()


@pytest.mark.parametrize("place", ["DSDT", "SSDT"])
def test_type_is_written_to_both_blocks_in_memory(place: str, logs: Path) -> None:
    blocks = {"dsdt": NAME_S5} if place == "DSDT" else {"dsdt": b"\x00", "ssdt": NAME_S5}
    with booted(logs / f"e2e-acpi-{place}", fadt(), **blocks) as boot:
        boot.gdb.write_physical(PM1A, struct.pack("<HH", *FOUND))
        boot.gdb.detach()
        boot.machine.wait_prompt()
        says(boot, r"INFO acpi: \d tables by the RSDT, soft-off known")
        boot.machine.send_serial(b"poweroff\r")
        end = says(boot, "INFO power: off by ACPI")
        boot.machine.wait_until(
            lambda: struct.unpack("<HH", boot.machine.physical(PM1A, 4)) == ENTERED,
            "types, and the bit that enters them, in both registers",
        )
        says(boot, "WARN power: ACPI: the machine is still on", end)
        assert boot.machine.qmp.wait_event("SHUTDOWN")["reason"] == "guest-shutdown"


def test_soft_off_without_a_register_is_said(logs: Path) -> None:
    with booted(logs / "e2e-acpi-no-register", fadt(pm1a=0, pm1b=0)) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"poweroff\r")
        says(boot, "WARN power: ACPI: got no control register, need one to turn the machine off")


def test_reset_register_that_does_nothing_is_said_and_the_next_way_taken(logs: Path) -> None:
    with booted(logs / "e2e-acpi-reset", fadt()) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        boot.machine.send_serial(b"reboot\r")
        end = says(boot, "INFO power: restart by ACPI's reset register")
        boot.machine.wait_until(
            lambda: boot.machine.physical(RESET, 1) == b"\x5a", "the register's value"
        )
        end = says(boot, "WARN power: ACPI: the reset register does nothing", end)
        says(boot, "INFO power: restart by the keyboard controller", end)
        assert boot.machine.qmp.wait_event("SHUTDOWN")["reason"] == "guest-reset"


DAMAGED = {
    "register-in-use": (
        {"fixed": fadt(reset=IN_USE)},
        ("WARN acpi: reset register: got 0x4000000 in memory, want registers there",
         "INFO acpi: 1 tables by the RSDT, soft-off known"),
    ),
    "fadt": (
        {"fixed": fadt()[:-1] + b"\1"},
        (r'WARN acpi: table "FACP" at 0x9c000: checksum: got 0x1, want 0',
         "INFO acpi: 0 tables by the RSDT, no FADT"),
    ),
    "more-than-are-listed": (
        {"fixed": fadt(), "more": struct.pack("<20I", *range(0x90000, 0x90050, 4))},
        ("WARN acpi: 4 more problems in the tables",
         "INFO acpi: 1 tables by the RSDT, soft-off known"),
    ),
    "root": (
        {"fixed": fadt(), "root": b"ROOT"},
        (r'WARN acpi: table "RSDT" at 0x9f000: signature: got 0x544f4f52, want that of .*',
         "WARN acpi: neither XSDT nor RSDT can be read"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_said_and_the_rest_used(name: str, logs: Path) -> None:
    tables, lines = DAMAGED[name]
    with booted(logs / f"e2e-acpi-damaged-{name}", **tables) as boot:
        boot.gdb.detach()
        boot.machine.wait_prompt()
        end = 0
        for line in lines:
            end = says(boot, line, end)
        assert b"KERNEL PANIC" not in boot.machine.serial
