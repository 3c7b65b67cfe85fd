# SPDX-License-Identifier: MIT
"""Negative controls of the steps that look at sources: each finds what is broken so."""
from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Iterator

import pytest
from check import layering, lint, source_rules, tree
from check.build_plan import Plan, read_plan
from check.step import OUTPUT
from made_up_tree import write
from odyssey.report import Result
from odyssey.settings import ROOT

C_LICENCE = "/* SPDX-License-Identifier: MIT */\n"


NOT_HERE = "is of a C library, which a kernel does not have"
NO_LICENCE = ":1: got no line '/* SPDX-License-Identifier: MIT */'"
WANT_CMP = "want ASSERT_CMP or ASSERT_OK, which print the values"
HEADERS = (
    "lib/bits.h", "mm/address.h", "mm/frame.h", "boot/pvh.h", "kernel/log.h",
    "drivers/vga_text.h", "drivers/vga_registers.h", "drivers/rtc.h", "tests/ktest.h",
)  # fmt: skip


@pytest.mark.parametrize(
    "file, include, problem",
    [
        ("lib/format.c", '"mm/address.h"', '"mm/address.h" is not below lib/'),
        ("lib/format.c", '"kernel/log.h"', '"kernel/log.h" is not below lib/'),
        ("lib/format.c", '"lib/bits.h"', ""),
        ("mm/frame.c", '"drivers/rtc.h"', '"drivers/rtc.h" is not below mm/'),
        ("mm/frame.c", '"boot/pvh.h"', '"boot/pvh.h" is not below mm/'),
        ("mm/frame.c", '"lib/bits.h"', ""),
        ("boot/pvh.c", '"mm/frame.h"', '"mm/frame.h" is not below boot/'),
        ("boot/pvh.c", '"kernel/log.h"', '"kernel/log.h" is not below boot/'),
        ("boot/pvh.c", '"mm/address.h"', ""),
        ("boot/asm_offsets.c", '"kernel/log.h"', ""),
        ("boot/asm_offsets.c", '"mm/frame.h"', ""),
        ("drivers/vga_text.c", '"kernel/log.h"', '"kernel/log.h" is not below drivers/'),
        ("drivers/vga_text.c", '"drivers/rtc.h"', '"drivers/rtc.h" is of another chip'),
        ("drivers/vga_text.c", '"drivers/vga_registers.h"', ""),
        ("kernel/log.c", '"tests/ktest.h"', '"tests/ktest.h" is not below kernel/'),
        ("kernel/log.c", '"drivers/rtc.h"', ""),
        ("tests/unit/test_rtc.c", '"kernel/log.h"', ""),
        ("stray/file.c", '"lib/bits.h"', '"lib/bits.h" is not below stray/'),
        ("kernel/log.c", '"log.h"', '"log.h" is no path from the top'),
        ("kernel/log.c", "<stdio.h>", f"<stdio.h> {NOT_HERE}"),
        ("tests/unit/test_rtc.c", "<string.h>", f"<string.h> {NOT_HERE}"),
        ("tests/host/main.c", "<stdio.h>", ""),
        ("kernel/log.c", "<stdint.h>", ""),
    ],
)  # fmt: skip
def test_include(file: str, include: str, problem: str, tmp_path: Path) -> None:
    write(tmp_path, {**dict.fromkeys(HEADERS, ""), file: f"\n#include {include}\n"})
    wanted = [f"{file}:2: {problem}"] if problem else []
    assert layering.problems(tmp_path, [file]) == wanted


@pytest.mark.parametrize(
    "file, is_open",
    [
        ("mm/heap.c", True),
        ("mm/heap_bins.c", True),
        ("mm/checked/record.c", True),
        ("mm/kmalloc.c", True),
        ("mm/frame.c", False),
        ("kernel/log.c", False),
        ("tests/unit/test_heap.c", True),
    ],
)
@pytest.mark.parametrize("name", ["mm/bins.h", "mm/heap_list.h"])
def test_private_header(file: str, is_open: bool, name: str, tmp_path: Path) -> None:
    owners = "Private to mm/heap*, mm/checked/ and\n * mm/kmalloc.c. See mm/frame.c."
    write(tmp_path, {name: f"/*\n * {owners}\n */\n", file: f'#include "{name}"\n'})
    wanted = [] if is_open else [f'{file}:1: "{name}" is private to others']
    assert layering.problems(tmp_path, [file]) == wanted


