/* SPDX-License-Identifier: MIT */
/*
 * What C and assembly both use: constants and structure offsets. Compiled to
 * assembly only; the build turns each marked line into a %define of
 * build/asm_offsets.inc, so none of them is typed twice.
 */
#include <stddef.h>

#include "boot/boot_info.h"
#include "boot/multiboot2.h"
#include "boot/multiboot2_tag.h"
#include "boot/pvh.h"
#include "drivers/glyphs.h"
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "drivers/vga_text.h"
#include "kernel/cpu.h"
#include "kernel/descriptors.h"
#include "kernel/trap.h"
#include "lib/terminal_display.h"
#include "lib/x86/cpu.h"
#include "mm/address.h"
#include "mm/layout.h"
#include "mm/page_entry.h"

/* Within a directive both assemblers know: Clang reads the text even where it only prints it. */
#define DEFINE(name, value) __asm__ volatile("\n.ascii \"@define " #name " %0\"" : : "i"(value))
#define DEFINE_SAME(name)   __asm__ volatile("\n.ascii \"@define " #name " %0\"" : : "i"(name))

void asm_offsets(void);

void asm_offsets(void)
{
    DEFINE_SAME(IMAGE_VIRTUAL_OFFSET);
    DEFINE_SAME(DIRECT_MAP_BASE);
    DEFINE_SAME(BOOT_MAP_SIZE);

    DEFINE_SAME(PAGE_SIZE);
    DEFINE_SAME(PAGE_TABLE_ENTRIES);
    DEFINE_SAME(PTE_PRESENT);
    DEFINE_SAME(PTE_WRITE);
    DEFINE_SAME(PTE_LARGE);
    DEFINE_SAME(PTE_NO_EXECUTE);

    DEFINE_SAME(BOOT_MULTIBOOT2);
    DEFINE_SAME(BOOT_PVH);
    DEFINE_SAME(MULTIBOOT2_HEADER_MAGIC);
    DEFINE_SAME(MULTIBOOT2_BOOTLOADER_MAGIC);
    DEFINE_SAME(MULTIBOOT2_ARCHITECTURE_I386);
    DEFINE_SAME(MULTIBOOT2_HEADER_TAG_END);
    DEFINE_SAME(MULTIBOOT2_HEADER_TAG_INFORMATION_REQUEST);
    DEFINE_SAME(MULTIBOOT2_TAG_COMMAND_LINE);
    DEFINE_SAME(MULTIBOOT2_TAG_LOADER_NAME);
    DEFINE_SAME(MULTIBOOT2_TAG_MODULE);
    DEFINE_SAME(MULTIBOOT2_TAG_MEMORY_MAP);
    DEFINE_SAME(MULTIBOOT2_TAG_FRAMEBUFFER);
    DEFINE_SAME(MULTIBOOT2_INFO_HEADER_SIZE);
    DEFINE_SAME(MULTIBOOT2_TAG_ALIGNMENT);
    DEFINE_SAME(MULTIBOOT2_FRAMEBUFFER_RGB);
    DEFINE_SAME(TAG_FRAMEBUFFER_ADDRESS);
    DEFINE_SAME(TAG_FRAMEBUFFER_PITCH);
    DEFINE_SAME(TAG_FRAMEBUFFER_BPP);
    DEFINE_SAME(TAG_FRAMEBUFFER_TYPE);
    DEFINE_SAME(PVH_START_INFO_MAGIC);
    DEFINE_SAME(PVH_NOTE_TYPE_ENTRY32);

    DEFINE_SAME(CR0_PE);
    DEFINE_SAME(CR0_EM);
    DEFINE_SAME(CR0_ET);
    DEFINE_SAME(CR0_NE);
    DEFINE_SAME(CR0_WP);
    DEFINE_SAME(CR0_PG);
    DEFINE_SAME(CR4_PAE);
    DEFINE_SAME(MSR_EFER);
    DEFINE_SAME(EFER_LME);
    DEFINE_SAME(EFER_NXE);
    DEFINE_SAME(RFLAGS_ID);
    DEFINE_SAME(CPUID_EXTENDED_MAX);
    DEFINE_SAME(CPUID_EXTENDED);
    DEFINE_SAME(CPUID_EXTENDED_EDX_NX);
    DEFINE_SAME(CPUID_EXTENDED_EDX_LM);

    DEFINE_SAME(SELECTOR_KERNEL_CODE);
    DEFINE_SAME(SELECTOR_KERNEL_DATA);
    DEFINE_SAME(GATE_PRESENT);
    DEFINE_SAME(GATE_TYPE_INTERRUPT);

    DEFINE_SAME(VGA_TEXT_CELLS);
    DEFINE_SAME(VGA_COLUMNS);
    DEFINE_SAME(VGA_ROWS);
    DEFINE_SAME(TERMINAL_RED);
    DEFINE_SAME(TERMINAL_WHITE);
    DEFINE_SAME(GLYPH_WIDTH);
    DEFINE_SAME(GLYPH_HEIGHT);

    DEFINE_SAME(UART_COM1);
    DEFINE_SAME(UART_BASE_BAUD);
    DEFINE_SAME(UART_THR);
    DEFINE_SAME(UART_IER);
    DEFINE_SAME(UART_LCR);
    DEFINE_SAME(UART_LSR);
    DEFINE_SAME(UART_DLL);
    DEFINE_SAME(UART_DLM);
    DEFINE_SAME(UART_LCR_8_BITS);
    DEFINE_SAME(UART_LCR_DLAB);
    DEFINE_SAME(UART_LSR_THR_EMPTY);

    DEFINE_SAME(TRAP_VECTOR_COUNT);
    DEFINE_SAME(TRAP_EXCEPTION_COUNT);
    DEFINE_SAME(TRAP_VECTORS_WITH_ERROR_CODE);
    DEFINE(TRAP_FRAME_R11, offsetof(struct trap_frame, r11));
    DEFINE(TRAP_FRAME_RIP, offsetof(struct trap_frame, rip));
    DEFINE(CPU_INTERRUPT_STACK_TOP, offsetof(struct cpu, interrupt_stack_top));
}
