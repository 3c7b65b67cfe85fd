# SPDX-License-Identifier: MIT
"""The documents speak of what there is: each name in backquotes, link, drawing and example.

A name in backquotes is judged by its shape: `f()` has to be defined, `a/b.c` has
to be there, `make x` has to be a target, `clock=tick` a word of the command line,
`crash null` a kind of crash, `suite.name` a test, a sentence one that the kernel
says; any other single word has to occur in the sources, or in FOREIGN. A fence names
its language, so that what is a session is held (odyssey/transcript.py).
"""
from __future__ import annotations

import fnmatch
import re
from pathlib import Path
from typing import Callable, Iterable, Iterator, NamedTuple, Optional

from docs.drawings import is_current
from docs.fences import HEADING, fences, prose
from docs.names import Names
from odyssey.transcript import SESSIONS

# What the documents name and no source has: other programs' and languages' words.
FOREIGN = frozenset(("AAAAAAAA", "check_exception", "crt0", "unsafe"))

# Beginnings of sentences that others say, or that are examples of how to say something.
FOREIGN_SENTENCES = (
    "area: ", "mm: frame: ", "relocation truncated to fit", "error: no multiboot header found",
    "diskutil ",
)  # fmt: skip

# Of fences that show no session: sources, lines to type, drawings and tables.
LANGUAGES = ("c", "nasm", "python", "make", "sh", "text")
# How a line of a session begins. Elsewhere it would be a session that nobody holds.
OF_SESSIONS = (*SESSIONS.values(), "KERNEL PANIC: ")

NO_HEADING = re.compile(r"#+[^#\s]")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")  # its text may begin on the line before

CALL = re.compile(r"(?:\w+\.)?(\w+)\([^()]*\)")
TAGGED = re.compile(r"(?:struct|enum|union) (\w+)")
FILE = re.compile(r"[\w.-]*[\w*-]/[\w./*-]*|[\w*-]+\.(?:c|h|asm|py|sh|md|ld|cfg|mk|dot)")
TEST = re.compile(r"[a-z]\w*\.[a-z]\w*")
SETTING = re.compile(r"([a-z]+)=([\w|,-]+)")
VARIABLE = re.compile(r"([A-Z][A-Z0-9_]+)=.*")
WORD = re.compile(r"_*[A-Za-z][\w-]*\*?")
# What the kernel says: words, or words behind a colon.
SAID = re.compile(r"[a-z][\w -]*: \w[^;/=]*|[a-z]+ [a-z-]+ [a-z][^;/=]*")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
BROKEN_LITERAL = re.compile(r'"\s*\n\s*"')
DIRECTIVE = re.compile(r"%[-#0-9.*]*[a-z]+")
FIXED_LETTERS_LEAST = 8  # at a literal's beginning, so that "%s: %s" says nothing
# `vector_0`, of a row of names that the sources make of "vector_" and a number.
NUMBERED = re.compile(r"_\d+$")
# Of a system, invented for an example, a number or an address of the web.
NOT_FILES = re.compile(r"/|\d|https?:|\$")
NOT_LOOKED_INTO = ("build", ".git")
# Words of the command line whose values are names.
WITH_NAMED_VALUES = ("clock", "panic", "console", "keymap")


class Problem(NamedTuple):
    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def spans(text: str) -> Iterator[tuple[int, str]]:
    """What stands in backquotes, and lines of examples that call make; each with its line."""
    for number, line in prose(text):
        for match in SPAN.finditer(line):
            yield number, match[1].strip()
    for fence in fences(text):
        for number, line in enumerate(fence.body, fence.line + 1):
            typed = line.removeprefix(SESSIONS["console"])
            if typed.startswith("make "):
                yield number, typed.partition("#")[0].strip()


