# SPDX-License-Identifier: MIT
"""Negative controls of the fuzz targets: one with a fault in it is told from one without."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Optional

import pytest
from mini_kernel import make_variable
from odyssey import fuzzing
from odyssey.report import PASS

TARGET = """
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{{
    uint8_t *copy = malloc(size + 1);
    uint8_t sum = 0;

    for (size_t i = 0; i < size; i++) {{
        sum = (uint8_t)(sum + data[i]);
    }}
    copy[{index}] = sum;
    free(copy);
    return 0;
}}
"""


def build(folder: Path, index: str) -> None:
    (folder / "target.c").write_text(TARGET.format(index=index))
    flags = [flag for flag in make_variable("FUZZ_CFLAGS") if not flag.startswith(("-W", "-M"))]
    command = ["clang", *flags, "-fsanitize=fuzzer,address,undefined", "-o", "target", "target.c"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("clang"), reason="tool clang missing (package clang)")
@pytest.mark.parametrize("index, outcome", [("size", PASS), ("size + (size > 2)", "found")])
def test_overflow_is_found(index: str, outcome: str, tmp_path: Path) -> None:
    build(tmp_path, index)
    result = fuzzing.fuzz("target", 2, tmp_path)
    assert result.outcome == outcome
    assert ("heap-buffer-overflow" in result.detail) == (outcome != PASS)


@pytest.mark.parametrize(
    "status, output",
    [
        (0, b""),
        (0, b"stat::number_of_executed_units: 0\n"),
        (1, b"stat::number_of_executed_units: 9\n"),
        (None, b"stat::number_of_executed_units: 9\n"),
    ],
)
def test_only_a_good_end_with_runs_is_a_pass(status: Optional[int], output: bytes) -> None:
    assert fuzzing.judge("target", status, output, 1.0, "log").outcome == "found"
