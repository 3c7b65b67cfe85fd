# SPDX-License-Identifier: MIT
"""The tables of figures in the documents, made of records and limits.

A table stands between two comments, the first of which says what is in it:

    <!-- figures: heap.many* heap.lifo* -->      a row for each figure
    <!-- figures by scale: string.* -->          a row for each family, a column for each scale
    <!-- figures beside libc: format -->         a row for each host_format.*, and libc_format.*
    <!-- figures named: yield = tasks.yield -->  a row for each, ended by semicolons
    <!-- figures of tests: coverage fuzz -->     how much the tests notice: these of ROWS_OF_TESTS
    <!-- end -->
"""
from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

from bench.figures import Limit, limit_of, read_limits, read_record, shown
from odyssey import quality
from odyssey.settings import ROOT

DOCUMENTS = (ROOT / "docs" / "performance.md", ROOT / "README.md")
COMPILER = "GCC 12.2.0"  # whose figures are shown
BLOCK = re.compile(
    r"(<!-- (figures(?: by scale| beside libc| named| of tests)?):\s(.+?) -->\n)"
    r".*?(<!-- end -->)", re.S
)  # fmt: skip
UNITS = {"": 1, "K": 1024, "M": 1 << 20, "G": 1 << 30}


def selected(patterns: str, values: dict[str, float]) -> list[str]:
    """Names that patterns select: by the patterns' order, then by family and scale."""
    found: dict[str, None] = {}
    for pattern in patterns.split():
        matching = (name for name in values if fnmatchcase(name, pattern))
        found.update(dict.fromkeys(sorted(matching, key=by_scale)))
    return list(found)


def by_scale(name: str) -> tuple[str, int]:
    family, _, scale = name.partition("@")
    number = scale.rstrip("KMG")
    return family, int(number) * UNITS[scale[len(number) :]] if number else 0


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def plain(patterns: str, values: dict[str, float], limits: list[Limit]) -> str:
    names = selected(patterns, values)
    told = [(name, limit_of(name, limits)) for name in names]
    has_peers = any(limit.peers for _, limit in told)
    heading = ("", "measured", "limit", "peers")[: 4 if has_peers else 3]
    text = row(*heading) + "|---" * len(heading) + "|\n"
    for name, limit in told:
        cells = (f"`{name}`", shown(values[name]), limit.text(), limit.peers)
        text += row(*cells[: len(heading)])
    return text


def by_scales(patterns: str, values: dict[str, float], limits: list[Limit]) -> str:
    names = selected(patterns, values)
    families = list(dict.fromkeys(name.partition("@")[0] for name in names))
    scales = sorted({by_scale(name)[1]: name.partition("@")[2] for name in names}.items())
    text = row("", *(f"{scale}" for _, scale in scales)) + "|---" * (1 + len(scales)) + "|\n"
    for family in families:
        cells = (values.get(f"{family}@{scale}") for _, scale in scales)
        text += row(f"`{family}`", *("" if cell is None else shown(cell) for cell in cells))
    return text


def beside_libc(module: str, values: dict[str, float], limits: list[Limit]) -> str:
    head = f"host_{module}."
    names = sorted((name for name in values if name.startswith(head)), key=by_scale)
    text = row("", "Odyssey", "glibc", "part") + "|---|---|---|---|\n"
    for name in names:
        what = name[len(head) :]
        other = values.get(f"libc_{module}.{what}")
        if other is not None:
            part = f"{values[name] / other:.2f}"
            text += row(f"`{what}`", shown(values[name]), shown(other), part)
    return text


def named(pairs: str, values: dict[str, float], limits: list[Limit]) -> str:
    text = row("", "measured", "limit") + "|---|---|---|\n"
    for pair in pairs.split(";"):
        title, _, name = pair.rpartition("=")
        told = shown(values[name.strip()]) if name.strip() in values else ""
        text += row(title.strip(), told, limit_of(name.strip(), limits).text())
    return text


Cells = tuple[str, str, str]


def coverage_rows(record: quality.Record) -> list[Cells]:
    found = record.get("coverage")
    if found is None:
        return []
    lines, wanted = found["lines"], f">= {quality.LINES_WANTED_PERCENT} %"
    return [
        ("lines of the kernel that machines run in tests",
         f"{100 * found['by_machines'] / lines:.1f} % of {lines:,}", wanted),
        ("the same, with the suites on the host",
         f"{100 * found['by_all'] / lines:.1f} %; the rest has reasons", ""),
    ]  # fmt: skip


def mutant_rows(record: quality.Record) -> list[Cells]:
    found = record.get("mutants", {})
    return [
        (f"mutants noticed, {name}",
         f"{100 * own['noticed'] / own['of']:.1f} %: {own['noticed']:,} of {own['of']:,} "
         f"(`SEED={own['seed']}`, {own['drawn']:,} drawn)",
         f">= {quality.MUTANTS_WANTED_PERCENT} %")
        for name, own in sorted(found.items())
    ]  # fmt: skip


def fuzz_rows(_: quality.Record) -> list[Cells]:
    targets = sum(1 for _ in (ROOT / "tests" / "fuzz").glob("fuzz_*.c"))
    return [("fuzz targets, with ASan and UBSan", f"{targets}", "")]


ROWS_OF_TESTS = {"coverage": coverage_rows, "mutants": mutant_rows, "fuzz": fuzz_rows}


def of_tests(parts: str, values: dict[str, float], limits: list[Limit]) -> str:
    record = quality.read()
    rows = [cells for part in parts.split() for cells in ROWS_OF_TESTS[part](record)]
    return row("", "measured", "wanted") + "|---|---|---|\n" + "".join(row(*one) for one in rows)


KINDS = {"figures": plain, "figures by scale": by_scales, "figures beside libc": beside_libc,
         "figures named": named, "figures of tests": of_tests}  # fmt: skip


def rendered(text: str, values: dict[str, float], limits: list[Limit]) -> str:
    """A document with its tables made anew."""
    return BLOCK.sub(
        lambda match: match[1] + KINDS[match[2]](match[3], values, limits) + match[4], text
    )


def current(document: Path) -> str:
    """What a document ought to be."""
    return rendered(document.read_text(), read_record().get(COMPILER, {}), read_limits())


def write() -> None:
    for document in DOCUMENTS:
        document.write_text(current(document))
