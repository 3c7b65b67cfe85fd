; SPDX-License-Identifier: MIT
; Fills every register, raises an interrupt, and stores them before and after.

section .text

%macro STORE_REGISTERS 1
    mov [%1 + 0 * 8], rax
    mov [%1 + 1 * 8], rbx
    mov [%1 + 2 * 8], rcx
    mov [%1 + 3 * 8], rdx
    mov [%1 + 4 * 8], rsi
    mov [%1 + 5 * 8], rdi
    mov [%1 + 6 * 8], rbp
    mov [%1 + 7 * 8], r8
    mov [%1 + 8 * 8], r9
    mov [%1 + 9 * 8], r10
    mov [%1 + 10 * 8], r11
    mov [%1 + 11 * 8], r12
    mov [%1 + 12 * 8], r13
    mov [%1 + 13 * 8], r14
    mov [%1 + 14 * 8], r15
    mov [%1 + 15 * 8], rsp
%endmacro

; In: RDI struct registers before, RSI after. %2: the vector to raise.
%macro REGISTERS_ACROSS 2
global %1
%1:
    push rbx
    push rbp
    push r12
    push r13
    push r14
    push r15
    mov [rel before], rdi
    mov [rel after], rsi
    mov rax, 0x1111111111111111
    mov rbx, 0x2222222222222222
    mov rcx, 0x3333333333333333
    mov rdx, 0x4444444444444444
    mov rsi, 0x5555555555555555
    mov rbp, 0x7777777777777777
    mov r8,  0x8888888888888888
    mov r9,  0x9999999999999999
    mov r10, 0xaaaaaaaaaaaaaaaa
    mov r11, 0xbbbbbbbbbbbbbbbb
    mov r12, 0xcccccccccccccccc
    mov r13, 0xdddddddddddddddd
    mov r14, 0xeeeeeeeeeeeeeeee
    mov r15, 0xffffffffffffffff
    STORE_REGISTERS rdi
    int %2
    mov [rel rdi_after], rdi
    mov rdi, [rel after]
    STORE_REGISTERS rdi
    mov rax, [rel rdi_after]
    mov [rdi + 5 * 8], rax
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbp
    pop rbx
    ret
%endmacro

REGISTERS_ACROSS registers_across_int3, 3
REGISTERS_ACROSS registers_across_irq, 37

section .bss
before:    resq 1
after:     resq 1
rdi_after: resq 1
