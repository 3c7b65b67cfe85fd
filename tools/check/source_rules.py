# SPDX-License-Identifier: MIT
"""Rules of the house style that a line of text can break."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, Iterable

SPDX = "SPDX-License-Identifier: MIT"
COMMENT = {".c": "/* {} */", ".h": "/* {} */", ".ld": "/* {} */", ".asm": "; {}", ".inc": "; {}"}

LENGTH_LIMIT = 400
# Longer files, each with its reason.
LONG_FILES = {
    "tests/unit/test_memory_map.c": "one table of cases for three operations",
}

# Put together, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|^\s*#\s*if\s+0\b")

ASSERTION = re.compile(r"\bASSERT(?=\()")
COMPARISON = re.compile(r"[=!]=|<|(?<!-)>")
# Of alternatives no two values tell why none of them holds.
ALTERNATIVES = re.compile(r"\|\||!\(")
# These fail for one value alone, and the message names it.
NOT_NOTHING = re.compile(r"!= (NULL|0)\b")


def licence(file: str, text: str) -> list[str]:
    """The licence stands in the first line, or in the second behind a `#!`."""
    wanted = COMMENT.get(Path(file).suffix, "# {}").format(SPDX)
    lines = text.splitlines()
    first = lines[1:2] if text.startswith("#!") else lines[:1]
    return [] if first == [wanted] else [f"{file}:1: got no line {wanted!r}"]


def length(file: str, text: str) -> list[str]:
    """No file is longer than 400 lines, unless it is listed; none is listed for nothing."""
    count = text.count("\n")
    if count > LENGTH_LIMIT and file not in LONG_FILES:
        return [f"{file}: {count} lines, want at most {LENGTH_LIMIT}"]
    if count <= LENGTH_LIMIT and file in LONG_FILES:
        return [f"{file}: {count} lines, and in the list of long files all the same"]
    return []


def nothing_unfinished(file: str, text: str) -> list[str]:
    """Nothing is left for later, and nothing is switched off by the preprocessor."""
    return [
        f"{file}:{number}: {match[0].strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := UNFINISHED.search(line))
    ]


def blanks(file: str, text: str) -> list[str]:
    """No blanks at the end of a line; a file ends in one line feed."""
    found = [
        f"{file}:{number}: blanks at the end"
        for number, line in enumerate(text.splitlines(), 1)
        if line != line.rstrip()
    ]
    if text and not text.endswith("\n"):
        found.append(f"{file}: no line feed at the end")
    if text.endswith("\n\n"):
        found.append(f"{file}: empty lines at the end")
    return found


def pragma_once(file: str, text: str) -> list[str]:
    """Every header may be included twice."""
    is_bare = file.endswith(".h") and "#pragma once" not in text.splitlines()
    return [f"{file}: no #pragma once"] if is_bare else []


def values_shown(file: str, text: str) -> list[str]:
    """What an assertion compares is in its message: no comparison in a plain ASSERT."""
    if Path(file).suffix not in (".c", ".h"):
        return []
    conditions = (
        (text.count("\n", 0, match.start()) + 1, _in_brackets(text[match.end() :]))
        for match in ASSERTION.finditer(text)
    )
    return [
        f"{file}:{number}: ASSERT({' '.join(condition.split())}): "
        "want ASSERT_CMP or ASSERT_OK, which print the values"
        for number, condition in conditions
        if COMPARISON.search(NOT_NOTHING.sub("", condition)) and not ALTERNATIVES.search(condition)
    ]


def _in_brackets(text: str) -> str:
    """What is between a text's first character, an opening bracket, and the one that closes it."""
    depth = 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return text[1:place]
    return text[1:]


Rule = Callable[[str, str], list[str]]
RULES: tuple[Rule, ...] = (
    licence, length, nothing_unfinished, blanks, pragma_once, values_shown,
)  # fmt: skip


def problems(rule: Rule, root: Path, files: Iterable[str]) -> list[str]:
    """What a rule finds in files (paths below root)."""
    return [found for file in files for found in rule(file, (root / file).read_text())]
