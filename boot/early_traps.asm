; SPDX-License-Identifier: MIT
; Descriptor tables of the entry code, so that a fault explains itself before
; trap_init(). While paging is off it ends in boot_fail32; from the switch to
; long mode on it goes to the kernel's own stubs, and so to a whole panic.
; Source: Intel SDM, volume 3, "Interrupt and Exception Handling".

%include "asm_offsets.inc"
%include "boot/physical.inc"

SELECTOR_BOOT_CODE32 equ 0x18
GATE_ATTRIBUTES      equ (GATE_PRESENT | GATE_TYPE_INTERRUPT) << 8

IDT32_SIZE equ TRAP_EXCEPTION_COUNT * 8
IDT64_SIZE equ TRAP_EXCEPTION_COUNT * 16
STUB_SIZE  equ 8

extern boot_fail32
extern trap_stub_table

; Not in the BSS, which is cleared later.
section .data
align 8
idt32:      times IDT32_SIZE db 0
idt64:      times IDT64_SIZE db 0
has_failed: db 0                        ; a fault has been reported, or tried to be
message:    db "exception 0x"
.vector:    db "00 at 0x"
.address:   db "00000000, before long mode", 0

section .rodata
align 8
boot_gdt:
    dq 0
    dq 0x00af9b000000ffff               ; SELECTOR_KERNEL_CODE: 64-bit code, ring 0
    dq 0x00cf93000000ffff               ; SELECTOR_KERNEL_DATA: data, ring 0
    dq 0x00cf9b000000ffff               ; SELECTOR_BOOT_CODE32: 32-bit code, ring 0
.end:
boot_gdt_pointer_low:
    dw boot_gdt.end - boot_gdt - 1
    dd PHYSICAL(boot_gdt)
global boot_gdt_pointer_high
boot_gdt_pointer_high:
    dw boot_gdt.end - boot_gdt - 1
    dq boot_gdt
idt32_pointer:
    dw IDT32_SIZE - 1
    dd PHYSICAL(idt32)
global boot_idt_pointer_low             ; to be loaded once paging is on
boot_idt_pointer_low:
    dw IDT64_SIZE - 1
    dd PHYSICAL(idt64)
global boot_idt_pointer_high            ; and before the low half goes
boot_idt_pointer_high:
    dw IDT64_SIZE - 1
    dq idt64

section .text.entry exec progbits alloc nowrite
bits 32

; Load the GDT, with the segments that the kernel goes on with, and the IDT for
; 32-bit code; prepare the one for 64-bit code.
; Clobbers EAX, ECX, EDX, ESI, EDI.
global boot_traps_init
boot_traps_init:
    lgdt [PHYSICAL(boot_gdt_pointer_low)]
    jmp SELECTOR_BOOT_CODE32:PHYSICAL(.reloaded)
.reloaded:
    mov eax, SELECTOR_KERNEL_DATA
    mov ss, eax
    mov ds, eax
    mov es, eax

    mov edi, PHYSICAL(idt32)
    mov eax, PHYSICAL(stubs)
    mov ecx, TRAP_EXCEPTION_COUNT
.gate32:
    mov [edi], ax
    mov word [edi + 2], SELECTOR_BOOT_CODE32
    mov edx, eax
    mov dx, GATE_ATTRIBUTES
    mov [edi + 4], edx
    add edi, 8
    add eax, STUB_SIZE
    loop .gate32
    lidt [PHYSICAL(idt32_pointer)]

    mov edi, PHYSICAL(idt64)
    mov esi, PHYSICAL(trap_stub_table)
    mov ecx, TRAP_EXCEPTION_COUNT
.gate64:
    lodsd
    mov [edi], ax
    mov word [edi + 2], SELECTOR_KERNEL_CODE
    mov ax, GATE_ATTRIBUTES
    mov [edi + 4], eax
    lodsd
    mov [edi + 8], eax
    add edi, 16
    loop .gate64
    ret

; Where a fault in 32-bit code goes, a stub for each vector.
stubs:
%assign vector 0
%rep TRAP_EXCEPTION_COUNT
    align STUB_SIZE
    push byte vector
    jmp near fault
%assign vector vector + 1
%endrep

; In: the vector and what the CPU pushed. Does not return.
fault:
    cmp byte [PHYSICAL(has_failed)], 0
    jne .halt                           ; the report itself has failed
    mov byte [PHYSICAL(has_failed)], 1
    pop eax
    mov edx, TRAP_VECTORS_WITH_ERROR_CODE
    bt edx, eax
    jnc .no_error_code
    pop edx
.no_error_code:
    shl eax, 24
    mov edi, PHYSICAL(message.vector)
    mov ecx, 2
    call put_hex
    pop eax
    mov edi, PHYSICAL(message.address)
    mov ecx, 8
    call put_hex
    mov esi, PHYSICAL(message)
    jmp boot_fail32
.halt:
    cli
    hlt
    jmp .halt

; In: EAX number, ECX how many of its upper digits, EDI where to. Clobbers EAX, ECX, EDX, EDI.
put_hex:
    rol eax, 4
    mov edx, eax
    and edx, 0xf
    mov dl, [PHYSICAL(digits) + edx]
    mov [edi], dl
    inc edi
    loop put_hex
    ret

section .rodata
digits: db "0123456789abcdef"
