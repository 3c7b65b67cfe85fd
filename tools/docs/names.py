# SPDX-License-Identifier: MIT
"""Where the names of this project are defined: what the documents may speak of.

Found by how the sources are laid out (.clang-format keeps them so), not by a
compiler: a definition begins in the first column.
"""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, NamedTuple


class Place(NamedTuple):
    file: str
    line: int


# Kind of file -> what defines the name in the first group, by line.
C_DEFINITIONS = tuple(
    map(
        re.compile,
        (
            r"#define (\w+)",
            r"    #?X\((\w+),",
            r"(?:struct|enum|union) (\w+) \{",
            r"typedef .*?\b(\w+)(?:\(|;)",
            r"\} (\w+);",
            r"(?:[a-zA-Z_][\w ]*[ *]+)(\w+)\(",
            r"(?:extern |static |const )*\w[\w ]*[ *](\w+)(?:\[.*\])*(?: =.*|;)$",
            r"    (\w+)(?: = [^;]+)?,(?: /\*.*)?$",
            r"    X\((\w+),",
        ),
    )
)
ASM_DEFINITIONS = tuple(
    map(re.compile, (r"(\w+):", r"%(?:i?macro|define|assign) (\w+)", r"(\w+)\s+equ "))
)
PYTHON_DEFINITIONS = tuple(map(re.compile, (r"\s*(?:def|class) (\w+)", r"(\w+)(?:: [^=]+)? = ")))
SHELL_DEFINITIONS = (re.compile(r"(\w+)\(\) \{"), re.compile(r"(\w+)="))
DEFINITIONS = {
    ".c": C_DEFINITIONS,
    ".h": C_DEFINITIONS,
    ".asm": ASM_DEFINITIONS,
    ".py": PYTHON_DEFINITIONS,
    ".sh": SHELL_DEFINITIONS,
}
LISTED = re.compile(
    r"(?:KTEST|TASK_TEST|KBENCH|SHELL_COMMAND|KTEST_COUNTER)\((\w+)(?:,\s*(\w+))?", re.MULTILINE
)
WORD = re.compile(r"[A-Za-z_][\w-]*")
LINKER_SYMBOL = re.compile(r"(__\w+) = ")
MAKE_TARGET = re.compile(r"([a-z][\w.-]*):(?!=)")
# A header's declaration comes last: who asks where a function is wants its body.
ORDER = {".c": 0, ".asm": 0, ".py": 1, ".sh": 1, ".h": 2}


class Names:
    """All names in some source files, given as paths from a root."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        self.defined: dict[str, Place] = {}
        self.tests: dict[str, Place] = {}
        self.targets: set[str] = set()
        self.words: set[str] = set()
        for file in sorted(files, key=lambda file: (ORDER.get(Path(file).suffix, 3), file)):
            self._read(file, (root / file).read_text(errors="replace"))

    def _read(self, file: str, text: str) -> None:
        self.words.update(WORD.findall(text))
        for match in LISTED.finditer(text):
            place = Place(file, text.count("\n", 0, match.start()) + 1)
            suite, name = match.groups()
            if name:
                self.tests.setdefault(f"{suite}.{name}", place)
                self.tests.setdefault(suite, place)
            self.defined.setdefault(suite, place)
        path = Path(file)
        if path.suffix == ".mk" or path.name == "Makefile":
            self._read_makefile(text)
        for number, line in enumerate(text.splitlines(), 1):
            for pattern in DEFINITIONS.get(path.suffix, ()):
                found = pattern.match(line)
                if found:
                    self.defined.setdefault(found[1], Place(file, number))
        for name in LINKER_SYMBOL.findall(text) if path.suffix == ".ld" else ():
            self.defined.setdefault(name, Place(file, 1))

    def _read_makefile(self, text: str) -> None:
        for line in text.splitlines():
            found = MAKE_TARGET.match(line)
            if found:
                self.targets.add(found[1])
