# SPDX-License-Identifier: MIT
"""Names, lines and calls of a kernel, by binutils."""
from __future__ import annotations

import bisect
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

CALL = re.compile(r"^([0-9a-f]+):\s.*\bcall\s+[0-9a-f]+ <([^>+]+)>$")


class Function(NamedTuple):
    address: int
    name: str


def output(*command: object, given: str = "") -> str:
    return subprocess.run(
        [*map(str, command)], input=given, capture_output=True, text=True, check=True
    ).stdout


class Symbols:
    """Of an ELF file with debug information."""

    def __init__(self, debug: Path) -> None:
        self.debug = debug
        lines = [line.split() for line in output("nm", "-n", debug).splitlines()]
        self.functions = [Function(int(line[0], 16), line[2])
                          for line in lines if len(line) == 3 and line[1] in "tT"]  # fmt: skip

    def address(self, name: str) -> int:
        """The address of a function; KeyError where there is none of that name."""
        for function in self.functions:
            if function.name == name:
                return function.address
        raise KeyError(name)

    def function(self, address: int) -> str:
        """The name of the function that an address is in."""
        index = bisect.bisect(self.functions, Function(address, "\x7f")) - 1
        return self.functions[index].name if index >= 0 else "?"

    def lines(self, addresses: list[int]) -> list[str]:
        """Each address's "file:line", of the innermost inlined function."""
        given = "".join(f"{address:#x}\n" for address in addresses)
        told = output("addr2line", "-e", self.debug, given=given)
        return [line.split(" ")[0] for line in told.splitlines()]

    def calls_in(self, name: str, full: Path) -> list[tuple[int, str]]:
        """Addresses and targets of a function's direct calls, in order."""
        text = output("objdump", "-d", "--no-show-raw-insn", "-M", "intel", f"--disassemble={name}",
                      full)  # fmt: skip
        matches = (CALL.match(line.strip()) for line in text.splitlines())
        return [(int(match[1], 16), match[2]) for match in matches if match]
