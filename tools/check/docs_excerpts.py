# SPDX-License-Identifier: MIT
"""What the tour quotes of the code stands in the code.

A fence of language `c` or `nasm` in docs/tour/ is an excerpt: its lines follow
each other in one source, in order; a line `...` stands for lines left out.
Blanks at the beginning of a line do not count, so that an excerpt may begin
anywhere. Code that is no excerpt has another language.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterable, Optional

from docs.fences import Fence, fences

LANGUAGES = {"c": (".c", ".h", ".ld"), "nasm": (".asm", ".inc")}
LEFT_OUT = "..."


def excerpts(text: str) -> list[Fence]:
    """A document's fences whose language is one of ours."""
    return [fence for fence in fences(text) if fence.language in LANGUAGES]


def stretches(lines: Iterable[str]) -> list[list[str]]:
    """What stands between the lines left out, which follows each other in the source."""
    found: list[list[str]] = [[]]
    for line in map(str.strip, lines):
        if line == LEFT_OUT:
            found.append([])
        else:
            found[-1].append(line)
    return [stretch for stretch in found if stretch]


def reaches(source: list[str], wanted: list[list[str]]) -> int:
    """How many of the stretches a source has, each behind the one before."""
    position = 0
    for number, stretch in enumerate(wanted):
        places = range(position, len(source) - len(stretch) + 1)
        found = next((at for at in places if source[at : at + len(stretch)] == stretch), None)
        if found is None:
            return number
        position = found + len(stretch)
    return len(wanted)


def wrong(excerpt: Fence, sources: dict[str, list[str]]) -> Optional[str]:
    """What is wrong with an excerpt; None for nothing."""
    wanted = stretches(excerpt.body)
    if not wanted:
        return "an excerpt of nothing"
    endings = LANGUAGES[excerpt.language]
    candidates = {file: lines for file, lines in sources.items() if file.endswith(endings)}
    best = max(candidates, key=lambda file: reaches(candidates[file], wanted), default="")
    count = reaches(candidates[best], wanted) if best else 0
    if count == len(wanted):
        return None
    missing = f"no source has its lines from '{wanted[count][0]}' on"
    return f"{missing}, as {best} has those before" if count else missing


def problems(root: Path, files: Iterable[str]) -> list[str]:
    """The excerpts in the tour that are not of these sources."""
    endings = tuple(ending for group in LANGUAGES.values() for ending in group)
    sources = {
        file: [line.strip() for line in (root / file).read_text(errors="replace").splitlines()]
        for file in files
        if file.endswith(endings)
    }
    return [
        f"{document.relative_to(root)}:{excerpt.line + 1}: {said}"
        for document in sorted(root.glob("docs/tour/*.md"))
        for excerpt in excerpts(document.read_text())
        if (said := wrong(excerpt, sources))
    ]
