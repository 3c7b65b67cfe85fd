# SPDX-License-Identifier: MIT
"""Negative controls of tools/check/code_gates.py: each gate refuses a kernel that is broken so."""
from __future__ import annotations

from typing import Callable

import pytest
from check import code_gates, stack
from check.image import Image
from conftest import compilers, needs_gcc
from mini_kernel import Maker

GATES = (
    code_gates.no_vector_instruction,
    code_gates.no_access_below_stack,
    code_gates.no_library_recursion,
    code_gates.small_frames,
    code_gates.stacks_hold,
)


@pytest.fixture(autouse=True)
def no_pointers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small kernel calls nothing through pointers."""
    monkeypatch.setattr(stack, "POINTERS", {})


@pytest.mark.parametrize("gate", GATES)
def test_sound_code_passes(gate: Callable[[Image], list[str]], maker: Maker) -> None:
    assert gate(maker.code()) == []


@pytest.mark.parametrize(
    "instruction",
    [
        "movaps xmm0, xmm1",
        "movups [rdi], xmm15",
        "cvtsi2sd xmm0, rax",
        "vaddps ymm0, ymm1, ymm2",
        "vaddps zmm0, zmm1, zmm2",
        "kmovw k1, eax",
        "vzeroupper",
        "paddb mm0, mm1",
        "emms",
        "fld1",
        "fninit",
        "fild dword [rdi]",
        "wait",
        "fxsave [rdi]",
        "xsave [rdi]",
        "ldmxcsr [rdi]",
        "db 0x06",  # no instruction in 64-bit code
    ],
)
def test_vector_instruction_refused(instruction: str, maker: Maker) -> None:
    image = maker.code(MORE=f"tainted: {instruction}\nret")
    (found,) = code_gates.no_vector_instruction(image)
    assert found.startswith("tainted: 0x")


def test_vector_instruction_in_entry_code_refused(maker: Maker) -> None:
    """32-bit code is read as what it is: it hides nothing, and is not taken for x87 code."""
    innocent = "inc eax\npush eax\nmov eax, [0xd9e8]\npop eax"
    image = maker.code(MORE=f"bits 32\ntainted: {innocent}\nfld1\nret\nbits 64\nafter: ret")
    (found,) = code_gates.no_vector_instruction(image)
    assert found.startswith("tainted: 0x") and found.endswith(" fld1")


@compilers
def test_floating_point_in_c_refused(compiler: str, maker: Maker) -> None:
    source = "double half(double x);\ndouble half(double x) { return x / 2; }\n"
    image = maker.code(maker.compile(compiler, source, "-O2"))
    assert code_gates.no_vector_instruction(image)


def test_exempt_symbol_passes(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_gates, "VECTOR_EXEMPT", frozenset({"tainted"}))
    assert code_gates.no_vector_instruction(maker.code(MORE="tainted: fld1")) == []


@pytest.mark.parametrize("access", ["mov [rsp - 8], rax", "mov al, [rsp + rcx - 16]"])
def test_access_below_stack_refused(access: str, maker: Maker) -> None:
    (found,) = code_gates.no_access_below_stack(maker.code(MORE=f"leaf: {access}\nret"))
    assert found.startswith("leaf: 0x")


def test_access_below_stack_in_entry_code_refused(maker: Maker) -> None:
    """Where no frames are followed."""
    image = maker.code(MORE="bits 32\nleaf: mov [esp - 8], eax\nret")
    (found,) = code_gates.no_access_below_stack(image)
    assert found.startswith("leaf: 0x")


def test_array_counted_from_one_passes(maker: Maker) -> None:
    """With an index, and room taken for locals, the displacement alone says nothing."""
    body = "push rbp\nmov rbp, rsp\nsub rsp, 16\nmov al, [rbp + rcx - 17]\nleave\nret"
    assert code_gates.no_access_below_stack(maker.code(MORE=f"leaf: {body}")) == []


def test_address_below_stack_passes(maker: Maker) -> None:
    """Computing an address reads nothing."""
    image = maker.code(MORE="leaf: lea rax, [rsp - 8]\nret")
    assert code_gates.no_access_below_stack(image) == []


LEAF = """
int sum(int count);
int sum(int count)
{
    volatile int cells[16];
    for (int i = 0; i < count; i++) {
        cells[i & 15] = i;
    }
    return cells[3];
}
"""


@compilers
def test_red_zone_of_compiler_refused(compiler: str, maker: Maker) -> None:
    """With frame pointers the red zone is reached through RBP, never through RSP."""
    safe = maker.code(maker.compile(compiler, LEAF, "-O2", "-mno-red-zone"))
    assert code_gates.no_access_below_stack(safe) == []
    found = code_gates.no_access_below_stack(maker.code(maker.compile(compiler, LEAF, "-O2")))
    assert found and all(line.startswith("sum: 0x") for line in found)


@pytest.mark.parametrize(
    "body, problem",
    [
        ("call memset\nret", "memset calls memset by way of memset"),
        ("jmp memset", "memset calls memset by way of memset"),
        ("jmp memcpy", "memset calls memcpy by way of memset"),
        ("call helper\nret\nhelper: jmp memmove", "memset calls memmove by way of helper"),
    ],
)
def test_library_recursion_refused(body: str, problem: str, maker: Maker) -> None:
    image = maker.code(changes={"memset:\n    ret": f"memset:\n    {body}"})
    assert problem in code_gates.no_library_recursion(image)


def test_loop_to_own_start_passes(maker: Maker) -> None:
    loop = "memset:\n    dec rcx\n    jnz memset\n    ret"
    image = maker.code(changes={"memset:\n    ret": loop})
    assert code_gates.no_library_recursion(image) == []


MEMSET = """
void *memset(void *to, int byte, unsigned long size);
void *memset(void *to, int byte, unsigned long size)
{
    char *bytes = to;
    for (unsigned long i = 0; i < size; i++) {
        bytes[i] = (char)byte;
    }
    return to;
}
"""


@needs_gcc
def test_memset_compiled_into_itself_refused(maker: Maker) -> None:
    """The loop that GCC knows for a memset; Clang spares functions of that name."""
    options = ("-O2", "-ftree-loop-distribute-patterns", "-mno-red-zone")
    unit = maker.compile("gcc", MEMSET, *options)
    image = maker.code(unit, changes={", memset": "", "memset:\n    ret": "extern memset"})
    assert "memset calls memset by way of memset" in code_gates.no_library_recursion(image)


def test_missing_library_function_refused(maker: Maker) -> None:
    image = maker.code(changes={", memcmp": "", "memcmp:\n    ret": ""})
    found = code_gates.no_library_recursion(image)
    assert found == ["no function memcmp: the compilers may call it"]


@pytest.mark.parametrize("size, refused", [(1016, False), (1024, True)])
def test_large_frame_refused(size: int, refused: bool, maker: Maker) -> None:
    """1024 bytes are what a function may take: here a saved RBP and its locals."""
    found = code_gates.small_frames(maker.code(KMAIN_BYTES=str(size)))
    assert found == ["kmain: 1032 bytes of stack, want at most 1024"] * refused


@pytest.mark.parametrize(
    "body, problem",
    [
        ("sub rsp, rax\nret", "a frame whose size is not known before it runs"),
        ("push rax\njmp odd", "the depth of the stack grows on each turn"),
        ("push rax\nret", "returns with 8 bytes on the stack"),
        ("lea rsp, [rax + 8]\nret", "the stack is set from %rax, whose value is unknown"),
        ("push rax\njmp [rax]", "a jump that cannot be followed"),
    ],
)
def test_unknown_frame_refused(body: str, problem: str, maker: Maker) -> None:
    found = code_gates.small_frames(maker.code(MORE=f"odd: {body}"))
    assert any(line.startswith(f"odd: {problem}") for line in found), found


def deep_chain(count: int) -> str:
    """Functions of 1000 bytes each; each calls the next."""
    lines = []
    for number in range(count):
        inner = f"call deep_{number - 1}" if number else "nop"
        lines.append(f"deep_{number}: sub rsp, 1000\n{inner}\nadd rsp, 1000\nret")
    return "\n".join(lines)


@pytest.mark.parametrize("count, refused", [(16, False), (17, True)])
def test_deep_chain_refused(count: int, refused: bool, maker: Maker) -> None:
    """A boot stack of 16 KiB holds sixteen such frames, and what an exception adds."""
    changes = {"call memset": f"call deep_{count - 1}"}
    found = code_gates.stacks_hold(maker.code(changes=changes, MORE=deep_chain(count)))
    assert bool(found) == refused
    if refused:
        assert found[0].startswith("boot stack: ") and found[0].endswith("of which it has 16384")
        assert any("kmain 80 > deep_16 1008 > deep_15 1008 >" in line for line in found)


def test_stack_is_the_sum_of_its_parts(maker: Maker) -> None:
    """Counted by hand; what an interrupt does on its own stack is not the boot stack's."""
    frame = "irq_dispatch:\n    sub rsp, 500\n    add rsp, 500\n    ret"
    rows = maker.code(changes={"irq_dispatch:\n    ret": frame}).stacks.rows()
    stub_and_dispatch, pushed_by_cpu = 2 * 8 + 8 + 8, (8 + 5 * 8) - 8
    trap, panic = stub_and_dispatch + pushed_by_cpu, 8 + 8
    kmain_and_memset = 8 + 8 + 64 + 8
    assert rows[0] == stack.Row("boot", 4 * 4096, kmain_and_memset, trap, panic)
    assert rows[1] == stack.Row("interrupt", 4 * 4096, 8 + 500, trap, panic)
    assert rows[2] == stack.Row("double fault", 3 * 4096, 0, trap, panic)


