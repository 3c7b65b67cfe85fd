# SPDX-License-Identifier: MIT
"""What the controls of `make check` share."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mini_kernel import Kernel, Maker


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


needs_gcc, needs_clang = (
    pytest.mark.skipif(not shutil.which(name), reason=f"tool {name} missing (package {name})")
    for name in ("gcc", "clang")
)
compilers = pytest.mark.parametrize(
    "compiler",
    [pytest.param("gcc", marks=needs_gcc), pytest.param("clang", marks=needs_clang)],
)
linkers = [
    pytest.param("", id="ld"),
    pytest.param(
        "ld.lld",
        marks=pytest.mark.skipif(not shutil.which("ld.lld"), reason="tool ld.lld missing"),
    ),
]


@pytest.fixture(scope="session", params=linkers)
def good(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """The kernel with nothing wrong, as each linker makes it."""
    return Maker(tmp_path_factory.mktemp("good"), request.param).kernel()


@pytest.fixture(params=linkers)
def each_linker(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Where the linker itself may be at fault."""
    return Maker(tmp_path, request.param)
