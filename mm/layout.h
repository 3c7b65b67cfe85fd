/* SPDX-License-Identifier: MIT */
/*
 * Where things are in the kernel's virtual address space. See docs/design.md,
 * "Virtual memory", for the whole picture. NASM sees these through asm_offsets.
 */
#pragma once

#include <stdint.h>

#include "mm/address.h"

/* All RAM, readable and writable, never executable. */
#define DIRECT_MAP_BASE 0xffff800000000000UL

/* What the boot tables map of it, and what a loader may hand over. */
#define BOOT_MAP_SIZE 0x100000000UL

/* The heap's window, 16 TiB; pages are there as far as the heap has grown. */
#define HEAP_WINDOW_BASE 0xffffc00000000000UL
#define HEAP_WINDOW_END  0xffffd00000000000UL

/* Stacks of tasks, 16 TiB, with a page below each that is never mapped. */
#define STACK_WINDOW_BASE 0xffffd00000000000UL
#define STACK_WINDOW_END  0xffffe00000000000UL

/* Device memory: registers, framebuffers, tables of the firmware; mapped on demand. */
#define DEVICE_WINDOW_BASE 0xffffe00000000000UL
#define DEVICE_WINDOW_END  0xffffe80000000000UL

/* The kernel image: linked here, loaded at IMAGE_VIRTUAL_OFFSET less. */
#define IMAGE_VIRTUAL_OFFSET 0xffffffff80000000UL
#define IMAGE_LOAD_ADDRESS   0x100000UL

/* The kernel's own pointer to a byte of physical memory. Only for what is mapped. */
static inline void *direct_map(paddr_t address)
{
    return (void *)(DIRECT_MAP_BASE + address.value);
}

/* The way back, for a pointer that direct_map() gave. */
static inline paddr_t direct_map_paddr(const void *pointer)
{
    return paddr((uint64_t)pointer - DIRECT_MAP_BASE);
}

/* The physical address of a byte of the kernel image. */
static inline paddr_t image_paddr(const void *image_address)
{
    return paddr((uint64_t)image_address - IMAGE_VIRTUAL_OFFSET);
}