def test_exception_counts_on_every_stack(maker: Maker) -> None:
    """Its handler alone would fit: not on top of the frames of what it interrupts."""
    frame = "trap_dispatch:\n    sub rsp, 11000\n    add rsp, 11000\n    ret"
    changes = {"trap_dispatch:\n    ret": frame}
    (found, *_) = code_gates.stacks_hold(maker.code(changes=changes, KMAIN_BYTES="5500"))
    assert found.startswith("boot stack: ")


def test_recursion_is_named(maker: Maker) -> None:
    turns = "even: call uneven\nret\nuneven: call even\nret"
    image = maker.code(changes={"call memset": "call even"}, MORE=turns)
    assert code_gates.stacks_hold(image) == []
    assert "recursion, counted once: even > uneven > even" in code_gates.stack_report(image)


POINTER = """
void handler(void);
void handler(void) { volatile char room[200]; room[0] = 0; }
void (*volatile hook)(void) = handler;
void call_hook(void);
void call_hook(void) { hook(); }
"""


@compilers
def test_call_to_nowhere_known_refused(
    compiler: str, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call through a pointer must have its targets named, and a taken address its caller."""
    unit = maker.compile(compiler, POINTER, "-O2", "-mno-red-zone")
    changes, file = {"call memset": "call call_hook"}, str(maker.folder / "unit.c")

    def found() -> list[str]:
        return code_gates.stacks_hold(maker.code(unit, changes=changes, MORE="extern call_hook"))

    assert found() == [
        f"{file}: a call through a pointer, and no entry of POINTERS says where to",
        "handler: its address is taken, and no entry of POINTERS names it",
    ]
    monkeypatch.setattr(stack, "POINTERS", {file: ("handler", "renamed")})
    assert found() == [f"POINTERS[{file}]: renamed: nothing takes its address"]
    monkeypatch.setattr(stack, "POINTERS", {file: ("handler",)})
    assert found() == []
    image = maker.code(unit, changes=changes, MORE="extern call_hook")
    assert " > handler " in str(image.stacks.deepest("kmain"))


def test_unknown_stack_refused(maker: Maker) -> None:
    """A stack that linker.ld gets and nobody tells the report about."""
    image = maker.code(MORE="global __task_stack_top\n__task_stack_top:")
    found = code_gates.stacks_hold(image)
    assert found == ["task stack: no entry of STACKS says what begins on it"]


def test_missing_root_refused(maker: Maker) -> None:
    """A kernel whose kmain has another name has no chain to follow, and does not pass for that."""
    found = code_gates.stacks_hold(maker.code(changes={"kmain": "main"}))
    assert found == ["no function kmain to follow calls from"]