def anchor(heading: str) -> str:
    """As sites and GitHub make it of a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\s-]", "", plain.lower()).strip().replace(" ", "-")


def anchors(text: str) -> set[str]:
    headings = (HEADING.match(line) for _, line in prose(text))
    return {anchor(heading[1]) for heading in headings if heading}


class Checker:
    """Looks names up in the sources below a root."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        files = list(files)
        self.root = root
        self.names = Names(root, [file for file in files if not file.endswith("check/docs_names.py")])
        self.settings = self._quoted(r'\.name = "(\w+)"', "kernel/command_line.c", "*/program.c")
        self.values = self._quoted(r'"([\w-]+)"', "kernel/command_line.c", "drivers/keymap*.c")
        self.kinds = {
            "crash": self._quoted(r'\{"([\w-]+)", "', "kernel/commands/crash.c"),
            "spawn": self._quoted(r'\{"([\w-]+)",', "kernel/commands/spawn.c"),
        }
        self.figures = self._quoted(r'^ *"([^"@]+)(?:@[^"]*)?":', "tests/bench/recorded.json")
        self.sayings = self._sayings([file for file in files if file.endswith((".c", ".asm"))])
        paths = (path for top in root.iterdir() if top.name not in NOT_LOOKED_INTO
                 for path in ([top] if top.is_file() else top.rglob("*")))  # fmt: skip
        self.file_names = {path.name for path in paths}
        self.names.words.update(Path(name).stem for name in self.file_names)

    def _quoted(self, pattern: str, *globs: str) -> set[str]:
        found: set[str] = set()
        for glob in globs:
            for path in self.root.rglob(glob) if glob.startswith("*") else self.root.glob(glob):
                if "build" not in path.relative_to(self.root).parts:
                    found.update(re.findall(pattern, path.read_text(), re.MULTILINE))
        return found

    def _sayings(self, files: Iterable[str]) -> list[tuple[str, re.Pattern[str]]]:
        """The sources' sentences, and what each matches once its values are filled in."""
        found = []
        for file in files:
            text = BROKEN_LITERAL.sub("", (self.root / file).read_text(errors="replace"))
            for literal in LITERAL.findall(text):
                fixed = [re.escape(part) for part in DIRECTIVE.split(literal.replace("\\n", ""))]
                if len(DIRECTIVE.split(literal)[0]) >= FIXED_LETTERS_LEAST:
                    found.append((literal, re.compile(".+?".join(fixed))))
        return found

    def _wrong_said(self, sentence: str) -> Optional[str]:
        """A sentence may be cut short, by three dots or without."""
        begun = sentence.rstrip(". ")
        if begun.startswith(FOREIGN_SENTENCES):
            return None
        if any(begun in literal or filled.match(begun) for literal, filled in self.sayings):
            return None
        return "the kernel says nothing like that"

    def wrong(self, span: str, folder: Path) -> Optional[str]:
        """What is wrong with a name in backquotes; None for nothing, or for no name of ours."""
        if span.startswith("make ") or span == "make":
            return self._wrong_make(span.split()[1:])
        first, _, rest = span.partition(" ")
        if first in self.kinds and rest and re.fullmatch(r"[a-z][a-z-]*( &)?", rest):
            kind = rest.split()[0]
            return None if kind in self.kinds[first] else f"'{kind}' is nothing to {first}"
        shapes: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Optional[str]]], ...] = (
            (CALL, lambda match: self._wrong_defined(match[1])),
            (TAGGED, lambda match: self._wrong_defined(match[1])),
            (FILE, lambda match: self._wrong_file(match[0], folder)),
            (TEST, lambda match: self._wrong_test(match[0])),
            (SETTING, lambda match: self._wrong_setting(match[1], match[2])),
            (VARIABLE, lambda match: self._wrong_word(match[1])),
            (WORD, lambda match: self._wrong_word(match[0])),
            (SAID, lambda match: self._wrong_said(match[0])),
        )
        for shape, judge in shapes:
            match = shape.fullmatch(span)
            if match:
                return judge(match)
        return None

    def _wrong_defined(self, name: str) -> Optional[str]:
        if name in self.names.defined or name in FOREIGN:
            return None
        return f"'{name}' is defined nowhere"

    def _wrong_file(self, name: str, folder: Path) -> Optional[str]:
        """A path from the top or from the document's folder, or a file's name alone."""
        if name.startswith("build/") or NOT_FILES.match(name):
            return None
        pattern = re.sub(r"NAME|NN", "*", name).rstrip("/")
        if any(self.root.glob(pattern)) or any(folder.glob(pattern)):
            return None
        if "/" not in name and fnmatch.filter(self.file_names, pattern):
            return None
        return f"no file '{name}'"

    def _wrong_test(self, name: str) -> Optional[str]:
        suite = name.partition(".")[0]
        if name in self.names.tests or name in self.figures:
            return None
        return self._wrong_parts(name) if suite not in self.names.tests else f"no test '{name}'"

    def _wrong_parts(self, name: str) -> Optional[str]:
        missing = [part for part in name.split(".") if part not in self.names.words]
        return f"'{name}' occurs nowhere" if missing and name not in FOREIGN else None

    def _wrong_setting(self, name: str, value: str) -> Optional[str]:
        if name not in self.settings:
            return None if name in self.names.words else f"no word '{name}=' of the command line"
        if name in WITH_NAMED_VALUES:
            for word in re.split(r"[|,]", value):
                if word.islower() and word not in self.values:
                    return f"'{name}=' takes no '{word}'"
        return None

    def _wrong_word(self, name: str) -> Optional[str]:
        words = self.names.words
        if name.endswith("*"):
            known = any(word.startswith(name[:-1]) for word in words)
        else:
            spellings = (name, NUMBERED.sub("_", name), NUMBERED.sub("", name))
            known = name in FOREIGN or not words.isdisjoint(spellings)
            known = known or all(part in words for part in name.split("-"))
        return None if known else f"'{name}' occurs nowhere in the sources"

    def _wrong_make(self, words: list[str]) -> Optional[str]:
        for word in words:
            if "=" in word:
                wrong = self._wrong_word(word.partition("=")[0])
            elif word.startswith("-") or not re.fullmatch(r"[a-z][\w.-]*", word):
                return None
            else:
                wrong = None if word in self.names.targets else f"make has no target '{word}'"
            if wrong:
                return wrong
            if "'" in word or word.endswith("="):
                return None
        return None


