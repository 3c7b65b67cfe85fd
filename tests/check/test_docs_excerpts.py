# SPDX-License-Identifier: MIT
"""Negative controls of the step `docs excerpts`: only what a source says in order is an excerpt."""
from __future__ import annotations

from pathlib import Path

import pytest
from check import docs_excerpts, tree
from made_up_tree import write

SOURCES = {
    "kernel/frame.c": "int frame_take(void)\n{\n    int kind = 1;\n\n    kind++;\n    return kind;\n}\n",
    "kernel/other.c": "int other(void)\n{\n    return 2;\n}\n",
    "boot/entry.asm": "start:\n    cli\n    cld\n    hlt\n",
    "linker.ld": "ENTRY(start)\n",
}


def found(root: Path, text: str, document: str = "docs/tour/01-page.md") -> list[str]:
    write(root, {**SOURCES, document: text})
    return docs_excerpts.problems(root, tree.sources(root, root / "build"))


@pytest.mark.parametrize(
    "text",
    [
        "```c\nint frame_take(void)\n{\n    int kind = 1;\n```\n",
        "```c\nint kind = 1;\n\nkind++;\n```\n",  # from the middle, less deep
        "```c\nint frame_take(void)\n    ...\n    return kind;\n}\n```\n",
        "```c\n...\n    return 2;\n```\n",
        "```c\nENTRY(start)\n```\n",
        "- a list\n\n  ```nasm\n  cli\n  cld\n  ```\n",
        "```text\nint frame_give(void)\n```\n",
        "```\nint frame_give(void)\n```\n\nint frame_give(void)\n\n```nasm\nhlt\n```\n",
    ],
)
def test_what_sources_say(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    "text, why",
    [
        ("```c\nint frame_take(int kind)\n```\n", "from 'int frame_take(int kind)' on"),
        ("```c\nint kind = 1;\nkind++;\n```\n", "from 'int kind = 1;' on"),  # one line less
        ("```c\nkind++;\n\nreturn kind;\n```\n", "from 'kind++;' on"),  # one too many
        ("- a list\n  ```nasm\n  sti\n  ```\n", "from 'sti' on"),
        ("```c\nreturn kind;\n...\nkind++;\n```\n", "from 'kind++;' on, as kernel/frame.c has"),
        ("```c\nkind++;\n...\nreturn 2;\n```\n", "from 'return 2;' on"),  # two files
        ("```c\ncli\n```\n", "from 'cli' on"),  # another language's
        ("```nasm\ncli\nhlt\n```\n", "from 'cli' on"),
        ("```c\n...\n```\n", "an excerpt of nothing"),
        ("```c\n```\n", "an excerpt of nothing"),
    ],
)
def test_what_no_source_says(text: str, why: str, tmp_path: Path) -> None:
    problems = found(tmp_path, f"one\n\n{text}")
    assert len(problems) == 1
    line = 4 + text.partition("```")[0].count("\n")
    assert problems[0].startswith(f"docs/tour/01-page.md:{line}: ")
    assert why in problems[0]


def test_examples_elsewhere_are_no_excerpts(tmp_path: Path) -> None:
    assert found(tmp_path, "```c\nint frame_give(void);\n```\n", "docs/extend.md") == []


def test_the_tour_has_excerpts() -> None:
    from odyssey.settings import ROOT

    chapters = sorted((ROOT / "docs/tour").glob("*.md"))
    assert len(chapters) == 10
    assert sum(len(docs_excerpts.excerpts(chapter.read_text())) for chapter in chapters) > 15
