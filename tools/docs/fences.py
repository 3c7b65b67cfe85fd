# SPDX-License-Identifier: MIT
"""A document's fences, which have a language, and its prose, which is the rest."""
from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Optional

MARK = re.compile(r"(\s*)(?:```|~~~)(.*)")
HEADING = re.compile(r"#+ +(.*)")


class Fence(NamedTuple):
    line: int  # where it is opened
    heading: str  # the last one above it
    language: str
    body: list[str]


def fences(text: str) -> Iterator[Fence]:
    """The fences of a document, in order. One that is never closed goes to the document's end."""
    heading = indentation = ""
    opened: Optional[Fence] = None
    for number, line in enumerate(text.splitlines(), 1):
        match = MARK.fullmatch(line)
        if opened is None:
            title = HEADING.fullmatch(line)
            heading = title[1] if title else heading
            if match:
                indentation, opened = match[1], Fence(number, heading, match[2].strip(), [])
        elif match and not match[2].strip():
            yield opened
            opened = None
        else:
            opened.body.append(line.removeprefix(indentation))
    if opened is not None:
        yield opened


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are in no fence, with their numbers."""
    fenced: set[int] = set()
    for fence in fences(text):
        fenced.update(range(fence.line, fence.line + len(fence.body) + 2))
    for number, line in enumerate(text.splitlines(), 1):
        if number not in fenced:
            yield number, line
