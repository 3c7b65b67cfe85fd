# SPDX-License-Identifier: MIT
"""A page for each header, from its contracts: the comments are written to be read so."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, NamedTuple

FOLDERS = ("kernel", "kernel/shell", "drivers", "mm", "mm/checked", "boot", "lib", "lib/x86")

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
SPDX = "SPDX-License-Identifier"
FUNCTION_NAME = re.compile(r"\b(\w+)\((?!\()")
# Lines that are no declarations.
SKIPPED = ("#pragma", "#include", "#if", "#endif", "#else", "#undef", "_Static_assert")
NO_FUNCTIONS = ("#", "struct", "enum", "typedef")
ATTRIBUTES = re.compile(r"PRINTF_LIKE\([^)]*\)|__attribute__\(\([^)]*\)\)")


class Item(NamedTuple):
    """A declaration with the comment before it."""

    comment: str
    code: str

    @property
    def name(self) -> str:
        """Of the function; nothing for what is none."""
        head = self.code.partition("{")[0]
        if self.code.startswith(NO_FUNCTIONS) and "(" not in head:
            return ""
        found = FUNCTION_NAME.search(ATTRIBUTES.sub("", head))
        return found[1] if found else ""


def plain(comment: str) -> str:
    """A comment's text without its stars, its layout kept."""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return "\n".join(lines).strip()


def blocks(text: str) -> Iterator[str]:
    """Pieces of a header between empty lines; a comment and a body stay whole."""
    block: list[str] = []
    depth = 0
    in_comment = False
    for line in text.splitlines():
        if not line.strip() and depth == 0 and not in_comment:
            if block:
                yield "\n".join(block)
            block = []
            continue
        block.append(line)
        in_comment = (in_comment or "/*" in line) and "*/" not in line.rpartition("/*")[2]
        depth += line.count("{") - line.count("}")
    if block:
        yield "\n".join(block)


def without_body(code: str) -> str:
    """An inline function's prototype; all else as it is."""
    if re.match(r"(MUST_CHECK |NORETURN |COLD )*static (ALWAYS_)?inline", code):
        return code.partition("\n{")[0].rstrip() + ";"
    return code


def items(text: str) -> tuple[str, list[Item]]:
    """What a header says of itself, and what it declares."""
    about = ""
    found = []
    for block in blocks(text):
        lines = [line for line in block.splitlines() if not line.startswith(SKIPPED)]
        block = "\n".join(line for line in lines if SPDX not in line).strip()
        match = COMMENT.match(block)
        code = block[match.end() :].strip() if match else block
        comment = plain(match[1]) if match else ""
        if comment and not code:
            about = about or comment
        elif code:
            found.append(Item(comment, without_body(code)))
    return about, found


def page(header: str, text: str) -> str:
    """A header as Markdown."""
    about, declared = items(text)
    lines = [f"# {header}", "", about.replace("<", "&lt;"), ""]
    for item in declared:
        if item.name:
            lines += [f"## {item.name}", ""]
        lines += ["```c", item.code, "```", ""]
        if item.comment:
            lines += ["```text", item.comment, "```", ""]
    return "\n".join(lines)


def headers(root: Path) -> list[str]:
    found = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.h"))]
    return [str(path.relative_to(root)) for path in found]


def write(root: Path, target: Path) -> dict[str, list[str]]:
    """A page for each header below target; the pages' names by folder."""
    index: dict[str, list[str]] = {}
    for header in headers(root):
        path = target / f"{header}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(header, (root / header).read_text()))
        index.setdefault(str(Path(header).parent), []).append(header)
    return index
