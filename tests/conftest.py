# SPDX-License-Identifier: MIT
"""What all host-side tests share: the import path, and an orderly end when terminated."""
from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from odyssey.settings import LOGS  # noqa: E402


def pytest_sessionstart() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    # Fixtures then end the machines they started.
    signal.signal(signal.SIGTERM, stop)


@pytest.fixture(scope="session")
def logs() -> Path:
    """Where boots leave their files."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS
