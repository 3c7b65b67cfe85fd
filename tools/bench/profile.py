# SPDX-License-Identifier: MIT
"""Where a benchmark's instructions go: counted by a plugin of QEMU's, one by one.

Only what is between the start and the end of a measurement counts, interrupts
included. build/bench/profile.txt has every line and instruction.
"""
from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Union

from bench import kernel
from bench.kernel import FOLDER, BenchError
from bench.symbols import Symbols, output
from odyssey import judge, qemu
from odyssey.boot import boot
from odyssey.settings import BUILD, ROOT

PLUGIN = FOLDER / "count.so"
SHOWN = 25  # functions and lines, on the terminal


def plugin(**options: Union[int, Path]) -> list[str]:
    """The part of QEMU's command line that loads the plugin."""
    texts = [f"{name}={value:x}" if isinstance(value, int) else f"{name}={qemu.escaped(value)}"
             for name, value in options.items()]  # fmt: skip
    return ["-plugin", ",".join([qemu.escaped(PLUGIN), *texts])]


def counts_of(text: str) -> Counter[int]:
    """Executions by address, of the plugin's output."""
    pairs = (line.split() for line in text.splitlines() if not line.startswith("mark"))
    return Counter({int(address, 16): int(count) for address, count in pairs})


def measure(pattern: str) -> tuple[list[str], Counter[int], Symbols]:
    """Run what a pattern selects: the benchmarks' own figures, and the counts."""
    symbols = Symbols(BUILD / "odyssey-bench.debug")
    out = FOLDER / "counts"
    out.unlink(missing_ok=True)
    options = plugin(out=out, **{"from": symbols.address("kbench_start"),
                                 "to": symbols.address("kbench_stop")})  # fmt: skip
    command = [*kernel.machine(128), *qemu.direct(kernel.KERNEL, f"bench={pattern}"), *options]
    seen = boot(command, FOLDER / "profile")
    lines = kernel.LINE.findall(seen.debugcon.decode(errors="replace"))
    if seen.status != judge.STATUS_SUCCESS or not out.is_file():
        raise BenchError(f"no profile (status {seen.status}): {seen.errors.strip()}")
    figures = [f"{name}: {count} instructions" for name, count in lines]
    return figures, counts_of(out.read_text()), symbols


def by_function(counts: Counter[int], symbols: Symbols) -> Counter[str]:
    found: Counter[str] = Counter()
    for address, count in counts.items():
        found[symbols.function(address)] += count
    return found


def by_line(counts: Counter[int], symbols: Symbols) -> Counter[str]:
    found: Counter[str] = Counter()
    addresses = list(counts)
    for address, place in zip(addresses, symbols.lines(addresses)):
        found[place.replace(f"{ROOT}/", "").replace("./", "")] += counts[address]
    return found


def source(place: str) -> str:
    """The text of a "file:line", where there is such a line."""
    name, _, number = place.rpartition(":")
    path = ROOT / name
    if not number.isdigit() or not path.is_file():
        return ""
    lines = path.read_text().splitlines()
    return lines[int(number) - 1].strip() if 0 < int(number) <= len(lines) else ""


def listing(
    title: str, counts: Counter[str], total: int, is_source_shown: bool = False
) -> list[str]:
    lines = [f"{'instructions':>14} {'part':>6}  {title}"]
    for name, count in counts.most_common():
        text = f"  {source(name)}" if is_source_shown else ""
        lines.append(f"{count:>14,} {count / total:>6.1%}  {name:<30}{text}".rstrip())
    return lines


def run(pattern: str) -> None:
    """Print where the instructions go, by function and by line."""
    if not pattern:
        raise BenchError("which one? B=suite or B=suite.name, as in `make profile B=heap`")
    figures, counts, symbols = measure(pattern)
    total = sum(counts.values())
    functions = listing("function", by_function(counts, symbols), total)
    lines = listing("line", by_line(counts, symbols), total, is_source_shown=True)
    out = FOLDER / "profile.txt"
    whole = [*figures, f"{total:,} instructions in all", "", *functions, "", *lines, "",
             *assembly(counts)]  # fmt: skip
    out.write_text("\n".join(whole) + "\n")
    shown = [*figures, f"{total:,} instructions in all, the loop included", "",
             *functions[: SHOWN + 1], "", *lines[: SHOWN + 1]]  # fmt: skip
    print("\n".join([*shown, "", f"all of it, and each instruction: {os.path.relpath(out, ROOT)}"]))


def assembly(counts: Counter[int], full: Path = BUILD / "odyssey-bench.full") -> list[str]:
    """The disassembly of every function that was in it, each instruction with its count."""
    lines: list[str] = []
    part: list[str] = []
    is_in = False
    for line in output("objdump", "-d", "--no-show-raw-insn", "-M", "intel", full).splitlines():
        address, colon, text = line.partition(":")
        if line.endswith(">:"):
            lines += part if is_in else []
            part, is_in = [line], False
        elif colon and address.strip().isalnum():
            count = counts.get(int(address, 16), 0)
            is_in = is_in or count > 0
            part.append(f"{count:>14,}  {address.strip()}:{text}")
    return lines + (part if is_in else [])
