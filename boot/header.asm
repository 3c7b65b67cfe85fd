; SPDX-License-Identifier: MIT
; How loaders find the kernel: the Multiboot2 header for GRUB and the PVH note
; for `qemu -kernel`. No framebuffer tag: with one, GRUB leaves text mode under
; BIOS too. Sources: Multiboot2 Specification, "OS image format"; Xen, "PVH".

%include "asm_offsets.inc"

section .multiboot2_header align=8
header_start:
    dd MULTIBOOT2_HEADER_MAGIC
    dd MULTIBOOT2_ARCHITECTURE_I386
    dd header_end - header_start
    dd -(MULTIBOOT2_HEADER_MAGIC + MULTIBOOT2_ARCHITECTURE_I386 + (header_end - header_start)) & 0xffffffff

align 8
information_request:
    dw MULTIBOOT2_HEADER_TAG_INFORMATION_REQUEST
    dw 0                                ; flags: the loader must understand them
    dd .end - information_request
    dd MULTIBOOT2_TAG_COMMAND_LINE
    dd MULTIBOOT2_TAG_LOADER_NAME
    dd MULTIBOOT2_TAG_MODULE
    dd MULTIBOOT2_TAG_MEMORY_MAP
.end:

align 8
    dw MULTIBOOT2_HEADER_TAG_END
    dw 0
    dd 8
header_end:

section .note.pvh note alloc noexec nowrite align=4
extern pvh_entry
    dd .name_end - .name
    dd .entry_end - .entry
    dd PVH_NOTE_TYPE_ENTRY32
.name:
    db "Xen", 0
.name_end:
.entry:
    dd pvh_entry - IMAGE_VIRTUAL_OFFSET ; a physical address
.entry_end:
