; SPDX-License-Identifier: MIT
; A delay of an exact number of instructions.

section .text

SLED_LENGTH equ 4096

; void idle_sweep_delay(uint64_t instructions)
; In: RDI 0 to SLED_LENGTH; beside them it takes as many more every time.
; Clobbers RAX.
global idle_sweep_delay
idle_sweep_delay:
    lea rax, [rel .end]
    sub rax, rdi
    jmp rax
    times SLED_LENGTH nop
.end:
    ret
