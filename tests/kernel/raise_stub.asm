; SPDX-License-Identifier: MIT
; What the CPU does for an exception that brings an error code, in software.

%include "asm_offsets.inc"

section .text

; void raise_stub(uint64_t stub, uint64_t error_code)
; In: RDI the entry stub, RSI the code. The frame says that the exception struck
; the caller at the instruction behind its call. Out: only where a handler lets
; execution go on there.
global raise_stub
raise_stub:
    mov rcx, [rsp]
    lea rdx, [rsp + 8]                  ; as if RET had been
    pushfq
    pop rax
    mov r8d, ss
    and rsp, -16
    push r8
    push rdx
    push rax
    push SELECTOR_KERNEL_CODE
    push rcx
    push rsi
    mov r9, rsp
    btr rax, 9                          ; IF: as through an interrupt gate
    push r8
    push r9
    push rax
    push SELECTOR_KERNEL_CODE
    push rdi
    iretq                               ; to the stub, with the frame on top of the stack
