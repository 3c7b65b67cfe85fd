# SPDX-License-Identifier: MIT
"""Bare systems, one for each test; a test is skipped where none can be made."""
from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Iterator

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bare_root import BareRoot, Unavailable, archive  # noqa: E402


@pytest.fixture
def bare(request: pytest.FixtureRequest) -> Iterator[BareRoot]:
    try:
        archive()
    except Unavailable as reason:
        pytest.skip(str(reason))
    root = BareRoot(re.sub(r"\W+", "_", request.node.name))
    yield root
    root.remove()


@pytest.fixture
def online(bare: BareRoot) -> BareRoot:
    """One that reaches a package archive."""
    asked = bare.run("apt-get update -o APT::Update::Error-Mode=any")
    if asked.returncode != 0:
        pytest.skip(f"no package archive in reach: {asked.stderr.strip().splitlines()[-1]}")
    return bare
