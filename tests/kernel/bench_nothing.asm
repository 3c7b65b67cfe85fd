; SPDX-License-Identifier: MIT
; The heap's functions, doing nothing: what a benchmark's own loop takes.

section .text

global nothing_alloc, nothing_realloc, nothing_free
nothing_alloc:
nothing_realloc:
nothing_free:
    ret
