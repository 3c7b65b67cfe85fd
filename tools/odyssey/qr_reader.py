# SPDX-License-Identifier: MIT
"""Reads QR codes off pictures, with ZBar's zbarimg."""
from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROGRAM = "zbarimg"


def is_there() -> bool:
    return shutil.which(PROGRAM) is not None


def read(pictures: list[Path]) -> list[list[str]]:
    """What the codes on each picture say."""
    # It knows by its status only whether it found something everywhere.
    answer = subprocess.run(
        [PROGRAM, "--quiet", "--xml", "-Sdisable", "-Sqrcode.enable", *map(str, pictures)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for source in ElementTree.fromstring(answer.stdout):
        texts = [data.text or "" for data in source.iter() if data.tag.endswith("}data")]
        found[source.attrib["href"]] = texts
    return [found.get(str(picture), []) for picture in pictures]
