; SPDX-License-Identifier: MIT
; The call that trap_expect() can come back from in two ways.

section .text

; bool trap_expect_call(void (*function)(void *), void *argument, struct landing *landing)
; In: RDI, RSI, RDX as above. Out: AL 0 when the function returned, 1 when a
; handler resumed at the landing. Callee-saved registers are restored from the
; stack either way.
global trap_expect_call
trap_expect_call:
    push rbp
    mov rbp, rsp
    push rbx
    push r12
    push r13
    push r14
    push r15
    push rbp                            ; the sixth: RSP is 16-byte aligned again
    mov [rdx], rsp
    lea rax, [rel .landed]
    mov [rdx + 8], rax
    mov rax, rdi
    mov rdi, rsi
    call rax
    xor eax, eax
    jmp .done
.landed:
    mov eax, 1
.done:
    pop rbp
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret
