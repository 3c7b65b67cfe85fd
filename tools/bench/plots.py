# SPDX-License-Identifier: MIT
"""Costs against scale, drawn by gnuplot as SVG."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure
from bench.kernel import FOLDER, BenchError
from odyssey.settings import ROOT

IMAGES = ROOT / "docs" / "images"
UNITS = {"": 1, "M": 1, "G": 1024}


class Plot(NamedTuple):
    """Families of figures, NAME@SCALE, over their scales."""

    name: str
    title: str
    scale: str
    families: tuple[tuple[str, str], ...]  # and what each is called


PLOTS = (
    Plot("frame", "A frame taken and given back", "memory in MiB",
         (("frame.pair_empty", "empty"), ("frame.pair_half_full", "half full"),
          ("frame.pair_full", "99.9 % full"), ("frame.turn_full", "99 % full, in turn"))),
    Plot("yield", "One task yields to the next", "tasks", (("tasks.yield", "yield"),)),
    Plot("heap", "An allocation or a free, of 8 to 2,048 bytes", "live blocks",
         (("heap.random", "mean"), ("heap.random_slowest_operation", "slowest of all"))),
    Plot("timer", "A timer set and expired", "timers pending",
         (("tasks.timer_insert_and_expire", "set and expire"),)),
    Plot("run", "A run of two frames that is not there, half of all being free", "memory in MiB",
         (("frame.run_of_2_in_vain_half_full", "search in vain"),)),
)  # fmt: skip

STYLE = """
set terminal svg size 640,360 font "sans-serif,12" background "white"
set output {output}
set title {title}
set xlabel {scale}
set ylabel "instructions"
set logscale x
{limits}
set grid
set key below
set format x "%.0s%c"
set rmargin 3
plot {curves}
"""


def points(figures: list[Figure], family: str) -> list[tuple[int, float]]:
    """A family's figures by their scale."""
    found = []
    for figure in figures:
        name, at, scale = figure.name.partition("@")
        if name == family and at:
            number, unit = scale.rstrip("MG"), scale.lstrip("0123456789")
            found.append((int(number) * UNITS[unit], figure.value))
    return sorted(found)


def script(plot: Plot, figures: list[Figure], output: Path) -> str:
    """What gnuplot is told."""
    def quoted(text: object) -> str:
        return '"' + str(text).replace('"', '\\"') + '"'

    data, curves, largest, smallest = [], [], 0.0, float("inf")
    for family, title in plot.families:
        found = points(figures, family)
        if not found:
            raise BenchError(f"{plot.name}: nothing was measured of {family}")
        block = f"$data{len(data)}"
        rows = "\n".join(f"{scale} {value}" for scale, value in found)
        data.append(f"{block} << END\n{rows}\nEND")
        curves.append(f"{block} using 1:2 with linespoints lw 2 pt 7 ps 0.5 title {quoted(title)}")
        largest = max(largest, *(value for _, value in found))
        smallest = min(smallest, *(value for _, value in found))
    # From zero, so that flat looks flat; where it grows a thousandfold, by powers of ten.
    limits = f"set yrange [0:{1.2 * largest}]" if largest < 1000 * smallest else "set logscale y"
    return "\n".join(data) + STYLE.format(
        output=quoted(output), title=quoted(plot.title), scale=quoted(plot.scale),
        limits=limits, curves=", ".join(curves),
    )  # fmt: skip


def draw(figures: list[Figure], folder: Path = FOLDER) -> list[Path]:
    """Draw every plot; the files."""
    if shutil.which("gnuplot") is None:
        raise BenchError("gnuplot is not installed; `make doctor` names its package")
    drawn = []
    for plot in PLOTS:
        path = folder / f"{plot.name}.svg"
        subprocess.run(["gnuplot"], input=script(plot, figures, path), text=True, check=True)
        drawn.append(path)
    return drawn


def keep() -> None:
    """Copy the plots to where the documents show them."""
    IMAGES.mkdir(exist_ok=True)
    for plot in PLOTS:
        source = FOLDER / f"{plot.name}.svg"
        if not source.is_file():
            where = os.path.relpath(source, ROOT)
            raise BenchError(f"{where} is not there: run `make bench` first")
        shutil.copyfile(source, IMAGES / source.name)
        print(f"docs/images/{source.name}")
