# SPDX-License-Identifier: MIT
"""A running machine: type at its keyboard and serial line, read its screen.

Everything waits for a condition, never for a length of time; the bounds are
there so that a kernel which never gets there fails instead of hanging.
"""
from __future__ import annotations

import re
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, Optional

from . import processes, qemu
from .pixels import Picture, cell_attribute, read_text, shipped_glyphs
from .qmp import Qmp

MAIN_LOOP = "System initialized. Entering main loop..."
PROMPT = "odyssey> "
WAIT_SECONDS = 90.0
CONTROL_SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([@-~])")
SCREEN_ADDRESS, SCREEN_ROWS, SCREEN_COLUMNS = 0xB8000, 25, 80
# Characters whose key is not called what it prints: key, and whether with Shift.
SHIFTED_DIGITS = dict(zip(")!@#$%^&*(", "0123456789"))
NAMED_KEYS = {
    "\n": ("ret", False), "\t": ("tab", False), "\b": ("backspace", False), " ": ("spc", False),
    "-": ("minus", False), "_": ("minus", True), "=": ("equal", False), "+": ("equal", True),
    "[": ("bracket_left", False), "{": ("bracket_left", True),
    "]": ("bracket_right", False), "}": ("bracket_right", True),
    ";": ("semicolon", False), ":": ("semicolon", True),
    "'": ("apostrophe", False), '"': ("apostrophe", True),
    "`": ("grave_accent", False), "~": ("grave_accent", True),
    "\\": ("backslash", False), "|": ("backslash", True),
    ",": ("comma", False), "<": ("comma", True), ".": ("dot", False), ">": ("dot", True),
    "/": ("slash", False), "?": ("slash", True),
}  # fmt: skip


def key_of(character: str) -> tuple[str, bool]:
    """The key, by QEMU's name, that types a character on a US keyboard; and whether with Shift."""
    if character in NAMED_KEYS:
        return NAMED_KEYS[character]
    if character in SHIFTED_DIGITS:
        return SHIFTED_DIGITS[character], True
    return character.lower(), character.isupper()


def rendered(output: bytes) -> list[str]:
    """The lines that a terminal of endless width shows after an output, colours left out."""
    lines, column, text = [""], 0, output.decode(errors="replace")
    place = 0
    while place < len(text):
        character, sequence = text[place], CONTROL_SEQUENCE.match(text, place)
        place = sequence.end() if sequence else place + 1
        count = int(sequence[1]) if sequence and sequence[1].isdigit() else 1
        line = lines[-1].ljust(column)
        if sequence:
            if sequence[2] == "K":
                lines[-1] = line[:column]
            column += {"C": count, "D": -count}.get(sequence[2], 0)
        elif character == "\n":
            lines.append("")
        elif character == "\r":
            column = 0
        elif character == "\b":
            column -= 1
        elif character >= " ":
            lines[-1] = line[:column] + character + line[column + 1 :]
            column += 1
        column = max(column, 0)
    return [line.rstrip() for line in lines]


