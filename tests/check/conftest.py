# SPDX-License-Identifier: MIT
"""What the controls of `make check` share."""
from __future__ import annotations

from pathlib import Path

import pytest
from mini_kernel import Kernel, Maker


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """The kernel with nothing wrong."""
    return Maker(tmp_path_factory.mktemp("good")).kernel()
