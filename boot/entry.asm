; SPDX-License-Identifier: MIT
; From a loader's 32-bit protected mode to kmain() in the upper half. Both
; entries come here with paging off and nothing else trusted: every control
; register is written whole, so nothing a loader left on (five-level paging,
; PCIDs, CET) survives. Source: Intel SDM, volume 3, "Initializing IA-32e Mode".

%include "asm_offsets.inc"
%include "boot/physical.inc"

PTE_TABLE    equ PTE_PRESENT | PTE_WRITE
PTE_NX_HIGH  equ (PTE_NO_EXECUTE >> 32) & 0xffffffff ; in the upper half of an entry

; Where in a table of a level (the PML4's is 4) the entry for an address is.
%define INDEX(address, level) (((address) >> (3 + 9 * (level))) & (PAGE_TABLE_ENTRIES - 1))
%define SLOT(address, level)  (INDEX(address, level) * 8)

; Boot map: the first 4 GiB in 2 MiB pages, the image in 4 KiB pages.
%define BOOT_MAP_DIRECTORIES (BOOT_MAP_SIZE >> 30)
%define IMAGE_TABLES         8          ; linker.ld asserts that the image fits

; 2^64 divided by the golden ratio: numbers near each other, times this, are far apart.
%define SPREAD 0x9e3779b97f4a7c15

; Bit 1 is always set. A loader's AC would switch SMAP off, its NT break iretq.
EFLAGS_CLEAN equ 1 << 1

extern kmain
extern __stack_chk_guard
extern boot_fail32
extern boot_traps_init, boot_gdt_pointer_high, boot_idt_pointer_low, boot_idt_pointer_high
extern __text_start, __text_end, __rodata_start, __rodata_end, __data_start, __bss_start, __bss_end
extern __boot_stack_bottom, __boot_stack_top
extern __interrupt_stack_bottom, __interrupt_stack_top
extern __double_fault_stack_bottom, __double_fault_stack_top
extern __nmi_stack_bottom, __nmi_stack_top
extern __machine_check_stack_bottom, __machine_check_stack_top
extern __panic_stack_bottom, __panic_stack_top

section .data
; What the loader handed over, for whoever has to report before kmain() has it: protocol, address.
align 8
global boot_handover
boot_handover: dd 0, 0
global boot_entry_tsc
boot_entry_tsc: dq 0                    ; time stamp counter at entry, for the boot's cost

section .bss
alignb PAGE_SIZE
pml4:              resb PAGE_SIZE
global boot_pdpt
boot_pdpt:         resb PAGE_SIZE       ; serves the identity map and the direct map
pdpt_image:        resb PAGE_SIZE
directories_low:   resb PAGE_SIZE * BOOT_MAP_DIRECTORIES
directory_image:   resb PAGE_SIZE
tables_image:      resb PAGE_SIZE * IMAGE_TABLES

section .rodata
; The image's pages: first, one past the last, writable?, executable? What is
; in no row (the page below each stack) stays unmapped.
%macro IMAGE_REGION 4
    dd PHYSICAL(%1), PHYSICAL(%2)
    dd PTE_PRESENT | (PTE_WRITE * %3), PTE_NX_HIGH * (1 - %4)
%endmacro
IMAGE_REGION_SIZE equ 16
align 4
image_regions:
    IMAGE_REGION __text_start,                 __text_end,                0, 1
    IMAGE_REGION __rodata_start,               __rodata_end,              0, 0
    IMAGE_REGION __data_start,                 __bss_end,                 1, 0
    IMAGE_REGION __boot_stack_bottom,          __boot_stack_top,          1, 0
    IMAGE_REGION __interrupt_stack_bottom,     __interrupt_stack_top,     1, 0
    IMAGE_REGION __double_fault_stack_bottom,  __double_fault_stack_top,  1, 0
    IMAGE_REGION __nmi_stack_bottom,           __nmi_stack_top,           1, 0
    IMAGE_REGION __machine_check_stack_bottom, __machine_check_stack_top, 1, 0
    IMAGE_REGION __panic_stack_bottom,         __panic_stack_top,         1, 0
.end:

message_magic:   db "not started by a Multiboot2 loader: EAX holds the wrong magic number", 0
message_pvh:     db "PVH start info has the wrong magic number", 0
message_cpuid:   db "this CPU has no CPUID instruction; a 64-bit x86 CPU is needed", 0
message_long:    db "this CPU has no long mode; a 64-bit x86 CPU is needed", 0

section .text.entry exec progbits alloc nowrite
bits 32

; In: EAX magic, EBX physical address of the boot information (GRUB).
global multiboot2_entry
multiboot2_entry:
    cli
    cld
    mov esp, PHYSICAL(__boot_stack_top)
    push dword EFLAGS_CLEAN
    popfd
    mov esi, PHYSICAL(message_magic)
    cmp eax, MULTIBOOT2_BOOTLOADER_MAGIC
    jne boot_fail32
    mov ebp, BOOT_MULTIBOOT2
    jmp enter_long_mode

; In: EBX physical address of hvm_start_info (PVH).
global pvh_entry
pvh_entry:
    cli
    cld
    mov esp, PHYSICAL(__boot_stack_top)
    push dword EFLAGS_CLEAN
    popfd
    mov esi, PHYSICAL(message_pvh)
    cmp dword [ebx], PVH_START_INFO_MAGIC
    jne boot_fail32
    mov ebp, BOOT_PVH

; In: EBP boot protocol, EBX physical address of its information.
enter_long_mode:
    mov [PHYSICAL(boot_handover)], ebp
    mov [PHYSICAL(boot_handover) + 4], ebx
    call boot_traps_init                ; from here on a fault says something
    mov eax, CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_EM
    mov cr0, eax
    call check_cpu                      ; EDX: PTE_NX_HIGH or 0
    push edx
    rdtsc
    mov [PHYSICAL(boot_entry_tsc)], eax
    mov [PHYSICAL(boot_entry_tsc) + 4], edx
    pop edx
    call clear_bss
    call map_low_memory
    call map_image

    mov eax, CR4_PAE
    mov cr4, eax
    mov eax, PHYSICAL(pml4)
    mov cr3, eax
    mov eax, EFER_LME
    test edx, edx
    jz .efer
    or eax, EFER_NXE
.efer:
    xor edx, edx
    mov ecx, MSR_EFER
    wrmsr
    mov eax, CR0_PG | CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_EM
    mov cr0, eax
    lidt [PHYSICAL(boot_idt_pointer_low)]
    jmp SELECTOR_KERNEL_CODE:PHYSICAL(long_mode_low)

; Out: EDX PTE_NX_HIGH where the CPU has NX, else 0. Does not return on a CPU
; without long mode. Clobbers EAX, ECX, ESI.
check_cpu:
    mov esi, PHYSICAL(message_cpuid)
    pushfd
    mov ecx, [esp]
    xor dword [esp], RFLAGS_ID
    popfd
    pushfd
    pop eax
    xor eax, ecx
    push dword EFLAGS_CLEAN
    popfd
    test eax, RFLAGS_ID                 ; a CPU without CPUID keeps the bit
    jz boot_fail32

    mov esi, PHYSICAL(message_long)
    push ebx                            ; CPUID writes EBX
    mov eax, CPUID_EXTENDED_MAX
    cpuid
    cmp eax, CPUID_EXTENDED
    jb boot_fail32
    mov eax, CPUID_EXTENDED
    cpuid
    pop ebx
    test edx, CPUID_EXTENDED_EDX_LM
    jz boot_fail32
    and edx, CPUID_EXTENDED_EDX_NX
    jz .done
    mov edx, PTE_NX_HIGH
.done:
    ret

; Clobbers EAX, ECX, EDI.
clear_bss:
    mov edi, PHYSICAL(__bss_start)
    mov ecx, PHYSICAL(__bss_end)
    sub ecx, edi
    shr ecx, 2
    xor eax, eax
    rep stosd
    ret

; Map the first 4 GiB at 0 (until the jump to the upper half) and, without
; execution, at DIRECT_MAP_BASE. In: EDX NX bit. Clobbers EAX, ECX, EDI.
map_low_memory:
    mov eax, PHYSICAL(boot_pdpt) + PTE_TABLE
    mov [PHYSICAL(pml4)], eax
    mov [PHYSICAL(pml4) + SLOT(DIRECT_MAP_BASE, 4)], eax
    mov [PHYSICAL(pml4) + SLOT(DIRECT_MAP_BASE, 4) + 4], edx
%assign directory 0
%rep BOOT_MAP_DIRECTORIES
    mov dword [PHYSICAL(boot_pdpt) + directory * 8], \
        PHYSICAL(directories_low) + directory * PAGE_SIZE + PTE_TABLE
%assign directory directory + 1
%endrep
    mov edi, PHYSICAL(directories_low)
    mov eax, PTE_PRESENT | PTE_WRITE | PTE_LARGE
    mov ecx, BOOT_MAP_DIRECTORIES * PAGE_TABLE_ENTRIES
.next:
    mov [edi], eax
    add edi, 8
    add eax, PAGE_TABLE_ENTRIES * PAGE_SIZE
    loop .next
    ret

; Map each row of image_regions at its linked address with its rights.
; In: EDX NX bit, 0 where the CPU has none. Clobbers EAX, ECX, ESI, EDI.
map_image:
    mov dword [PHYSICAL(pml4) + SLOT(IMAGE_VIRTUAL_OFFSET, 4)], PHYSICAL(pdpt_image) + PTE_TABLE
    mov dword [PHYSICAL(pdpt_image) + SLOT(IMAGE_VIRTUAL_OFFSET, 3)], \
        PHYSICAL(directory_image) + PTE_TABLE
%assign table 0
%rep IMAGE_TABLES
    mov dword [PHYSICAL(directory_image) + table * 8], \
        PHYSICAL(tables_image) + table * PAGE_SIZE + PTE_TABLE
%assign table table + 1
%endrep
    mov esi, PHYSICAL(image_regions)
.region:
    mov eax, [esi]
    mov edi, eax
    shr edi, 12                         ; page number in the image's window
    lea edi, [PHYSICAL(tables_image) + edi * 8]
.page:
    cmp eax, [esi + 4]
    jae .region_done
    mov ecx, eax
    or ecx, [esi + 8]
    mov [edi], ecx
    mov ecx, [esi + 12]
    and ecx, edx
    mov [edi + 4], ecx
    add edi, 8
    add eax, PAGE_SIZE
    jmp .page
.region_done:
    add esi, IMAGE_REGION_SIZE
    cmp esi, PHYSICAL(image_regions.end)
    jb .region
    ret

bits 64
long_mode_low:
    mov rax, .high                      ; no relative jump reaches the upper half
    jmp rax
.high:
    mov eax, SELECTOR_KERNEL_DATA
    mov ss, eax
    mov ds, eax
    mov es, eax
    xor eax, eax
    mov fs, eax
    mov gs, eax
    mov rsp, __boot_stack_top
    lgdt [boot_gdt_pointer_high]
    lidt [boot_idt_pointer_high]

    ; The low half goes: from here a null pointer faults.
    mov qword [pml4], 0
    mov rax, cr3
    mov cr3, rax

    ; The stack protector's number: the time, spread over all bits but the lowest eight.
    rdtsc
    shl rdx, 32
    or rax, rdx
    mov rcx, SPREAD
    imul rax, rcx
    xor al, al
    mov [__stack_chk_guard], rax

    mov edi, ebp
    mov esi, ebx
    xor ebp, ebp                        ; ends the chain of frame pointers
    push rbp                            ; a return address of 0, and RSP as a call leaves it
    jmp kmain
