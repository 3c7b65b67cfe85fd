# SPDX-License-Identifier: MIT
"""Both kernels as one compiler and linker make them: built without a warning, gated, host-tested.

Each toolset builds into build/check/<toolset>/, so that the user's own build
keeps its flags and its objects.
"""
from __future__ import annotations

import os
import re
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Callable, Iterable, Optional

from check import code_gates, loaded_gates
from check.image import Binutils, Image
from check.loaded_gates import GRUB_FILE
from check.step import (
    OUTPUT,
    Output,
    finished,
    inside,
    judged,
    missing,
    missing_all,
    place,
    run,
    skipped,
)
from check.toolset import Toolset
from odyssey import ktap
from odyssey.jobs import Done
from odyssey.report import PASS, SKIP, Result
from odyssey.settings import BUILD

KERNELS = ("odyssey", "odyssey-test")
# The Makefile's lines that say what it does.
PROGRESS = re.compile(r"  [A-Z]+ +\S+( \S+)?$")
# The package with a compiler's sanitizer runtime, on Debian.
RUNTIMES = {"gcc": "libgcc-12-dev", "clang": "libclang-rt-14-dev"}

EMPTY_PROGRAM = "int main(void) { return 0; }"

LOADED_GATES = (
    loaded_gates.grub_accepts,
    loaded_gates.multiboot2_header,
    loaded_gates.nothing_writable_and_executable,
    loaded_gates.segments,
    loaded_gates.no_orphan_section,
    loaded_gates.nothing_for_debuggers,
)
CODE_GATES = (
    code_gates.no_vector_instruction,
    code_gates.no_access_below_stack,
    code_gates.no_library_recursion,
    code_gates.small_frames,
)

Gate = Callable[[Image], list[str]]


