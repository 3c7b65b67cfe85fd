# SPDX-License-Identifier: MIT
"""A kernel of a screenful of assembly, which every gate lets pass; tests break it.

It is linked by the real linker.ld with the Makefile's options, and gets its
symbol table from the real tools/symbols.py, so what is broken here is broken
as the kernel would be.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Optional

import pytest
from check.build_plan import MAKE_PRIVATE
from check.image import ROOT, Image
from check.step import missing

SOURCE = """
section .multiboot2_header align=8
    times PADDING db 0
header_start:
    dd MAGIC, 0, header_end - header_start
    dd CHECKSUM
    dw END_TAG, 0
    dd 8
header_end:

section .note.pvh note alloc noexec nowrite align=4
    dd 4, 4, 18
    db "Xen", 0
    dd 0x100000

section .text
global multiboot2_entry, kmain, panic, panic_run, irq_dispatch, trap_dispatch
multiboot2_entry:
    jmp kmain
kmain:
    push rbp
    mov rbp, rsp
    sub rsp, KMAIN_BYTES
    call memset
    call panic
panic:
    push rbp
panic_run:
    hlt
    jmp $ - 1
trap_stub_0:
    push 0
    push 0
    call trap_dispatch
    add rsp, 16
    iretq
trap_stub_32:
    push 0
    mov rbx, rsp
    mov rsp, [gs:8]
    call irq_dispatch
    mov rsp, rbx
    add rsp, 8
    iretq
trap_dispatch:
    ret
irq_dispatch:
    ret

global memcpy, memmove, memset, memcmp, strlen
memcpy:
    ret
memmove:
    ret
memset:
    ret
memcmp:
    ret
strlen:
    ret
MORE

section .rodata
digits:
    times RODATA_BYTES db 0
section .data
    dq 0
counter:
    dq 0
"""

VALUES = {
    "PADDING": "0",
    "MAGIC": "0xe85250d6",
    "CHECKSUM": "-(0xe85250d6 + (header_end - header_start)) & 0xffffffff",
    "END_TAG": "0",
    "KMAIN_BYTES": "64",
    "RODATA_BYTES": "8",
    "MORE": "",
}


class Kernel(NamedTuple):
    """The files that the build would make of it."""

    first: Path
    full: Path
    elf: Path
    debug: Path

    def image(self) -> Image:
        return Image(self.elf)


class Maker:
    """Makes kernels in a folder of its own, with GNU ld or another linker."""

    def __init__(self, folder: Path, linker: str = "") -> None:
        self.folder = folder
        self._linker = linker or _tool("ld")
        self._options = make_variable("LDFLAGS")

    def placing_orphans(self) -> Maker:
        """Leaves it to a gate to refuse them."""
        self._options = (*self._options, "--orphan-handling=place")
        return self

    def kernel(self, linker: Optional[dict[str, str]] = None, **values: str) -> Kernel:
        """Every file of a kernel with other values in its source, and another linker script."""
        stem = f"k{len(list(self.folder.iterdir()))}"
        made = Kernel(*(self.folder / f"{stem}.{end}" for end in ("first", "full", "elf", "debug")))
        code = self._assemble(stem, _changed(SOURCE, {**VALUES, **values}))
        script = self.folder / f"{stem}.ld"
        script.write_text(_changed((ROOT / "linker.ld").read_text(), linker or {}))
        # Twice, as the Makefile does.
        self._link(script, made.first, code, self._assemble(f"{stem}-0", _table(None)))
        self._link(script, made.full, code, self._assemble(f"{stem}-1", _table(made.first)))
        objcopy = _tool("objcopy")
        self._run(objcopy, "--only-keep-debug", made.full, made.debug)
        self._run(objcopy, "--strip-all", made.full, made.elf)
        return made

    def code(
        self, *objects: Path, changes: Optional[dict[str, str]] = None, **values: str
    ) -> Image:
        """A linked kernel with other text and values in its source, and more objects.

        What is asked of it is in its disassembly: without the tools the test is skipped.
        """
        if reason := missing("objdump") or missing("addr2line"):
            pytest.skip(reason)
        stem = f"c{len(list(self.folder.iterdir()))}"
        source = _changed(_changed(SOURCE, changes or {}), {**VALUES, **values})
        linked = self.folder / f"{stem}.full"
        self._link(ROOT / "linker.ld", linked, self._assemble(stem, source), *objects)
        return Image(linked, root=self.folder)

    def compile(self, compiler: str, source: str, *options: str) -> Path:
        """A C file, with the kernel's flags that matter here."""
        path = self.folder / "unit.c"
        path.write_text(source)
        flags = ("-std=gnu17", "-ffreestanding", "-fno-pic", "-mcmodel=kernel", "-g")
        flags += ("-fcf-protection=none", "-fno-stack-protector", "-fno-omit-frame-pointer")
        output = self.folder / f"unit{''.join(options)}.o"
        self._run(compiler, *flags, *options, "-c", path, "-o", output)
        return output

    def _assemble(self, stem: str, source: str) -> Path:
        (self.folder / f"{stem}.asm").write_text(source)
        output = self.folder / f"{stem}.o"
        self._run("nasm", "-f", "elf64", "-g", "-F", "dwarf", f"{stem}.asm", "-o", output)
        return output

    def _link(self, script: Path, output: Path, *objects: Path) -> None:
        self._run(self._linker, *self._options, "-T", script, "-o", output, *objects)

    def _run(self, *command: object) -> None:
        words = list(map(str, command))
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@lru_cache
def make_variable(name: str) -> tuple[str, ...]:
    """The words of one of the Makefile's variables."""
    command = ["make", "-s", f"--eval=print:;@echo $({name})", "print"]
    alone = {name: text for name, text in os.environ.items() if name not in MAKE_PRIVATE}
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    return tuple(done.stdout.split())


def _table(described: Optional[Path]) -> str:
    """The symbol table of a linked kernel as NASM source; an empty one of none."""
    command = [sys.executable, str(ROOT / "tools" / "symbols.py")]
    if described:
        command += [str(described), _tool("nm")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"no {old!r} to replace"
        text = text.replace(old, new)
    return text


def _tool(name: str) -> str:
    return next(filter(shutil.which, (f"x86_64-elf-{name}", name)), name)
