; SPDX-License-Identifier: MIT
; The build's identity, 64 bits. Written into the linked file by
; tools/buildid.py; not in C, whose compiler would take the zero for its value.

section .build_id progbits alloc noexec nowrite align=8
global build_id
build_id: dq 0
