; SPDX-License-Identifier: MIT
; Where the panic report runs.

section .text

extern __panic_stack_top
extern panic_run

; Call panic_run() at the top of the panic stack, whatever was on that: nothing
; returns to it. Never returns.
global panic_on_own_stack
panic_on_own_stack:
    mov rsp, __panic_stack_top
    xor ebp, ebp
    call panic_run
    ud2
