#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades a kernel by the card in tools/odyssey/card.py: `make grade [TREE=path]`.

The tree's boot/, kernel/, drivers/, mm/, lib/, linker.ld and grub.cfg are built
and asked under the tests, tools and Makefile of the tree that this file is in;
TREE= is this one unless told. A table, build/grade/grade.json, and as the last
line the total.
"""
from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

from odyssey import tool  # noqa: E402
from odyssey.card import ITEMS  # noqa: E402
from odyssey.graded_tree import GradedTree, check_is_tree  # noqa: E402
from odyssey.grading import FAILED, NOT_RUN, PASSED, Answer, Grading, slowness  # noqa: E402
from odyssey.settings import BUILD, ROOT, environment  # noqa: E402

MARKS = {PASSED: "ok", FAILED: "FAIL", NOT_RUN: "-"}
WIDTH = 26


def graded(tree: Path, folder: Path) -> dict[str, object]:
    """Grade a tree; what grade.json holds. `folder` keeps the copy, its build and the logs."""
    check_is_tree(tree)
    started = time.monotonic()
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    factor = slowness(logs)
    copy = GradedTree(folder / "tree", tree)
    grading = Grading(copy, logs, factor)
    grading.build()
    answers = grading.ask_all()
    return {
        "grade": sum(answer.points for answer in answers),
        "of": sum(ITEMS.values()),
        "tree": str(tree),
        "seconds": round(time.monotonic() - started, 1),
        "slowness": round(factor, 2),
        "left_behind": copy.refused,
        "items": [_item(name, points, answers) for name, points in ITEMS.items()],
    }


def _item(name: str, points: int, answers: list[Answer]) -> dict[str, object]:
    mine = [answer for answer in answers if answer.check.item == name]
    return {
        "name": name,
        "points": sum(answer.points for answer in mine),
        "of": points,
        "checks": [
            {
                "name": answer.check.name,
                "points": answer.points,
                "of": answer.check.points,
                "outcome": answer.outcome,
                "detail": answer.detail,
                "needs": list(answer.check.needs),
            }
            for answer in mine
        ],
    }


def show(card: dict[str, object]) -> None:
    for file in card["left_behind"]:  # type: ignore[attr-defined]
        print(f"left behind, by its name: {file!r}")
    for item in card["items"]:  # type: ignore[attr-defined]
        print(f"{item['name']:<{WIDTH + 7}}{item['points']:>3} / {item['of']}")
        for check in item["checks"]:
            points = f"{check['points']:>3} / {check['of']:<3}"
            why = check["detail"].partition("\n")[0]
            print(f"  {MARKS[check['outcome']]:<5}{check['name']:<{WIDTH}}{points} {why}".rstrip())
    print(f"grade: {card['grade']} / {card['of']}", flush=True)


def main() -> int:
    tree = Path(environment("TREE", str(ROOT))).resolve()
    folder = BUILD / "grade"
    card = graded(tree, folder)
    (folder / "grade.json").write_text(json.dumps(card, indent=2) + "\n")
    show(card)
    return 0


if __name__ == "__main__":
    tool.run("grade", main)
