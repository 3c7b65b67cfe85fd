# SPDX-License-Identifier: MIT
"""Negative controls of the step `docs`: a name that is not there is found, one that is passes."""
from __future__ import annotations

from pathlib import Path

import pytest
from check import docs_names, tree
from docs import drawings
from made_up_tree import write

SOURCES = {
    "Makefile": "run: all\nCHECKED ?=\n",
    "kernel/frame.c": (
        "#define FRAME_MAX 9\n"
        "struct frame {\n    int kind;\n};\n"
        "static int frame_take(void)\n{\n    return kind;\n}\n"
        "KTEST(frame, is_taken)\n"
    ),
    "kernel/command_line.c": '{.name = "clock", .store = store}, slice_equals(value, "tsc")\n',
    "kernel/commands/crash.c": '{"null", "read a member", read_null},\nSHELL_COMMAND(crash)\n',
    "kernel/commands/spawn.c": '{"echo", demo_echo},\n',
    "kernel/panic.c": 'panic("null pointer: %s at "\n "offset 0x%lx", what, where);\n'
    'panic("stack overflow in task `%s`", name);\n',
    "boot/entry.asm": 'start_here:\n%define NAME_OF "vector_"\n',
    "docs/other.md": "# A heading, with `kind`\n",
}


def found(root: Path, text: str) -> list[str]:
    write(root, {**SOURCES, "docs/page.md": text})
    return docs_names.problems(root, tree.sources(root, root / "build"))


@pytest.mark.parametrize(
    "there, absent, why",
    [
        ("`frame_take()`", "`frame_give()`", "'frame_give' is defined nowhere"),
        ("`frame_take(kind)`", "`kind()`", "'kind' is defined nowhere"),
        ("`struct frame`", "`struct fame`", "'fame' is defined nowhere"),
        ("`FRAME_MAX`", "`FRAME_MIN`", "'FRAME_MIN' occurs nowhere in the sources"),
        ("`FRAME_*`", "`FRUME_*`", "'FRUME_*' occurs nowhere in the sources"),
        ("`start_here`", "`start_there`", "'start_there' occurs nowhere in the sources"),
        ("`vector_31`", "`victor_31`", "'victor_31' occurs nowhere in the sources"),
        ("`kernel/frame.c`", "`kernel/flame.c`", "no file 'kernel/flame.c'"),
        ("`frame.c`", "`flame.c`", "no file 'flame.c'"),
        ("`kernel/f*.c`", "`kernel/g*.c`", "no file 'kernel/g*.c'"),
        ("`kernel/`", "`colonel/`", "no file 'colonel/'"),
        ("`frame.is_taken`", "`frame.is_free`", "no test 'frame.is_free'"),
        ("`make run`", "`make ruin`", "make has no target 'ruin'"),
        ("`make run CHECKED=1`", "`make run UNCHECKED=1`", "'UNCHECKED' occurs nowhere"),
        ("`clock=tsc`", "`clock=sun`", "'clock=' takes no 'sun'"),
        ("`clock=tsc`", "`cluck=tsc`", "no word 'cluck=' of the command line"),
        ("`crash null`", "`crash nil`", "'nil' is nothing to crash"),
        ("`spawn echo`", "`spawn ecco`", "'ecco' is nothing to spawn"),
        ("`null pointer: read at offset 0x18`", "`null printer: read at offset 0x18`", "says nothing"),
        ("`stack overflow in task ...`", "`stack underflow in task ...`", "says nothing like"),
        ("[x](other.md)", "[x](another.md)", "link to 'another.md': no such file"),
        ("[x\ny](other.md)", "[x\ny](another.md)", "link to 'another.md': no such file"),
        ("[x](other.md#a-heading-with-kind)", "[x](other.md#a-tail)", "no such heading"),
        ("`crt0`", "`crt9`", "'crt9' occurs nowhere"),
        ("a\n # UD\n## UD", "a\n#UD and others", "'#UD' begins a line"),
        ("```sh\nmake run # it\n```", "```sh\nmake ruin # it\n```", "make has no target 'ruin'"),
        ("```console\n$ make run\n```", "```console\n$ make ruin\n```", "make has no target 'ruin'"),
        ("```text\na\n```", "```\na\n```", "a fence's language: got none, want odyssey"),
        ("```odyssey\na\n```", "```oddysey\na\n```", "a fence's language: got 'oddysey'"),
        ("```text\na\n```", "~~~\na\n~~~", "a fence's language: got none"),
        ("- a\n\n  ```text\n  b\n  ```", "- a\n\n  ```\n  b\n  ```", "a fence's language: got none"),
        ("```odyssey\nodyssey> a\n```", "```text\nodyssey> a\n```", "'odyssey> a' is of a session"),
        ("```console\n$ a\n```", "```sh\n$ a\n```", "'$ a' is of a session"),
        ("```gdb\n(gdb) a\n```", "```c\n(gdb) a\n```", "'(gdb) a' is of a session"),
        ("```sh\na # KERNEL PANIC: b\n```", "```sh\nKERNEL PANIC: b\n```", "is of a session"),
    ],
)
def test_name(there: str, absent: str, why: str, tmp_path: Path) -> None:
    assert found(tmp_path, f"one\n\n{there}\n") == []
    problems = found(tmp_path, f"one\n\n{absent}\n")
    assert len(problems) == 1
    assert problems[0].startswith("docs/page.md:")
    assert why in problems[0]


def test_what_is_quoted_in_an_example_is_no_link(tmp_path: Path) -> None:
    assert found(tmp_path, "```text\n[x](nowhere.md) `gone()`\n```\n") == []


def test_drawing_older_than_its_source(tmp_path: Path) -> None:
    source = tmp_path / "docs" / "images" / "a.dot"
    source.parent.mkdir(parents=True)
    source.write_text("digraph {}")
    assert len(found(tmp_path, "")) == 1
    note = f"<!-- drawn from a.dot, sha256 {drawings.digest(source)} -->"
    source.with_suffix(".svg").write_text(note)
    assert found(tmp_path, "") == []
    source.write_text("digraph { a -> b }")
    assert len(found(tmp_path, "")) == 1


def test_documents_of_this_tree_name_what_is_there() -> None:
    from odyssey.settings import BUILD, ROOT

    files = tree.sources(ROOT, BUILD)
    checker = docs_names.Checker(ROOT, files)
    assert checker.kinds["crash"] and checker.kinds["spawn"] and checker.settings
    spans = [s for d in docs_names.documents(ROOT) for s in docs_names.spans(d.read_text())]
    assert len(spans) > 1000
