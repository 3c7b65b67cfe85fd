# SPDX-License-Identifier: MIT
"""A machine's sockets are reached whenever QEMU gets round to them."""
from __future__ import annotations

import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from odyssey.machine import Machine


@pytest.fixture
def machine():
    """One that is there and says nothing."""
    machine = Machine([], Path("unused"))
    machine._process = subprocess.Popen(["sleep", "60"])
    yield machine
    machine._process.kill()
    machine._process.wait()


def test_socket_that_comes_late_and_takes_nobody_at_first(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "qmp"
    server = socket.socket(socket.AF_UNIX)

    def serve() -> None:
        time.sleep(0.05)
        server.bind(str(path))
        time.sleep(0.05)
        server.listen()

    thread = threading.Thread(target=serve)
    thread.start()
    with machine._connected(path) as ours:
        theirs, _ = server.accept()
        with theirs:
            ours.sendall(b"x")
            assert theirs.recv(1) == b"x"
    thread.join()
    server.close()


def test_socket_of_a_machine_that_has_ended(machine: Machine, tmp_path: Path) -> None:
    machine._process.kill()
    machine._process.wait()
    with pytest.raises(AssertionError, match="QEMU ended while waiting for QEMU's socket qmp"):
        machine._connected(tmp_path / "qmp")
