# SPDX-License-Identifier: MIT
"""Which of the two heaps a kernel is linked with."""
from __future__ import annotations

import pytest
from check.build_plan import read_plan
from check.step import OUTPUT
from odyssey.settings import ROOT

FAST, CHECKED = "mm/kmalloc.c", "mm/checked/kmalloc.c"


@pytest.mark.parametrize(
    "kernel, variables, heap",
    [
        ("odyssey", [], FAST),
        ("odyssey", ["CHECKED=0"], FAST),
        ("odyssey", ["CHECKED=1"], CHECKED),
        ("odyssey-test", [], CHECKED),
    ],
)
def test_heap_of_a_kernel(kernel: str, variables: list[str], heap: str) -> None:
    folder = OUTPUT / "planned"
    plan = read_plan(ROOT, "make", f"BUILD={folder}", *variables, f"{folder}/{kernel}.full")
    assert plan.linked & {FAST, CHECKED} == {heap}
