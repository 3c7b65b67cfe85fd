# SPDX-License-Identifier: MIT
"""Negative controls of the host tests' flags: a program built with them dies of what it does."""
from __future__ import annotations

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import compilers
from mini_kernel import make_variable

# The compiler cannot tell where this leads.
PAST = """
#include <stdlib.h>
__attribute__((noinline, noclone)) static char *past(char *start, long count)
{
    __asm__("" : "+r"(start));
    return start + count;
}
"""
BROKEN = {
    "char cells[4]; return *past(cells, argc + 3);": "stack-buffer-overflow",
    "static char cells[4]; return *past(cells, argc + 3);": "global-buffer-overflow",
    "char *byte = malloc(1); free(byte); return *byte;": "heap-use-after-free",
    "return 0x7fffffff + argc;": "signed integer overflow",
    "return 1 << (31 + argc);": "shift exponent 32 is too large",
    "return *(int *)(void *)past((char *)argv, 1);": "misaligned address",
}


def build(compiler: str, source: str, folder: Path) -> Path:
    (folder / "program.c").write_text(source)
    flags = [flag for flag in make_variable("HOST_CFLAGS") if not flag.startswith(("-W", "-M"))]
    command = [compiler, *flags, "-w", "-o", "program", "program.c"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "program"


@lru_cache
def has_runtime(compiler: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return build(compiler, "int main(void) { return 0; }\n", Path(folder)).is_file()
        except subprocess.CalledProcessError:
            return False


def run(compiler: str, body: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if not has_runtime(compiler):
        pytest.skip(f"tool {compiler}'s sanitizer runtime missing")
    source = f"{PAST}int main(int argc, char **argv)\n{{ {body} }}\n"
    return subprocess.run([str(build(compiler, source, folder))], capture_output=True, text=True)


@compilers
@pytest.mark.parametrize("body, report", BROKEN.items())
def test_broken_program_dies(body: str, report: str, compiler: str, tmp_path: Path) -> None:
    done = run(compiler, body, tmp_path)
    assert done.returncode != 0 and report in done.stderr


@compilers
def test_sound_program_lives(compiler: str, tmp_path: Path) -> None:
    done = run(compiler, "(void)argv; return argc - 1;", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
