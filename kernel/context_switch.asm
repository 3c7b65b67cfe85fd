; SPDX-License-Identifier: MIT
; From one stack to another: see kernel/context.h.

section .text

; void context_switch(uint64_t *save, uint64_t load)
; In: RDI where the stack pointer is kept, RSI the one to go on at. Out: when
; switched to again. All that a call may clobber is clobbered.
global context_switch
context_switch:
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    mov [rdi], rsp
    mov rsp, rsi
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret
