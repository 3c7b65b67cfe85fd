# SPDX-License-Identifier: MIT
"""What all host-side tests share: the import path, and an orderly end when terminated."""
from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))


def pytest_sessionstart() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    # Fixtures then end the machines they started.
    signal.signal(signal.SIGTERM, stop)


@pytest.fixture(scope="session")
def logs() -> Path:
    """Where boots leave their files."""
    folder = ROOT / "build" / "test" / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
