; SPDX-License-Identifier: MIT
; The last words of a boot that cannot reach C: a sentence on the screen, be it
; text or pixels, and on COM1, then a halt. Bounded, and asks nothing of the CPU
; beyond a 386.

%include "asm_offsets.inc"
%include "boot/physical.inc"

VGA_ROW_BYTES       equ VGA_COLUMNS * 2
VGA_WHITE_ON_RED    equ (TERMINAL_RED << 4 | TERMINAL_WHITE) << 8
UART_DIVISOR_115200 equ UART_BASE_BAUD / 115200
UART_WAIT_READS     equ 10000           ; some 10 ms; a character takes 0.1 ms

extern boot_pixels_find, boot_pixels_put, boot_pixels_line_feed

section .rodata
fail_prefix:  db "KERNEL PANIC: boot: ", 0
fail_suffix:  db 13, 10, "System halted.", 13, 10, 0

section .text.entry exec progbits alloc nowrite
bits 32

; In: ESI physical address of a sentence, terminated by 0. Does not return.
global boot_fail32
boot_fail32:
    push esi
    call uart_init
    xor edi, edi                        ; no cells
    call boot_pixels_find
    jnc .screen_ready
    mov edi, VGA_TEXT_CELLS
    mov eax, (VGA_WHITE_ON_RED | ' ') * 0x10001
    mov ecx, VGA_ROWS * VGA_ROW_BYTES / 4
    rep stosd
    mov edi, VGA_TEXT_CELLS             ; where the next character goes

.screen_ready:
    mov esi, PHYSICAL(fail_prefix)
    call print
    pop esi
    call print
    mov esi, PHYSICAL(fail_suffix)
    call print
.halt:
    cli
    hlt
    jmp .halt

; In: ESI text, EDI cell, 0 on pixels. Out: EDI next cell. Clobbers EAX, ECX, EDX, ESI.
print:
    lodsb
    test al, al
    jz .done
    call uart_put
    cmp al, 10
    je .line_feed
    jb print
    cmp al, 13
    je print
    test edi, edi
    jnz .cell
    call boot_pixels_put
    jmp print
.cell:
    mov ah, VGA_WHITE_ON_RED >> 8
    stosw
    jmp print
.line_feed:
    test edi, edi
    jnz .next_row
    call boot_pixels_line_feed
    jmp print
.next_row:
    lea eax, [edi - VGA_TEXT_CELLS]     ; to the start of the next row
    xor edx, edx
    mov ecx, VGA_ROW_BYTES
    div ecx
    inc eax
    mul ecx
    lea edi, [eax + VGA_TEXT_CELLS]
    jmp print
.done:
    ret

; 115200 8N1, no interrupts. Clobbers EAX, EDX.
uart_init:
    xor eax, eax
    mov dx, UART_COM1 + UART_IER
    out dx, al
    mov al, UART_LCR_DLAB
    mov dx, UART_COM1 + UART_LCR
    out dx, al
    mov al, UART_DIVISOR_115200
    mov dx, UART_COM1 + UART_DLL
    out dx, al
    xor al, al
    mov dx, UART_COM1 + UART_DLM
    out dx, al
    mov al, UART_LCR_8_BITS
    mov dx, UART_COM1 + UART_LCR
    out dx, al
    ret

; In: AL character. Clobbers AH, ECX, EDX.
uart_put:
    mov ah, al
    mov ecx, UART_WAIT_READS
    mov dx, UART_COM1 + UART_LSR
.wait:
    in al, dx
    test al, UART_LSR_THR_EMPTY
    jnz .ready
    loop .wait
.ready:
    mov al, ah
    mov dx, UART_COM1 + UART_THR
    out dx, al
    ret
