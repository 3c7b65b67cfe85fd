# SPDX-License-Identifier: MIT
"""The depths that tools/check/frames.py finds, against ones counted by hand."""
from __future__ import annotations

import pytest
from check.frames import Frame
from mini_kernel import Maker


def frame_of(maker: Maker, body: str) -> Frame:
    image = maker.code(MORE=f"measured:\n{body}\n")
    (function,) = image.disassembly.named("measured")
    return image.frames.by_address[function.address]


@pytest.mark.parametrize(
    "body, peak",
    [
        ("ret", 8),
        ("push rax\npop rax\nret", 16),
        ("push rbp\nmov rbp, rsp\nsub rsp, 0x20\nleave\nret", 8 + 8 + 32),
        ("push rbp\nmov rbp, rsp\npush rbx\nsub rsp, 0x40\nlea rsp, [rbp - 8]\npop rbx\nleave\nret",
         8 + 16 + 64),
        # The shorter encoding of 128 is the negative one.
        ("add rsp, -128\nsub rsp, -128\nret", 8 + 128),
        # The deeper branch counts, wherever it stands.
        ("test eax, eax\njz .deep\nret\n.deep: sub rsp, 0x100\nadd rsp, 0x100\nret", 8 + 256),
        # A call that never returns ends its path: what follows it has the depth of its jump.
        ("test eax, eax\njz .small\nsub rsp, 0x100\ncall panic\n.small: push rax\npop rax\nret",
         8 + 256),
        # Aligned by hand: RSP is 16 bytes off a call's, which is 8 off the alignment.
        ("push rbp\nmov rbp, rsp\nand rsp, -16\nleave\nret", 16),
        ("push rbp\nmov rbp, rsp\nand rsp, -64\nleave\nret", 64 + 48),
        # Another stack, and back.
        ("mov rbx, rsp\nmov rsp, [gs:8]\nsub rsp, 0x200\nmov rsp, rbx\npush rax\npop rax\nret", 16),
    ],
)  # fmt: skip
def test_peak(body: str, peak: int, maker: Maker) -> None:
    frame = frame_of(maker, body)
    assert frame.problems == []
    assert frame.peak == peak


def test_calls_know_their_depth(maker: Maker) -> None:
    body = "sub rsp, 0x18\ncall memset\nadd rsp, 0x18\njmp memcpy"
    assert sorted(call.depth for call in frame_of(maker, body).calls) == [0, 0x20]


def test_jump_table_is_followed(maker: Maker) -> None:
    body = """
        cmp edi, 1
        ja .other
        jmp [.table + rdi * 8]
    .first: sub rsp, 0x80
        add rsp, 0x80
        ret
    .second: sub rsp, 0x300
        add rsp, 0x300
    .other: ret
    section .rodata
    align 8
    .table: dq .first, .second
    section .text
    """
    frame = frame_of(maker, body)
    assert (frame.problems, frame.peak) == ([], 8 + 0x300)


def test_table_of_functions_is_a_tail_call(maker: Maker) -> None:
    body = "jmp [.table + rdi * 8]\nsection .rodata\nalign 8\n.table: dq memset, memcpy\n"
    frame = frame_of(maker, body)
    assert [(call.target, call.depth) for call in frame.calls] == [(None, 0)]


def test_frame_that_another_part_shares(maker: Maker) -> None:
    """A jump with something on the stack goes on in the same frame."""
    body = "push rax\njmp shared\nshared: sub rsp, 0x50\nadd rsp, 0x58\nret"
    assert frame_of(maker, body).peak == 8 + 8 + 0x50
