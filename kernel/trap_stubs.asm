; SPDX-License-Identifier: MIT
; Where the CPU lands on each of the 256 vectors: every stub brings the stack
; to one shape, struct trap_frame, and calls C with DF clear and RSP aligned.
; Exceptions stay on the stack the CPU chose; hardware interrupts go to the
; CPU's interrupt stack. Gates are interrupt gates, so IF is clear throughout.

%include "asm_offsets.inc"

global trap_entry.called, irq_entry.called ; a backtrace knows them: kernel/backtrace.c

extern trap_dispatch
extern irq_dispatch

section .text

; What a call may clobber, with RBP and RBX.
%macro PUSH_REGISTERS 0
    push rax
    push rcx
    push rdx
    push rbx
    push rbp
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
%endmacro

%macro POP_REGISTERS 0
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rbp
    pop rbx
    pop rdx
    pop rcx
    pop rax
%endmacro

; The CPU aligned RSP to 16 before it pushed; 22 quadwords later it is again.
trap_entry:
    PUSH_REGISTERS
    push r12
    push r13
    push r14
    push r15
    cld
    mov rdi, rsp
    push qword [rdi + TRAP_FRAME_RIP]   ; a frame record, as in irq_entry
    push rbp
    mov rbp, rsp
    call trap_dispatch
.called:
    add rsp, 16
    pop r15
    pop r14
    pop r13
    pop r12
    POP_REGISTERS
    add rsp, 16                         ; vector and error code
    iretq

; R12 to R15 stay in their registers, where C leaves them as they are.
irq_entry:
    PUSH_REGISTERS
    sub rsp, TRAP_FRAME_R11
    cld
    mov rdi, rsp
    mov rbx, rsp                        ; callee-saved: survives the call
    mov rsp, [gs:CPU_INTERRUPT_STACK_TOP]
    push qword [rbx + TRAP_FRAME_RIP]   ; as if the interrupted code had called
    push rbp                            ; irq_dispatch: a backtrace goes on there
    mov rbp, rsp
    call irq_dispatch
.called:
    lea rsp, [rbx + TRAP_FRAME_R11]
    POP_REGISTERS
    add rsp, 16
    iretq

; Named only where another kind begins: names cost room in the kernel's symbol table.
STUB_SIZE equ 16
align STUB_SIZE
trap_stub_0:
%assign vector 0
%rep TRAP_VECTOR_COUNT
%if vector == TRAP_EXCEPTION_COUNT
trap_stub_ %+ vector:
%endif
%if vector >= TRAP_EXCEPTION_COUNT || !((TRAP_VECTORS_WITH_ERROR_CODE >> vector) & 1)
    push 0                              ; in place of an error code
%endif
    push vector
%if vector < TRAP_EXCEPTION_COUNT
    jmp trap_entry
%else
    jmp irq_entry
%endif
%assign vector vector + 1
    times vector * STUB_SIZE - ($ - trap_stub_0) int3
%endrep

section .rodata
align 8
global trap_stub_table
trap_stub_table:
%assign vector 0
%rep TRAP_VECTOR_COUNT
    dq trap_stub_0 + vector * STUB_SIZE
%assign vector vector + 1
%endrep
