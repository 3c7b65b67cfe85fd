# SPDX-License-Identifier: MIT
"""A client for QEMU's GDB stub: stop a machine at an address, look at it, change it.

Enough of GDB's remote protocol for tests that have to reach into a machine; no
GDB is needed. The machine is stopped while nothing here lets it run.
"""
from __future__ import annotations

import re
import socket
from pathlib import Path

# Numbers of registers in the stub's x86-64 description; all are 8 bytes up to RIP.
REGISTERS = {
    name: number
    for number, name in enumerate(
        "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split()
    )
}
CHUNK = 1024  # bytes of memory in a packet
STOPPED_AT_BREAKPOINT = b"T05"


class GdbError(Exception):
    """The stub refused something, or the machine did not stop."""


class GdbStub:
    """A connection to the stub behind a Unix socket."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._socket.connect(str(path))
        self._received = b""
        # Single registers can be written only by who has asked what there are.
        self._ask(b"qXfer:features:read:target.xml:0,400")

    def close(self) -> None:
        self._socket.close()

    def break_at(self, address: int) -> None:
        """Stop the machine when it is about to execute the instruction there, once."""
        self._expect_ok(b"Z1,%x,1" % address)

    def run(self) -> int:
        """Let the machine run until it stops; where."""
        stop = self._ask(b"c")
        if not stop.startswith(STOPPED_AT_BREAKPOINT):
            raise GdbError(f"waited for a breakpoint: got {stop!r}")
        address = self.register("rip")
        self._expect_ok(b"z1,%x,1" % address)
        return address

    def run_to(self, address: int) -> None:
        """Let the machine run until it is about to execute the instruction there."""
        self.break_at(address)
        while self.run() != address:
            pass

    def return_address(self) -> int:
        """Where the function will return to that the machine is about to begin."""
        packet = b"m%x,8" % self.register("rsp")
        return int.from_bytes(bytes.fromhex(self._ask(packet).decode()), "little")

    def return_at_once(self, value: int) -> None:
        """Return from the function that the machine is about to begin, with this answer."""
        back = self.return_address()
        self.set_register("rax", value)
        self.set_register("rsp", self.register("rsp") + 8)
        self.set_register("rip", back)

    def write(self, address: int, content: bytes) -> None:
        """Write to memory by a virtual address."""
        self._expect_ok(b"M%x,%x:%s" % (address, len(content), content.hex().encode()))

    def detach(self) -> None:
        """Let the machine run on for good."""
        self._expect_ok(b"D")

    def register(self, name: str) -> int:
        return int.from_bytes(bytes.fromhex(self._ask(b"p%x" % REGISTERS[name]).decode()), "little")

    def set_register(self, name: str, value: int) -> None:
        self._expect_ok(b"P%x=%s" % (REGISTERS[name], value.to_bytes(8, "little").hex().encode()))

    def read_physical(self, address: int, size: int) -> bytes:
        self._use_physical(True)
        content = b""
        for start in range(0, size, CHUNK):
            count = min(CHUNK, size - start)
            content += bytes.fromhex(self._ask(b"m%x,%x" % (address + start, count)).decode())
        self._use_physical(False)
        return content

    def write_physical(self, address: int, content: bytes) -> None:
        self._use_physical(True)
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            self._expect_ok(
                b"M%x,%x:%s" % (address + start, len(piece), piece.hex().encode())
            )
        self._use_physical(False)

    # --- Packets

    def _use_physical(self, physical: bool) -> None:
        self._expect_ok(b"Qqemu.PhyMemMode:%d" % physical)

    def _expect_ok(self, packet: bytes) -> None:
        answer = self._ask(packet)
        if answer != b"OK":
            raise GdbError(f"{packet[:40]!r}: got {answer!r}")

    def _ask(self, packet: bytes) -> bytes:
        self._socket.sendall(b"$%s#%02x" % (packet, sum(packet) & 0xFF))
        while True:
            found = re.match(rb"[+]*\$([^#]*)#..", self._received, re.DOTALL)
            if found:
                self._received = self._received[found.end() :]
                self._socket.sendall(b"+")
                return found[1]
            data = self._socket.recv(65536)
            if not data:
                raise GdbError("QEMU closed the connection")
            self._received += data