def test_private_header_is_open_to_its_own_source(tmp_path: Path) -> None:
    write(tmp_path, {"mm/split.h": "/* Private to mm/table.c. */\n"})
    files = write(tmp_path, {"mm/split.c": '#include "mm/split.h"\n'})
    assert layering.problems(tmp_path, files) == []


def test_driver_of_no_chip_refused(tmp_path: Path) -> None:
    files = write(tmp_path, {"drivers/floppy.c": ""})
    assert layering.problems(tmp_path, files) == ["drivers/floppy.c: in drivers/ and of no chip"]


@pytest.mark.parametrize(
    "rule, text, problem",
    [
        (source_rules.licence, "int x;\n", NO_LICENCE),
        (source_rules.licence, "", NO_LICENCE),
        (source_rules.licence, "\n" + C_LICENCE, NO_LICENCE),
        (source_rules.length, "\n" * 401, ": 401 lines, want at most 400"),
        (source_rules.nothing_unfinished, "/* TO" "DO: more */\n", ":1: TO" "DO"),
        (source_rules.nothing_unfinished, "\n  # if 0\n", ":2: # if 0"),
        (source_rules.blanks, "int x; \n", ":1: blanks at the end"),
        (source_rules.blanks, "int x;\n\n", ": empty lines at the end"),
        (source_rules.blanks, "int x;", ": no line feed at the end"),
        (source_rules.pragma_once, "int x;\n", ": no #pragma once"),
        (source_rules.values_shown, "\nASSERT(a(b) == c);\n", f":2: ASSERT(a(b) == c): {WANT_CMP}"),
        (source_rules.values_shown, "ASSERT(a->b\n    < c);", f":1: ASSERT(a->b < c): {WANT_CMP}"),
        (source_rules.values_shown, "ASSERT(is(a, b > c));", f":1: ASSERT(is(a, b > c)): {WANT_CMP}"),
        (source_rules.values_shown, "ASSERT(a != b);", f":1: ASSERT(a != b): {WANT_CMP}"),
        (source_rules.values_shown, "ASSERT(a != 0 && b <= c);", f":1: ASSERT(a != 0 && b <= c): {WANT_CMP}"),
    ],
)  # fmt: skip
def test_broken_rule_refused(
    rule: source_rules.Rule, text: str, problem: str, tmp_path: Path
) -> None:
    files = write(tmp_path, {"lib/x.h": text})
    assert source_rules.problems(rule, tmp_path, files) == [f"lib/x.h{problem}"]


@pytest.mark.parametrize("rule", source_rules.RULES)
def test_sound_file_passes(rule: source_rules.Rule, tmp_path: Path) -> None:
    files = {
        "lib/x.h": f"{C_LICENCE}#pragma once\n" + "\n" * 397 + "int x;\n",
        "lib/x.c": f"{C_LICENCE}ASSERT(a->b != NULL && is(c));\nASSERT_CMP(d, <, e);\nASSERT(f == 0 || g < h);\n",
        "tools/x.py": "#!/usr/bin/env python3\n# SPDX-License-Identifier: MIT\n",
    }
    assert source_rules.problems(rule, tmp_path, write(tmp_path, files)) == []


def test_file_listed_for_nothing_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_rules, "LONG_FILES", {"lib/x.h": "long once"})
    files = write(tmp_path, {"lib/x.h": C_LICENCE})
    (found,) = source_rules.problems(source_rules.length, tmp_path, files)
    assert found == "lib/x.h: 1 lines, and in the list of long files all the same"


MAKEFILE = """
kernel: build/a.c.o build/b.asm.o
	ld -o kernel build/a.c.o build/b.asm.o
build/%.c.o:
	cc -I. -c $*.c -o $@
build/%.asm.o:
	nasm -M $*.asm -MT $@
	nasm $*.asm -o $@
loose: build/c.c.o
"""


