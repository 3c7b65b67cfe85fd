# SPDX-License-Identifier: MIT
"""How a run of Bochs, which has no exit status of its own, is judged."""
from __future__ import annotations

from pathlib import Path

import pytest
from odyssey import bochs
from odyssey.cells import Cell
from odyssey.judge import Outcome, judge_tests

KTAP = b"""\
KTAP version 1
1..1
# run heap.one
ok 1 heap.one
"""
ENDED = "0001p[UNMAP ] >>PANIC<< Shutdown port: shutdown requested\n"
TRIPLE = "0001p[CPU0  ] >>PANIC<< exception(): 3rd (13) exception with no resolution\n"
DEBUGGER = b"(0).[648] [0x122a68] 0008:ffffffff80122a68 (unk. ctxt): out dx, al\n"
PASSED, FAILED = b"\n# exit 0x10\n", b"\n# exit 0x11\n"


@pytest.mark.parametrize(
    "output, status, log, outcome",
    [
        (KTAP + PASSED + DEBUGGER, 1, ENDED, Outcome.PASS),
        (KTAP + FAILED, 1, ENDED, Outcome.ASSERTION),
        (KTAP.replace(b"ok 1", b"not ok 1") + PASSED, 1, ENDED, Outcome.ASSERTION),
        (KTAP[:-14] + PASSED, 1, ENDED, Outcome.EARLY_EXIT),
        (PASSED, 1, ENDED, Outcome.GARBAGE),
        (KTAP, 1, ENDED, Outcome.CRASH),  # ended by the port, but without a verdict
        (KTAP + PASSED, 1, "", Outcome.CRASH),  # the verdict, but not that end
        (KTAP + PASSED, 33, "", Outcome.CRASH),
        (KTAP + PASSED, 0, "", Outcome.CRASH),
        (KTAP + PASSED, 1, ENDED + TRIPLE, Outcome.CRASH),
        (KTAP + PASSED, None, "", Outcome.HANG),
        (KTAP + PASSED, -11, ENDED, Outcome.CRASH),
        (KTAP, 1, TRIPLE, Outcome.RESET),
        (b"", None, "", Outcome.SILENCE),
    ],
)
def test_only_verdict_and_end_together_count(
    output: bytes, status: int, log: str, outcome: Outcome
) -> None:
    serial = output.split(b"\n# exit")[0]
    assert judge_tests(bochs.observe(serial, output, status, log)).outcome is outcome


def test_configuration_says_what_the_cell_says(tmp_path: Path) -> None:
    image = tmp_path / "image.iso"
    image.write_bytes(bytes(3 * 16 * 63 * 512 + 1))
    cd = bochs.configuration(Cell.of("bios-bochs-cd-128m-ryzen"), image, tmp_path, "mode=null")
    assert "megs: 128\n" in cd and "cpu: model=ryzen," in cd
    assert f'type=cdrom, path="{image}", status=inserted' in cd
    disk = bochs.configuration(Cell.of("bios-bochs-disk-32m-ryzen"), image, tmp_path, "mode=null")
    assert f'type=disk, path="{image}", mode=volatile, cylinders=3, heads=16, spt=63' in disk