class Build:
    """One toolset's kernels."""

    def __init__(self, make: str, tools: Toolset, binutils: Binutils) -> None:
        self.tools = tools
        self.name = tools.name
        self.folder = OUTPUT / self.name
        self._make = make
        self._binutils = binutils

    def files(self, suffix: str) -> list[Path]:
        return [self.folder / f"{kernel}{suffix}" for kernel in KERNELS]

    def check(self, is_default: bool, is_new_compiler: bool) -> Done:
        """Everything there is to know about this toolset's build."""
        if reason := self.tools.missing():
            return Done([skipped("build", self.name, reason)])
        built = self.make("both kernels", *map(inside, self.files(".elf")))
        results = [built]
        notes: tuple[str, ...] = ()
        if built.mark == "ok":
            results += [*self._image(), *self.gates()]
            if is_default:
                results.append(self.same_as_default())
                notes = self.notes()
        # A cross compiler makes no program of this machine; a linker makes no other test.
        if is_new_compiler and not self.tools.machine().endswith("-elf"):
            results += self._host_tests()
        return Done(results, notes)

    def make(self, what: str, *targets: str, **variables: str) -> Result:
        """Build some targets into this build's folder, any warning an error."""
        log = f"{self.name}-{what.replace(' ', '-')}"
        chosen = {"BUILD": inside(self.folder), "CI": "true", **variables}
        words = [*self.tools.variables(), *(f"{name}={value}" for name, value in chosen.items())]
        started = time.monotonic()
        output = run([self._make, "--no-print-directory", *words, *targets], log)
        problems = [line for line in output.text.splitlines() if not PROGRESS.match(line)]
        if output.status == 0:
            problems = [line for line in problems if "warning:" in line]
        outcome = "error" if problems or output.status != 0 else PASS
        name = f"{self.name}: {what}"
        return finished("build", name, outcome, problems, started, place(log))

    def _image(self) -> list[Result]:
        reason = missing("xorriso") or missing_all("grub-mkrescue", "grub2-mkrescue")
        if reason:
            return [skipped("build", f"{self.name}: bootable image", reason)]
        iso = self.folder / "odyssey.iso"
        built = self.make("bootable image", inside(iso))
        if built.mark != "ok":
            return [built]
        return [built, self._gate("iso_size", lambda: loaded_gates.iso_size(iso))]

    def gates(self) -> list[Result]:
        loaded = [Image(path, self._binutils) for path in self.files(".elf")]
        linked = [Image(path, self._binutils) for path in self.files(".full")]
        results = []
        for gate in LOADED_GATES:
            reason = missing(GRUB_FILE) if gate is loaded_gates.grub_accepts else None
            if reason:
                results.append(skipped("gate", f"{self.name}: {gate.__name__}", reason))
            else:
                results.append(self._gate_over(gate, loaded))
        reason = self._no_disassembly()
        if reason:
            results.append(skipped("gate", f"{self.name}: all of the code", reason))
        else:
            results += [self._gate_over(gate, linked) for gate in CODE_GATES]
            # What the normal kernel alone is held to.
            results.append(self._gate_over(code_gates.stacks_hold, linked[:1]))
        results.append(self._gate_over(loaded_gates.image_size, loaded[:1]))
        results.append(self._gate("debug_file_matches", partial(self._debug, loaded, linked)))
        results.append(self._gate("symbol_table", partial(self._symbols, loaded, linked)))
        return results

    def _no_disassembly(self) -> Optional[str]:
        """Why there can be none here."""
        return missing(self._binutils.objdump) or missing(self._binutils.addr2line)

    def _gate_over(self, gate: Gate, images: list[Image]) -> Result:
        """One gate's result for several files."""

        def find() -> Iterable[str]:
            for image in images:
                yield from _named(image, gate(image))

        return self._gate(gate.__name__, find)

    def _gate(self, name: str, find: Callable[[], Iterable[str]]) -> Result:
        return judged("gate", f"{self.name}: {name}", find, "refused")

    def _debug(self, loaded: list[Image], linked: list[Image]) -> Iterable[str]:
        for image, full, debug in zip(loaded, linked, self.files(".debug")):
            beside = Image(debug).elf
            yield from _named(image, loaded_gates.debug_file_matches(image, beside, full.elf))

    def _symbols(self, loaded: list[Image], linked: list[Image]) -> Iterable[str]:
        for image, full, first in zip(loaded, linked, self.files(".first")):
            before = Image(first).elf
            yield from _named(image, loaded_gates.symbol_table(image, full.elf, before))

    def notes(self) -> tuple[str, ...]:
        if self._no_disassembly():
            return ()
        kernel = Image(self.folder / "odyssey.full", self._binutils)
        title = f"the most that can be on a stack of {self.name}'s kernel, in bytes"
        return (f"{title}\n{code_gates.stack_report(kernel)}",)

    def same_as_default(self) -> Result:
        """What was gated is what `make` builds: the same file, in two folders."""
        log = f"{self.name}-default-build"
        shipped = BUILD / "odyssey.elf"
        words = [f"BUILD={inside(BUILD)}", *self.tools.variables(), inside(shipped)]
        output = run([self._make, "--no-print-directory", *words], log)

        def find() -> Iterable[str]:
            if output.status != 0:
                yield f"make {inside(shipped)}: ended with status {output.status}"
            elif shipped.read_bytes() != (self.folder / "odyssey.elf").read_bytes():
                yield f"{inside(shipped)} differs from {inside(self.folder / 'odyssey.elf')}"

        return self._gate("same_as_default_build", find)

    def _host_tests(self) -> list[Result]:
        name = f"{self.name}: host tests"
        reason = runtime_missing(self.tools.compiler, "address,undefined", EMPTY_PROGRAM)
        if reason:
            return [skipped("build", name, reason)]
        program = self.folder / "host" / "unit-tests"
        built = self.make("host tests", inside(program), HOST_CC=self.tools.compiler)
        if built.mark != "ok":
            return [built]
        log = f"{self.name}-host-tests-run"
        output = run([str(program)], log, UBSAN_OPTIONS="print_stacktrace=1")
        return [built, *ktap_results(f"host-{self.name}", output, place(log))]


def runtime_missing(compiler: str, sanitizers: str, source: str) -> Optional[str]:
    """Whether this compiler cannot make a program of this machine with sanitizers."""
    name = os.path.basename(compiler)
    with tempfile.TemporaryDirectory(dir=OUTPUT) as scratch:
        file, program = Path(scratch, "small.c"), Path(scratch, "small")
        file.write_text(source + "\n")
        command = [compiler, f"-fsanitize={sanitizers}", "-o", str(program), str(file)]
        output = run(command, f"{name}-sanitizers")
    if output.status == 0:
        return None
    package = RUNTIMES.get(name, "of its own")
    return f"tool {name}'s {sanitizers} runtime missing (package {package})"


def _named(image: Image, problems: list[str]) -> list[str]:
    return [f"{inside(image.path)}: {problem}" for problem in problems]


def ktap_results(suite: str, output: Output, log: str) -> list[Result]:
    """A result for each test, and one more where the program did not end as it said."""
    outcomes = {"passed": PASS, "skipped": SKIP, "failed": "assertion"}
    transcript = ktap.read(output.stdout)
    results = [
        Result("suite", f"{suite}.{test.name}", outcomes[test.status], test.detail, log=log)
        for test in transcript.results
    ]
    expected = 1 if transcript.failed else 0
    if output.status != expected or not transcript.is_complete:
        name = transcript.running or "run"
        detail = "\n".join([f"status {output.status}", *transcript.complaints, output.text[-2000:]])
        results.append(Result("suite", f"{suite}.{name}", "crash", detail, log=log))
    return results
