# SPDX-License-Identifier: MIT
"""The session's picture: every scene has its turn, one after the other, and says what was said."""
from __future__ import annotations

import re
from xml.etree import ElementTree

from odyssey.session_picture import ROWS, Scene, picture

SCENES = [
    Scene("odyssey> ", "echo <b> &", ("<b>", "")),
    Scene("odyssey> ", "crash null", ("KERNEL PANIC: null pointer", *("line",) * 40)),
]


def text_of(element: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in element.iter("{http://www.w3.org/2000/svg}text")]


def test_what_was_said_is_shown_and_cut_to_the_picture() -> None:
    root = ElementTree.fromstring(picture(SCENES))
    groups = [group for group in root if group.get("class") == "scene"]
    assert text_of(groups[0]) == ["odyssey> ", "echo <b> &", "<b>", ""]
    assert len(text_of(groups[1])) == 2 + ROWS - 1
    bad = [text for text in groups[1].iter() if text.get("class") == "bad"]
    assert [text.text for text in bad] == ["KERNEL PANIC: null pointer"]


def test_scenes_take_turns_and_none_is_left_out() -> None:
    drawn = picture(SCENES)
    turns = []
    for number in range(len(SCENES)):
        frames = re.search(rf"@keyframes s{number}{{(.*?)}}}}", drawn)
        assert frames
        steps = [(float(at), state) for at, state in re.findall(r"([\d.]+)%{visibility:(\w+)", frames[1])]
        begin = max(at for at, state in steps if state == "visible")
        end = min(at for at, state in steps if state == "hidden" and at > begin)
        turns.append((begin, end))
    assert turns[0][0] == 0 and turns[0][1] == turns[1][0] and turns[1][1] == 100
    longer = SCENES[1].seconds / sum(scene.seconds for scene in SCENES)
    assert abs((turns[1][1] - turns[1][0]) / 100 - longer) < 0.001