def link_problems(root: Path, document: Path, text: str) -> Iterator[Problem]:
    name = str(document.relative_to(root))
    for number, line in prose(text):
        for target in LINK.findall(line):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, part = target.partition("#")
            aim = (document.parent / path).resolve() if path else document
            if not aim.exists():
                yield Problem(name, number, f"link to '{target}': no such file")
            elif part and aim.suffix == ".md" and part not in anchors(aim.read_text()):
                yield Problem(name, number, f"link to '{target}': no such heading")


def heading_problems(name: str, text: str) -> Iterator[Problem]:
    """`#UD` at the beginning of a line: the site makes a heading of it, GitHub does not."""
    for number, line in prose(text):
        if NO_HEADING.match(line):
            yield Problem(name, number, f"'{line.split()[0]}' begins a line, and becomes a heading")


def fence_problems(name: str, text: str) -> Iterator[Problem]:
    known = (*SESSIONS, *LANGUAGES)
    for fence in fences(text):
        if fence.language not in known:
            got = f"'{fence.language}'" if fence.language else "none"
            yield Problem(name, fence.line, f"a fence's language: got {got}, want {', '.join(known)}")
        elif fence.language in LANGUAGES:
            for number, line in enumerate(fence.body, fence.line + 1):
                if line.startswith(OF_SESSIONS):
                    why = f"of a session, in a fence of the language {fence.language}"
                    yield Problem(name, number, f"'{line}' is {why}")


def drawing_problems(root: Path) -> Iterator[Problem]:
    for source in sorted(root.glob("docs/images/*.dot")):
        if not is_current(source):
            name = str(source.relative_to(root))
            yield Problem(name, 1, "its drawing is missing or older: `make docs` draws it")


def documents(root: Path) -> list[Path]:
    found = [*root.glob("*.md"), *root.glob(".github/*.md"), *(root / "docs").rglob("*.md")]
    return sorted(found)


def problems(root: Path, files: Iterable[str]) -> list[str]:
    """What the documents below root name that is not there."""
    checker = Checker(root, files)
    found: list[Problem] = []
    for document in documents(root):
        text = document.read_text()
        name = str(document.relative_to(root))
        for line, span in spans(text):
            wrong = checker.wrong(span, document.parent)
            if wrong:
                found.append(Problem(name, line, f"`{span}`: {wrong}"))
        found += link_problems(root, document, text)
        found += heading_problems(name, text)
        found += fence_problems(name, text)
    found += drawing_problems(root)
    return [str(problem) for problem in found]
