#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The build id: what a kernel says it is, from what a loader loads of it.

It is the first 16 hexadecimal digits of SHA-256 over, for each PT_LOAD segment
in order, its virtual address, physical address, size in memory, size in the
file and rights, each as 64 bits, little-endian, then its bytes in the file; the
8 bytes of the id itself, the section .build_id, count as zeros.

    buildid.py ELF...          recompute each file's id and compare it with what the file holds
    buildid.py --write ELF...  store it; the build does that after the last link
"""
from __future__ import annotations

import argparse
import hashlib
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from check.elf import PT_LOAD, Elf, NotElf  # noqa: E402

SECTION = ".build_id"
FIELD = struct.Struct("<Q")


class NoBuildId(ValueError):
    """The file has no place for an id."""


def field_offset(elf: Elf) -> int:
    """Where in the file the id is."""
    section = elf.section(SECTION)
    if section is None or section.size != FIELD.size:
        raise NoBuildId(f"{elf.path}: want a section {SECTION} of {FIELD.size} bytes")
    return section.offset


def stored(elf: Elf) -> int:
    return FIELD.unpack_from(elf.data, field_offset(elf))[0]


def computed(elf: Elf) -> int:
    content = bytearray(elf.data)
    FIELD.pack_into(content, field_offset(elf), 0)
    digest = hashlib.sha256()
    for segment in elf.segments:
        if segment.kind == PT_LOAD:
            place = (segment.virtual, segment.physical, segment.memory_size, segment.file_size)
            digest.update(struct.pack("<5Q", *place, segment.flags))
            digest.update(content[segment.offset : segment.offset + segment.file_size])
    return int(digest.hexdigest()[:16], 16)


def write(path: Path) -> int:
    elf = Elf(path)
    identity = computed(elf)
    with path.open("r+b") as file:
        file.seek(field_offset(elf))
        file.write(FIELD.pack(identity))
    return identity


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="store the id in the file")
    parser.add_argument("elf", type=Path, nargs="+")
    options = parser.parse_args()
    status = 0
    for path in options.elf:
        try:
            if options.write:
                write(path)
                continue
            elf = Elf(path)
            holds, want = stored(elf), computed(elf)
        except (OSError, NotElf, NoBuildId) as error:
            print(f"buildid: {error}", file=sys.stderr)
            return 2
        if holds == want:
            print(f"{want:016x} {path}")
        else:
            print(f"buildid: {path}: holds {holds:016x}, want {want:016x}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
