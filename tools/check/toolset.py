# SPDX-License-Identifier: MIT
"""What one build of the kernels is made with."""
from __future__ import annotations

import os
from typing import NamedTuple, Optional

from check.step import missing, run


class Toolset(NamedTuple):
    """A compiler and a linker, written COMPILER[+LINKER]; without one the Makefile chooses."""

    compiler: str
    linker: str = ""

    @classmethod
    def named(cls, text: str) -> Toolset:
        compiler, _, linker = text.partition("+")
        return cls(compiler, linker)

    @property
    def name(self) -> str:
        """For people and for folders: no path."""
        return "+".join(os.path.basename(tool) for tool in self if tool)

    def variables(self) -> list[str]:
        """As make takes them."""
        return [f"CC={self.compiler}", *([f"LD={self.linker}"] if self.linker else [])]

    def missing(self) -> Optional[str]:
        """Why nothing can be built with these; None when all is there."""
        for tool in (*filter(None, self), "nasm"):
            if reason := missing(tool):
                return reason
        # Apple's gcc, say, or any compiler on another machine.
        machine = self.machine()
        if machine.startswith("x86_64") and "darwin" not in machine:
            return None
        return f"tool {self.name} for x86_64 ELF missing: this one is for {machine}"

    def machine(self) -> str:
        return run([self.compiler, "-dumpmachine"], f"{self.name}-target").text
