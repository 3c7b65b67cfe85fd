; SPDX-License-Identifier: MIT
; Text on the pixels that a loader handed over, for boot_fail32: white on what
; is there, from the top left corner, printable ASCII only. With paging off it
; reaches the first 4 GiB. Source: Multiboot2 Specification, "Framebuffer info".

%include "asm_offsets.inc"
%include "boot/physical.inc"

TAGS_SIZE_MAX equ 0x10000               ; more is not believed

extern boot_handover
extern glyph_range_count, glyph_bitmaps

section .bss
align 4
next:            resd 1                 ; address of the next character's top left pixel
line:            resd 1                 ; of the first one's in this line
pitch:           resd 1                 ; bytes from one row of pixels to the next
bytes_per_pixel: resd 1

section .text.entry exec progbits alloc nowrite
bits 32

; Look for pixels in the loader's tags. Out: CF set where there are none that
; can be drawn on. Clobbers EAX, EBX, EDX.
global boot_pixels_find
boot_pixels_find:
    cmp dword [PHYSICAL(boot_handover)], BOOT_MULTIBOOT2
    jne .none
    cmp dword [PHYSICAL(glyph_range_count)], 0
    je .none
    mov ebx, [PHYSICAL(boot_handover) + 4]
    mov edx, [ebx]                      ; total size
    cmp edx, TAGS_SIZE_MAX
    ja .none
    add edx, ebx
    add ebx, MULTIBOOT2_INFO_HEADER_SIZE
.tag:
    cmp ebx, edx
    jae .none
    cmp dword [ebx], MULTIBOOT2_TAG_FRAMEBUFFER
    je .framebuffer
    mov eax, [ebx + 4]                  ; the tag's size
    add eax, MULTIBOOT2_TAG_ALIGNMENT - 1
    and eax, -MULTIBOOT2_TAG_ALIGNMENT
    jz .none
    add ebx, eax
    jnc .tag
.none:
    stc
    ret

.framebuffer:
    cmp byte [ebx + TAG_FRAMEBUFFER_TYPE], MULTIBOOT2_FRAMEBUFFER_RGB
    jne .none
    cmp dword [ebx + TAG_FRAMEBUFFER_ADDRESS + 4], 0
    jne .none
    movzx eax, byte [ebx + TAG_FRAMEBUFFER_BPP]
    add eax, 7
    shr eax, 3
    mov [PHYSICAL(bytes_per_pixel)], eax
    sub eax, 2
    cmp eax, 4 - 2
    ja .none
    mov eax, [ebx + TAG_FRAMEBUFFER_PITCH]
    mov [PHYSICAL(pitch)], eax
    mov eax, [ebx + TAG_FRAMEBUFFER_ADDRESS]
    mov [PHYSICAL(next)], eax
    mov [PHYSICAL(line)], eax
    cmp eax, 1                          ; CF for address 0
    ret

; In: AL a character from ' ' to '~'. Clobbers EAX, ECX, EDX.
global boot_pixels_put
boot_pixels_put:
    push esi
    push edi
    movzx esi, al
    shl esi, 4                          ; 16 rows of a byte each
    add esi, PHYSICAL(glyph_bitmaps) - ' ' * GLYPH_HEIGHT
    mov edi, [PHYSICAL(next)]
    mov ecx, GLYPH_HEIGHT
.row:
    push ecx
    push edi
    mov ah, [esi]
    inc esi
    mov edx, GLYPH_WIDTH
.pixel:
    shl ah, 1
    sbb al, al                          ; all ones where the bit was set
    mov ecx, [PHYSICAL(bytes_per_pixel)]
    rep stosb
    dec edx
    jnz .pixel
    pop edi
    pop ecx
    add edi, [PHYSICAL(pitch)]
    loop .row
    mov eax, [PHYSICAL(bytes_per_pixel)]
    shl eax, 3                          ; GLYPH_WIDTH pixels
    add [PHYSICAL(next)], eax
    pop edi
    pop esi
    ret

; To the start of the next line. Clobbers EAX.
global boot_pixels_line_feed
boot_pixels_line_feed:
    mov eax, [PHYSICAL(pitch)]
    shl eax, 4                          ; GLYPH_HEIGHT rows
    add eax, [PHYSICAL(line)]
    mov [PHYSICAL(line)], eax
    mov [PHYSICAL(next)], eax
    ret
