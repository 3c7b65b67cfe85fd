# SPDX-License-Identifier: MIT
"""A session at the prompt as a picture that moves: SVG, animated by its own style sheet.

Each scene is a line that is typed and what the kernel answered; it begins on an
empty screen. What is shown is what came over the serial line, nothing else; only
how fast it is typed is made up.
"""
from __future__ import annotations

import html
from dataclasses import dataclass

COLUMNS, ROWS = 84, 24
CHARACTER, LINE, MARGIN = 8.4, 18, 16  # SVG units, of a fixed font of 14
TYPED_SECONDS, ANSWER_SECONDS, LINE_SECONDS = 0.07, 0.4, 0.28
LEAST_SECONDS = 3.0  # to read an answer
STYLE = (
    "text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d8dee9;"
    "white-space:pre}.bad{fill:#ff7b72}.prompt{fill:#7ee787}.scene{visibility:hidden}"
)
BAD = ("KERNEL PANIC",)


@dataclass(frozen=True)
class Scene:
    prompt: str
    typed: str
    answer: tuple[str, ...]

    @property
    def typing(self) -> float:
        return len(self.typed) * TYPED_SECONDS + ANSWER_SECONDS

    @property
    def seconds(self) -> float:
        return self.typing + max(LEAST_SECONDS, len(self.answer) * LINE_SECONDS)


def picture(scenes: list[Scene]) -> str:
    total = sum(scene.seconds for scene in scenes)
    width, height = COLUMNS * CHARACTER + 2 * MARGIN, ROWS * LINE + 2 * MARGIN
    rules, groups, begin = [STYLE], [], 0.0
    for number, scene in enumerate(scenes):
        end = begin + scene.seconds
        rules.append(_shown(f"s{number}", begin, end, total, "visible", "hidden"))
        rules.append(_shown(f"a{number}", begin + scene.typing, end, total, "1", "0", "opacity"))
        rules.append(_typed(number, scene, begin, total))
        groups.append(_scene(number, scene, total))
        begin = end
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img">\n<style>{"".join(rules)}</style>\n'
        f'<rect width="100%" height="100%" rx="8" fill="#161b22"/>\n{"".join(groups)}</svg>\n'
    )


def _percent(seconds: float, total: float) -> str:
    return f"{100 * seconds / total:.3f}%"


def _shown(
    name: str, begin: float, end: float, total: float, on: str, off: str, what: str = "visibility"
) -> str:
    """Keyframes by which something is there from one moment to another, in steps."""
    first, last = _percent(begin, total), _percent(end, total)
    return (
        f"@keyframes {name}{{0%{{{what}:{on if begin == 0 else off}}}{first}{{{what}:{on}}}"
        f"{last}{{{what}:{off}}}100%{{{what}:{off}}}}}"
    )


def _typed(number: int, scene: Scene, begin: float, total: float) -> str:
    """Keyframes by which a curtain goes off the typed line, a character at a time."""
    def moved(steps: int) -> str:
        return f"{{transform:translateX({steps * CHARACTER:g}px)}}"

    length = len(scene.typed)
    frames = "".join(
        _percent(begin + step * TYPED_SECONDS, total) + moved(step) for step in range(length + 1)
    )
    return f"@keyframes t{number}{{{frames}100%{moved(length)}}}"


def _scene(number: int, scene: Scene, total: float) -> str:
    def motion(name: str) -> str:
        return f"animation:{name}{number} {total:g}s step-end infinite"

    top = MARGIN + LINE * 0.75
    start = MARGIN + len(scene.prompt) * CHARACTER
    width = len(scene.typed) * CHARACTER
    lines = "".join(
        f'<text x="{MARGIN}" y="{top + LINE * row:g}"{_kind(line)}>{html.escape(line)}</text>\n'
        for row, line in enumerate(scene.answer[: ROWS - 1], 1)
    )
    return (
        f'<g class="scene" style="{motion("s")}">\n'
        f'<text class="prompt" x="{MARGIN}" y="{top:g}">{html.escape(scene.prompt)}</text>\n'
        f'<text x="{start:g}" y="{top:g}">{html.escape(scene.typed)}</text>\n'
        f'<rect x="{start:g}" y="{MARGIN}" width="{width:g}" height="{LINE}" '
        f'fill="#161b22" style="{motion("t")}"/>\n'
        f'<g style="{motion("a")}">\n{lines}</g></g>\n'
    )


def _kind(line: str) -> str:
    return ' class="bad"' if line.startswith(BAD) else ""
