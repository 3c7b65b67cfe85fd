# SPDX-License-Identifier: MIT
"""How large the normal kernel is, and what it does and takes until its prompt."""
from __future__ import annotations

import re

from bench.figures import Figure
from bench.kernel import EXACT, FOLDER, BenchError
from bench.profile import plugin
from bench.symbols import Symbols, output
from odyssey import qemu
from odyssey.machine import Machine
from odyssey.settings import BUILD
from odyssey.shell import Shell

SECTION = re.compile(r"^\s*\[ *\d+\] (\.\w+)\s+(?:PROGBITS|NOBITS)\s+\S+ \S+ (\S+)", re.M)
MEMORY = re.compile(r"^(usable|free): (\d+) KiB$", re.M)
MARK = re.compile(r"^mark (\w+) (\d+)$", re.M)
LOADED = (".text", ".rodata", ".symbols", ".data")
UPPER_HALF = 0xFFFFFFFF80000000  # the entry runs without it: paging is off
AT_PROMPT = "input_wait"  # what the shell calls first once its prompt stands


def sections() -> list[Figure]:
    """Bytes of each section, of what is loaded of the file, and of the image."""
    text = output("readelf", "-SW", BUILD / "odyssey.elf")
    sizes = {name: int(size, 16) for name, size in SECTION.findall(text)}
    figures = [
        Figure(f"bytes.section{name}", size, is_judged=False) for name, size in sizes.items()
    ]
    figures.append(Figure("bytes.text_rodata_data", sum(sizes[name] for name in LOADED)))
    iso = (BUILD / "odyssey.iso").stat().st_size
    return [*figures, Figure("bytes.iso", iso, is_judged=False)]


def boot() -> list[Figure]:
    """Instructions from the kernel's entry to its prompt, by PVH, and what memory it takes."""
    symbols = Symbols(BUILD / "odyssey.debug")
    calls = symbols.calls_in("kmain", BUILD / "odyssey.full")
    entry, prompt = symbols.address("pvh_entry") - UPPER_HALF, symbols.address(AT_PROMPT)
    out = FOLDER / "boot-counts"
    out.unlink(missing_ok=True)
    marks = [entry, *(address for address, _ in calls), prompt]
    options = [f"mark={address:x}" for address in marks]
    counted = plugin(out=out)
    medium = [*qemu.direct(BUILD / "odyssey.elf"), *EXACT,
              counted[0], ",".join([counted[1], *options])]  # fmt: skip
    with Machine(medium, FOLDER / "boot-prompt", qemu.Hardware()) as machine:
        machine.start()
        said = Shell(machine).run("mem")
    kib = {name: int(number) for name, number in MEMORY.findall(said)}
    if not out.is_file() or len(kib) != 2:
        raise BenchError("the boot told nothing; see build/bench/boot-prompt.stderr")
    totals = {int(address, 16): int(total) for address, total in MARK.findall(out.read_text())}
    in_use = Figure("bytes.memory_in_use_at_prompt", (kib["usable"] - kib["free"]) * 1024)
    return [*_phases(totals, calls, entry, prompt), in_use]


def _phases(
    totals: dict[int, int], calls: list[tuple[int, str]], entry: int, prompt: int
) -> list[Figure]:
    """Each of kmain's calls, from it to the next that was executed."""
    done = sorted((totals[address], name) for address, name in calls if totals.get(address))
    figures = {"boot_phase.entry_to_kmain": done[0][0] - totals[entry]}
    for (began, name), (ended, _) in zip(done, [*done[1:], (totals[prompt], "")]):
        figures[f"boot_phase.{name}"] = figures.get(f"boot_phase.{name}", 0) + ended - began
    whole = Figure("prompt.from_kernel_entry", totals[prompt] - totals[entry])
    # The parts are to be read; where the boot is going is told by the whole.
    return [whole, *(Figure(name, count, is_judged=False) for name, count in figures.items())]
