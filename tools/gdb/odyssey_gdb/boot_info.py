# SPDX-License-Identifier: MIT
"""What the boot loader handed over, as boot/boot_info.h keeps it."""
from __future__ import annotations

import gdb

MAP_AVAILABLE = 1
PAGE_KIB = 1024


class BootInfo(gdb.Command):
    """Show what the boot loader handed over, as the kernel understood it.

    Usage: boot-info

    The memory map as it was given, what of it is usable, what of that was free
    when the kernel came up; modules, framebuffer, tables, and every problem
    that the parser found."""

    def __init__(self) -> None:
        super().__init__("boot-info", gdb.COMMAND_DATA)

    def invoke(self, argument: str, from_tty: bool) -> None:
        if argument:
            raise gdb.GdbError("usage: boot-info")
        try:
            info = gdb.parse_and_eval("'kernel/boot.c'::loaded")
            protocol = int(info["protocol"])
        except gdb.MemoryError:
            raise gdb.GdbError("not to be read before paging is on: break at kmain") from None
        if protocol == 0:
            raise gdb.GdbError("not parsed yet: boot_load does that, which kmain calls")
        show(info)


def show(info: gdb.Value) -> None:
    print(f"protocol {info['protocol']}, loader {info['loader_name'].string()!r}")
    print(f"command line {info['command_line'].string()!r}")
    show_map(info)
    for name in ("usable", "free"):
        show_ranges(name, info[name])
    for module in elements(info["modules"], info["module_count"]):
        text = module["command_line"].string()
        print(f"module {address(module['start'])} to {address(module['end'])} {text!r}")
    show_framebuffer(info["framebuffer"])
    print(f"RSDP of {int(info['rsdp_size'])} bytes")
    efi = info["efi"]
    table = address(efi["system_table"]) if int(efi["has_system_table"]) else "none"
    print(f"EFI system table: {table}")
    problems = int(info["problem_count"])
    print(f"{problems} problems found")
    for problem in elements(info["problems"], min(problems, length(info["problems"]))):
        print(f"  {problem['kind']}, tag {int(problem['tag'])}, got {int(problem['got']):#x}")


def show_map(info: gdb.Value) -> None:
    count = int(info["map_entry_count"])
    print(f"memory map of {count} entries")
    for entry in elements(info["map_entries"], min(count, length(info["map_entries"]))):
        base, size, kind = int(entry["base"]), int(entry["length"]), int(entry["type"])
        meaning = "available" if kind == MAP_AVAILABLE else "reserved"
        print(f"  {base:016x} to {base + size:016x}  type {kind}, {meaning}")


def show_ranges(name: str, ranges: gdb.Value) -> None:
    rows = [
        (int(row["start"]), int(row["end"])) for row in elements(ranges["ranges"], ranges["count"])
    ]
    print(f"{name}: {sum(end - start for start, end in rows) // PAGE_KIB} KiB")
    for start, end in rows:
        print(f"  {start:016x} to {end:016x}")


def show_framebuffer(framebuffer: gdb.Value) -> None:
    text = f"framebuffer {framebuffer['kind']}"
    if int(framebuffer["kind"]) != 0:
        text += f" at {address(framebuffer['address'])}, {int(framebuffer['width'])}x"
        text += f"{int(framebuffer['height'])}, {int(framebuffer['bits_per_pixel'])} bits, "
        text += f"pitch {int(framebuffer['pitch_bytes'])}"
    print(text)


def address(value: gdb.Value) -> str:
    return f"{int(value['value']):#x}"


def length(array: gdb.Value) -> int:
    return array.type.range()[1] + 1


def elements(array: gdb.Value, count: object) -> list[gdb.Value]:
    return [array[index] for index in range(int(count))]