def test_source_that_nothing_links_refused(tmp_path: Path) -> None:
    """One that is compiled and not linked, and one that is not even compiled."""
    (tmp_path / "Makefile").write_text(MAKEFILE)
    plan = read_plan(tmp_path, "make", "kernel", "loose")
    assert [entry["file"] for entry in plan.compile_commands()] == ["a.c", "c.c"]
    assert lint.unlinked(["a.c", "b.asm", "c.c", "d.c", "d.h"], plan) == [
        "c.c: linked into no kernel and no host test",
        "d.c: linked into no kernel and no host test",
    ]


def test_build_output_is_no_source(tmp_path: Path) -> None:
    built = ("build/y.c", ".git/z.c", "lib/__pycache__/w.py", ".ci/notes")
    script = {".ci/run": "#!/usr/bin/env bash\n"}
    write(tmp_path, {"lib/x.c": "", **dict.fromkeys(built, ""), **script, "elsewhere/y.c": ""})
    os.mkfifo(tmp_path / "pipe")  # to read it would take for ever
    assert tree.sources(tmp_path, tmp_path / "elsewhere") == [".ci/run", "lib/x.c"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the project's .clang-format and .clang-tidy hold, wherever its build folder is."""
    made = OUTPUT / "controls"
    made.mkdir(parents=True, exist_ok=True)
    for settings in (".clang-format", ".clang-tidy"):
        shutil.copy(ROOT / settings, made)
    yield made
    shutil.rmtree(made)


def only(results: list[Result]) -> Result:
    (result,) = results
    return result


@pytest.mark.skipif(not shutil.which("clang-format"), reason="tool clang-format missing")
def test_other_layout_refused(folder: Path) -> None:
    write(folder, {"bad.c": "int  x;\n", "good.c": "int x;\n"})
    assert only(lint.layout([str(folder / "good.c")]).results).mark == "ok"
    result = only(lint.layout([str(folder / "bad.c")]).results)
    assert result.mark == "FAIL" and "bad.c:1:" in result.detail


@pytest.mark.skipif(not shutil.which("clang-tidy"), reason="tool clang-tidy missing")
@pytest.mark.parametrize(
    "text, check",
    [
        ("int f(int a);\nint f(int a)\n{\n    return a == a;\n}\n", "misc-redundant-expression"),
        ("int f(void);\nint f(void)\n{\n    int *p = 0;\n    return *p;\n}\n", "NullDereference"),
        ("int f(int a);\nint f(int a)\n{\n    return f(a - 1);\n}\n", "misc-no-recursion"),
    ],
)
def test_finding_of_clang_tidy_refused(text: str, check: str, folder: Path) -> None:
    sound = "int f(void);\nint f(void)\n{\n    return 1;\n}\n"
    write(folder, {"good.c": sound, "bad.c": text})
    command = ["clang", "-std=gnu17", "-ffreestanding", "-c"]
    plan = Plan(folder)
    plan.compiles = [(str(folder / name), "", [*command, name]) for name in ("good.c", "bad.c")]
    lint.write_compile_commands(plan, folder)
    bad, good = (str(folder / name) for name in ("bad.c", "good.c"))
    assert only(lint.tidy_files("control", [good], folder).results).mark == "ok"
    result = only(lint.tidy_files("control", [bad], folder).results)
    assert result.mark == "FAIL" and check in result.detail


def test_broken_scripts_refused(folder: Path) -> None:
    write(folder, {"bad.py": "def f(:\n", "bad.sh": "#!/usr/bin/env bash\nif true; then\n"})
    python, shell = folder / "bad.py", folder / "bad.sh"
    results = {result.name: result for result in lint.syntax([str(python), str(shell)]).results}
    assert results["python syntax"].detail.startswith(f"{python}:1: ")
    assert results["bash syntax"].detail.startswith(f"{shell}: ")


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="tool shellcheck missing")
def test_finding_of_shellcheck_refused(folder: Path) -> None:
    write(folder, {"bad.sh": "#!/bin/sh\nrm $1\n"})
    results = {result.name: result for result in lint.syntax([str(folder / "bad.sh")]).results}
    assert results["shellcheck"].mark == "FAIL" and "[SC2086]" in results["shellcheck"].detail