class Machine:
    """A machine that boots `medium` (qemu.cdrom() and its like), its ports in our hands.

    Use as a context manager. It is created powered on but held at its first
    instruction; start() lets it go.
    """

    def __init__(
        self,
        medium: list[str],
        log: Path,
        hardware: Optional[qemu.Hardware] = None,
        lacks: str = "",
        pixels: Optional[bool] = None,
    ):
        """The machine, off.

        lacks   "serial" for a machine without that port, "reader" for one where
                nobody takes what it sends
        pixels  whether there is no text mode; unless told, so it is under UEFI
        """
        self._hardware = hardware or qemu.Hardware.from_environment()
        self._lacks = lacks
        self.has_pixels = self._hardware.firmware == "uefi" if pixels is None else pixels
        self._medium = medium
        self._log = log
        self._received = bytearray()
        self._news = threading.Condition()
        self._at_end = False

    def __enter__(self) -> Machine:
        self._scratch = tempfile.TemporaryDirectory(prefix="odyssey-")
        folder = Path(self._scratch.name)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        ends = {
            name: f"unix:{qemu.escaped(folder / name)},server=on,wait=off"
            for name in ("qmp", "serial")
        }
        self._unread = qemu.UnreadSerial() if self._lacks == "reader" else None
        line = qemu.NO_SERIAL if self._lacks == "serial" else ("-serial", ends["serial"])
        command = [*qemu.headless(self._hardware), *self._medium, "-S", "-qmp", ends["qmp"]]
        command += self._unread.arguments if self._unread else line
        Path(f"{self._log}.command").write_text("\n".join(command) + "\n")
        passed = (self._unread.descriptor,) if self._unread else ()
        with open(f"{self._log}.stderr", "wb") as errors:
            self._process = processes.start(
                command, stdout=subprocess.DEVNULL, stderr=errors, pass_fds=passed
            )
        try:
            self._connect(folder)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _connect(self, folder: Path) -> None:
        self.qmp = Qmp(self._connected(folder / "qmp"), WAIT_SECONDS)
        if self._lacks:
            return
        self._serial = self._connected(folder / "serial")
        self._reader = threading.Thread(target=self._read_serial, daemon=True)
        self._reader.start()

    def _connected(self, path: Path) -> socket.socket:
        """A connection to a socket of QEMU's, which is there before it takes any."""
        connection = socket.socket(socket.AF_UNIX)

        def is_taken() -> bool:
            try:
                connection.connect(str(path))
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            return True

        self.wait_until(is_taken, f"QEMU's socket {path.name}")
        return connection

    def __exit__(self, *_: object) -> None:
        processes.end(self._process)
        if hasattr(self, "_reader"):
            self._reader.join()
            self._serial.close()
        if hasattr(self, "qmp"):
            self.qmp.close()
        if self._unread:
            self._unread.close()
        self._scratch.cleanup()

    def start(self) -> None:
        """Let the machine run: its power-on."""
        self.qmp.command("cont")

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    # --- The serial line

    @property
    def serial(self) -> bytes:
        """Everything the machine has sent so far."""
        with self._news:
            return bytes(self._received)

    def has_hung_up(self) -> bool:
        """Whether the serial line has ended, which it does when the machine does."""
        with self._news:
            return self._at_end

    def send_serial(self, data: bytes) -> None:
        self._serial.sendall(data)

    def wait_serial(self, pattern: bytes, start: int = 0) -> re.Match[bytes]:
        """Wait until the output from byte `start` on holds the pattern; the match in it."""
        compiled, deadline = re.compile(pattern), time.monotonic() + WAIT_SECONDS
        with self._news:
            while True:
                found = compiled.search(bytes(self._received), start)
                if found:
                    return found
                left = deadline - time.monotonic()
                if self._at_end or left <= 0 or not self._news.wait(left):
                    why = "the machine ended" if self._at_end else "no such output"
                    tail = bytes(self._received[start:])[-600:]
                    raise AssertionError(f"{why}: waited for {pattern!r}, the end is {tail!r}")

    def wait_main_loop(self) -> int:
        """Wait until the kernel is up; how many bytes of output came up to then."""
        return self.wait_serial(re.escape(MAIN_LOOP.encode()) + rb"\r\n").end()

    def wait_prompt(self) -> int:
        """Wait until the shell is ready for its first line; how much output came up to then."""
        return self.wait_serial(re.escape(f"{MAIN_LOOP}\r\n{PROMPT}".encode())).end()

    def wait_halted(self) -> None:
        """Wait until the CPU stands halted: all that there was to do is done."""
        registers = {"command-line": "info registers"}
        self.wait_until(
            lambda: "HLT=1" in self.qmp.command("human-monitor-command", **registers), "the halt"
        )

    def _read_serial(self) -> None:
        with open(f"{self._log}.serial", "wb") as log:
            while True:
                try:
                    data = self._serial.recv(4096)
                except OSError:
                    data = b""
                log.write(data)
                log.flush()
                with self._news:
                    self._received += data
                    self._at_end = not data
                    self._news.notify_all()
                if not data:
                    return

    # --- The keyboard

    def press(self, *keys: str) -> None:
        """Press keys, by QEMU's names, in order, and release them in reverse."""
        for down, order in ((True, keys), (False, tuple(reversed(keys)))):
            for key in order:
                event = {"type": "key", "data": {"down": down, "key": _qcode(key)}}
                self.qmp.command("input-send-event", events=[event])

    def hold(self, *keys: str) -> None:
        """Press keys that end the machine: nobody is there to release them."""
        events = [{"type": "key", "data": {"down": True, "key": _qcode(key)}} for key in keys]
        self.qmp.command("input-send-event", events=events)

    def press_at_once(self, *keys: str) -> None:
        """Press and release keys in one batch, most of which a keyboard's controller loses."""
        events = [
            {"type": "key", "data": {"down": down, "key": _qcode(key)}}
            for key in keys
            for down in (True, False)
        ]
        self.qmp.command("input-send-event", events=events)

    def press_character(self, character: str) -> None:
        key, shift = key_of(character)
        self.press(*(("shift", key) if shift else (key,)))

    def type_text(self, text: str) -> None:
        """Type a text, each character once the one before has come back on the serial line.

        A keyboard holds 16 bytes: typing ahead of a slow machine loses keys.
        """
        for character in text:
            before = len(self.serial)
            self.press_character(character)
            self.wait_serial(re.escape(character.encode()), before)

    # --- The screen

    def screen_text(self) -> list[str]:
        """The lines on the screen, text mode or pixels; no blanks at their ends."""
        if self.has_pixels:
            return read_text(self.picture(), shipped_glyphs())
        return self._text_mode_lines()

    def shown(self, text: str) -> str:
        """A text as the screen shows it: code page 437 lacks some letters that pixels have."""
        if self.has_pixels:
            return text
        return text.encode("cp437", errors="replace").replace(b"?", b"\xfe").decode("cp437")

    def picture(self) -> Picture:
        """What the screen's pixels show."""
        path = Path(self._scratch.name) / "picture"
        self.screendump(path)
        return Picture.of_ppm(path.read_bytes())

    def screen_attribute(self, row: int, column: int) -> int:
        """A cell's colours: background times 16 plus foreground, numbered as in text mode."""
        if self.has_pixels:
            return cell_attribute(self.picture(), row, column)
        return self._screen_memory()[2 * (row * SCREEN_COLUMNS + column) + 1]

    def _text_mode_lines(self) -> list[str]:
        text = self._screen_memory()[::2].decode("cp437").replace("\0", " ")
        starts = range(0, len(text), SCREEN_COLUMNS)
        return [text[start : start + SCREEN_COLUMNS].rstrip() for start in starts]

    def _screen_memory(self) -> bytes:
        return self.physical(SCREEN_ADDRESS, SCREEN_ROWS * SCREEN_COLUMNS * 2)

    def physical(self, address: int, size: int) -> bytes:
        """What is in the machine's memory."""
        path = Path(self._scratch.name) / "memory"
        self.qmp.command("pmemsave", val=address, size=size, filename=str(path))
        return path.read_bytes()

    def wait_screen(self, holds: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until the screen's lines satisfy a condition; the lines."""
        self.wait_until(lambda: holds(self.screen_text()), what, self.screen_text)
        return self.screen_text()

    def screendump(self, path: Path) -> None:
        """A picture of the screen, as PPM."""
        self.qmp.command("screendump", filename=str(path))

    def wait_until(
        self,
        holds: Callable[[], bool],
        what: str,
        explain: Callable[[], object] = lambda: "",
    ) -> None:
        """Wait until a condition holds; `explain` says what was there instead."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not holds():
            if self._process.poll() is not None:
                raise AssertionError(f"QEMU ended while waiting for {what}; see {self._log}.stderr")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}: {explain()}")
            time.sleep(0.01)


def _qcode(key: str) -> dict[str, str]:
    return {"type": "qcode", "data": key}
