# SPDX-License-Identifier: MIT
"""What the Makefile would run, from `make -n`: which commands compile, and what is linked.

    python3 -m check.build_plan MAKE TARGET... > compile_commands.json
"""
from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

SOURCES = (".c", ".asm")
# A make that is told about its parent would take over its -j and its -n.
MAKE_PRIVATE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


class PlanError(Exception):
    """The Makefile does not know how to build that."""


@dataclass
class Plan:
    """The commands of a build from nothing."""

    root: Path
    # Source, output, the whole command.
    compiles: list[tuple[str, str, list[str]]] = field(default_factory=list)
    inputs: set[str] = field(default_factory=set)  # of links

    @property
    def linked(self) -> set[str]:
        """Sources whose objects are linked into something."""
        return {source for source, output, _ in self.compiles if output in self.inputs}

    def add(self, other: Plan) -> None:
        """This and another build."""
        self.compiles += other.compiles
        self.inputs |= other.inputs

    def without(self, folder: str) -> Plan:
        """This build, but for what it compiles out of a folder: sources that it makes itself."""
        kept = [one for one in self.compiles if not one[0].startswith(folder)]
        return replace(self, compiles=kept)

    def compile_commands(self) -> list[dict[str, object]]:
        """As clangd and clang-tidy want it: one command for each C file, the first there is."""
        chosen = {}
        for source, output, command in self.compiles:
            if source.endswith(".c"):
                entry = {"directory": str(self.root), "file": source, "arguments": command}
                chosen.setdefault(source, {**entry, "output": output})
        return [chosen[source] for source in sorted(chosen)]


def read_plan(root: Path, make: str, *arguments: str) -> Plan:
    """The plan for some targets and variables. Runs nothing and writes nothing."""
    environment = {name: value for name, value in os.environ.items() if name not in MAKE_PRIVATE}
    command = [make, "--no-print-directory", "-n", "-B", "V=1", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise PlanError(f"{' '.join(command)}: {done.stderr.strip()}")
    plan = Plan(root)
    for line in done.stdout.splitlines():
        _read_command(plan, line)
    return plan


def _read_command(plan: Plan, line: str) -> None:
    try:
        words = shlex.split(line)
    except ValueError:
        return  # a line of shell that no compiler is called by
    if "-o" not in words[:-1]:
        return
    output = words[words.index("-o") + 1]
    inputs = [word for word in words[1:] if not word.startswith("-") and word != output]
    sources = [word for word in inputs if word.endswith(SOURCES)]
    if len(sources) == 1:
        plan.compiles.append((sources[0], output, words))
    else:
        plan.inputs |= {word for word in inputs if word.endswith(".o")}


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit("usage: check.build_plan MAKE TARGET...")
    try:
        plan = read_plan(Path.cwd(), *sys.argv[1:])
    except PlanError as error:
        sys.exit(str(error))
    json.dump(plan.compile_commands(), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
