/* SPDX-License-Identifier: MIT */
/*
 * Constants that NASM needs from C. Compiled to assembly only; the build turns
 * each marked line into a %define of build/asm_offsets.inc, so no number or
 * structure offset is ever typed twice.
 */
#include <stddef.h>

#include "boot/boot_info.h"
#include "boot/multiboot2.h"
#include "boot/pvh.h"
#include "kernel/cpu.h"
#include "kernel/descriptors.h"
#include "kernel/trap.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"

/* Within a directive both assemblers know: Clang reads the text even where it only prints it. */
#define DEFINE(name, value) __asm__ volatile("\n.ascii \"@define " #name " %0\"" : : "i"(value))
#define DEFINE_SAME(name)   __asm__ volatile("\n.ascii \"@define " #name " %0\"" : : "i"(name))

void asm_offsets(void);

void asm_offsets(void)
{
    DEFINE_SAME(IMAGE_VIRTUAL_OFFSET);
    DEFINE_SAME(DIRECT_MAP_BASE);

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

    DEFINE_SAME(SELECTOR_KERNEL_CODE);
    DEFINE_SAME(SELECTOR_KERNEL_DATA);

    DEFINE_SAME(TRAP_VECTOR_COUNT);
    DEFINE_SAME(TRAP_EXCEPTION_COUNT);
    DEFINE_SAME(TRAP_VECTORS_WITH_ERROR_CODE);
    DEFINE(TRAP_FRAME_VECTOR, offsetof(struct trap_frame, vector));
    DEFINE(TRAP_FRAME_RIP, offsetof(struct trap_frame, rip));
    DEFINE(CPU_INTERRUPT_STACK_TOP, offsetof(struct cpu, interrupt_stack_top));
}
