/* SPDX-License-Identifier: MIT */
/*
 * The GiB behind what the boot tables map, in pages of 2 MiB. That nothing
 * there can be executed is said once for all in their top level.
 */
#include "kernel/boot_window.h"

#include <stddef.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "mm/page_entry.h"

#define LARGE_PAGE_SIZE (PAGE_SIZE * PAGE_TABLE_ENTRIES)
#define WINDOW_SIZE     (LARGE_PAGE_SIZE * PAGE_TABLE_ENTRIES)

extern uint64_t boot_pdpt[PAGE_TABLE_ENTRIES]; /* boot/entry.asm's */

static uint64_t directory[PAGE_TABLE_ENTRIES] ALIGNED(PAGE_SIZE);

bool boot_window_map(paddr_t start, uint64_t size, void **mapped)
{
    uint64_t first = ALIGN_DOWN(start.value, LARGE_PAGE_SIZE);
    uint64_t offset = start.value - first;

    if (size > WINDOW_SIZE - offset) {
        return false;
    }
    for (size_t i = 0; i < PAGE_TABLE_ENTRIES; i++) {
        uint64_t page = first + i * LARGE_PAGE_SIZE;
        bool is_wanted = page < start.value + size;

        directory[i] = is_wanted ? page | PTE_PRESENT | PTE_WRITE | PTE_LARGE : 0;
    }
    boot_pdpt[BOOT_MAP_SIZE / WINDOW_SIZE] = image_paddr(directory).value | PTE_PRESENT | PTE_WRITE;
    cr3_write(cr3_read()); /* what was there before is not to be remembered */
    *mapped = direct_map(paddr(BOOT_MAP_SIZE + offset));
    return true;
}
