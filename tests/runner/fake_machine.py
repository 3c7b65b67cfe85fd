# SPDX-License-Identifier: MIT
"""A made-up machine for tools/setup.sh: its PATH is a folder of stand-ins for the real tools.

What is missing is missing from that folder; the package manager and sudo note
how they were called.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from odyssey.settings import ROOT

SHELL_TOOLS = "bash env sed grep cut sort tr paste dirname cat uname".split()
# Each with what it prints, whatever it is asked.
TOOLS = {
    "gcc": "x86_64-linux-gnu-gcc (GCC) 12.2.0",
    "ld": "GNU ld (GNU Binutils) 2.40",
    "objcopy": "GNU objcopy (GNU Binutils) 2.40",
    "nasm": "NASM version 2.16.01 compiled on Oct  1 2022",
    "make": "GNU Make 4.3",
    "grub-mkrescue": "grub-mkrescue (GRUB) 2.06-13",
    "xorriso": "xorriso 1.5.4 : RockRidge filesystem manipulator",
    "mformat": "mformat (GNU mtools) 4.0.32",
    "qemu-system-x86_64": "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\ngtk",
    "clang": "clang version 14.0.6",
    "clang-format": "clang-format version 14.0.6",
    "clang-tidy": "LLVM version 14.0.6",
    "shellcheck": "version: 0.9.0",
    "gdb": "GNU gdb (Debian 13.1-3) 13.1",
    "bochs": "",
    "zbarimg": "0.23.92",
    "qemu-img": "qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7)",
    "ld.lld": "LLD 14.0.6 (compatible with GNU linkers)",
    "valgrind": "valgrind-3.19.0",
    "lcov": "lcov: LCOV version 1.16",
    "gnuplot": "gnuplot 5.4 patchlevel 4",
}
BUILD_TOOLS = list(TOOLS)[:9]
# Below the machine's root, with the thing that is missing without it.
FILES = {
    "usr/lib/grub/i386-pc/kernel.img": "grub_bios",
    "usr/lib/grub/x86_64-efi/kernel.img": "grub_efi",
    "usr/share/grub/unicode.pf2": "font",
    "usr/share/ovmf/OVMF.fd": "ovmf",
}
LISTS = "var/lib/apt/lists/mirror_Packages"
APT = "apt-get install --yes --no-install-recommends"


class FakeMachine:
    """A root's machine with every tool, Debian, and package lists that are there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.bin = folder / "usr" / "bin"
        self.bin.mkdir(parents=True)
        self.calls = folder / "calls"
        self.calls.touch()
        for name in (*FILES, LISTS, "usr/include/stdio.h"):
            self.file(name, "")
        self.release("ID=debian")
        for tool in SHELL_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        (self.bin / "python3").symlink_to(sys.executable)
        for tool, says in TOOLS.items():
            self.says(tool, says)
        self.user("root")
        self.installing("exit 100")

    def file(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def release(self, lines: str) -> None:
        self.file("etc/os-release", lines + "\n")

    def says(self, tool: str, line: str) -> None:
        self.script(tool, f"echo '{line}'")

    def script(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        path.chmod(0o755)

    def user(self, who: str) -> None:
        self.script("id", "echo 0" if who == "root" else "echo 1000")

    def sudo(self, allowed: bool) -> None:
        body = f'echo "sudo $*" >> {self.calls}; [ "$1" = -n ] || exit 9; shift; exec "$@"'
        self.script("sudo", body if allowed else "exit 1")
        self.script("true", "exit 0")

    def installing(self, does: str) -> None:
        """What `apt-get install` does; each call of apt-get is noted."""
        note = f'echo "apt-get $*" >> {self.calls}; [ "$1" = update ] && exit'
        self.script("apt-get", f"{note}; {does}")

    def lacks(self, *names: str) -> None:
        """Tools that are not installed, or files by their path."""
        for name in names:
            (self.root / name if "/" in name else self.bin / name).unlink()
        for folder in ("i386-pc", "x86_64-efi"):
            if not (self.root / "usr/lib/grub" / folder / "kernel.img").exists():
                (self.root / "usr/lib/grub" / folder).rmdir()

    def brings(self, tool: str) -> str:
        """Shell words by which a package manager brings a tool: a copy of another."""
        return f"{shutil.which('cp')} {self.bin}/clang {self.bin}/{tool}"

    def setup(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "SYSTEM_ROOT": str(self.root), **variables}
        return subprocess.run(
            [str(self.bin / "bash"), str(ROOT / "tools" / "setup.sh"), *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True, timeout=60,
        )  # fmt: skip

    @property
    def called(self) -> list[str]:
        return self.calls.read_text().splitlines()
