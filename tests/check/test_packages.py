# SPDX-License-Identifier: MIT
"""What a package of the host's tools says it consists of is what it consists of."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
PACKAGES = sorted(path.parent for path in TOOLS.glob("*/__init__.py"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_module_is_in_its_list(package: Path) -> None:
    listed = re.findall(r"^    ((?:\w+, )*\w+)", (package / "__init__.py").read_text(), re.M)
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert {name for line in listed for name in line.split(", ")} == modules
