# SPDX-License-Identifier: MIT
"""A client for QMP, QEMU's control protocol: one JSON object a line."""
from __future__ import annotations

import json
import socket
from typing import Any


class QmpError(Exception):
    """QEMU refused a command."""


class Qmp:
    """A connection in command mode. Events that come meanwhile are kept for wait_event()."""

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        self._socket = connection
        self._socket.settimeout(timeout)
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._events: list[dict[str, Any]] = []
        self._receive()  # the greeting
        self.command("qmp_capabilities")

    def command(self, name: str, **arguments: Any) -> Any:
        """Run a command and return what it returns. Underscores in argument names mean dashes."""
        message = {
            "execute": name,
            "arguments": {key.replace("_", "-"): value for key, value in arguments.items()},
        }
        self._socket.sendall(json.dumps(message).encode() + b"\n")
        while True:
            answer = self._receive()
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise QmpError(f"{name}: {answer['error']['desc']}")
            self._keep_event(answer)

    def wait_event(self, name: str) -> Any:
        """The data of the first event of that name; those before it are dropped."""
        while True:
            while not self._events:
                self._keep_event(self._receive())
            event = self._events.pop(0)
            if event["event"] == name:
                return event.get("data")

    def _keep_event(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self._events.append(message)

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _receive(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise QmpError("QEMU closed the connection")
        answer: dict[str, Any] = json.loads(line)
        return answer
