# SPDX-License-Identifier: MIT
"""Counters taken out of a machine's memory mean to gcov what they meant to the compiler."""
from __future__ import annotations

import json
import shutil
import subprocess
from array import array
from pathlib import Path

import pytest
from odyssey import gcov

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="tool gcc missing (package gcc)")

SOURCE = """int chosen(int a)
{
    if (a) {
        return 1;
    }
    return 2;
}
int other(void)
{
    return 3;
}
"""
BUILD_ID = bytes(range(1, 9))
SCRIPT = """
ENTRY(chosen)
SECTIONS {
    . = 0xffffffff80100000;
    .text : AT(0x100000) { *(.text) }
    .rodata : { *(.rodata*) . = ALIGN(8); __gcov_info_start = .; KEEP(*(.gcov_info)) __gcov_info_end = .; }
    .build_id : { KEEP(*(.build_id)) }
    .data : { *(.data*) }
    .bss : { *(.bss*) }
}
"""
IMAGE_OFFSET = 0xFFFFFFFF80000000


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """An ELF file whose counters count, as the kernel's coverage build has them."""
    (tmp_path / "source.c").write_text(
        SOURCE + f'const unsigned char id[8] __attribute__((section(".build_id"))) = '
        f'{{{", ".join(map(str, BUILD_ID))}}};\n'
    )
    (tmp_path / "script.ld").write_text(SCRIPT)
    flags = "-ffreestanding -mcmodel=kernel -fno-pic -fprofile-arcs -ftest-coverage".split()
    compile_ = ["gcc", *flags, "-fprofile-info-section", "-c", "source.c", "-o", "source.o"]
    link = ["ld", "--defsym=__gcov_merge_add=1", "-T", "script.ld", "source.o", "-o", "kernel"]
    for command in (compile_, link):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "kernel"


def memory_with(layout: gcov.Layout, counters: list[int], build_id: bytes, path: Path) -> Path:
    """A machine's memory, its counters as they would be in the end."""
    memory = bytearray(max(start + size for start, size in layout.runs) + 4096)
    memory[layout.build_id_at : layout.build_id_at + 8] = build_id
    place = 0
    for start, size in layout.runs:
        run = array("Q", counters[place : place + size // 8])
        memory[start : start + size] = run.tobytes()
        place += size // 8
    path.write_bytes(memory)
    return path


def test_lines_are_counted_as_often_as_they_ran(kernel: Path, tmp_path: Path) -> None:
    layout = gcov.layout_of(kernel)
    (source,) = layout.sources
    by_size = {function.count: function for function in source.functions}
    chosen, other = by_size[max(by_size)], by_size[min(by_size)]
    counters = [0] * sum(size // 8 for _, size in layout.runs)
    # GCC counts what the rest can be told from: calls, and how often one branch was taken.
    counters[chosen.place : chosen.place + chosen.count] = [7, 2]
    counters[other.place : other.place + other.count] = [0] * other.count
    memory = memory_with(layout, counters, BUILD_ID, tmp_path / "memory")
    gcov.write(source, gcov.counters_of(source, gcov.read_memory(layout, memory)))
    done = subprocess.run(
        ["gcov", "--json-format", "--stdout", "source.o"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert not done.stderr
    lines = {
        line["line_number"]: line["count"] for line in json.loads(done.stdout)["files"][0]["lines"]
    }
    assert lines[1] == 7
    assert sorted((lines[4], lines[6])) == [2, 5]
    assert lines[10] == 0


def test_memory_of_another_kernel_has_no_counters(kernel: Path, tmp_path: Path) -> None:
    layout = gcov.layout_of(kernel)
    counters = [1] * sum(size // 8 for _, size in layout.runs)
    memory = memory_with(layout, counters, bytes(8), tmp_path / "memory")
    assert not gcov.read_memory(layout, memory)


def test_kernel_that_does_not_count_is_refused(kernel: Path) -> None:
    plain = kernel.with_name("plain")
    (kernel.parent / "plain.c").write_text("int chosen(void)\n{\n    return 0;\n}\n")
    subprocess.run(["gcc", "-ffreestanding", "-fno-pic", "-c", "plain.c", "-o", "plain.o"],
                   cwd=kernel.parent, check=True)  # fmt: skip
    subprocess.run(["ld", "-T", "script.ld", "plain.o", "-o", plain], cwd=kernel.parent, check=True)
    with pytest.raises(gcov.NoCounters, match="no counters"):
        gcov.layout_of(plain)
