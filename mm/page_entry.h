/* SPDX-License-Identifier: MIT */
/*
 * One entry of a page table, at any level. Source: Intel SDM, volume 3,
 * "Paging-Structure Entries"; the page attribute table is set so that PWT
 * means write-combining and PCD uncached (mm/paging.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "mm/address.h"

#define PTE_PRESENT       BIT(0)
#define PTE_WRITE         BIT(1)
#define PTE_WRITE_THROUGH BIT(3) /* PWT */
#define PTE_CACHE_DISABLE BIT(4) /* PCD */
#define PTE_ACCESSED      BIT(5)
#define PTE_DIRTY         BIT(6)
#define PTE_LARGE         BIT(7) /* PS: a page, where there could be a table */
#define PTE_GLOBAL        BIT(8)
#define PTE_NO_EXECUTE    BIT(63)
#define PTE_ADDRESS_MASK  0x000ffffffffff000UL

/* Ignored by the CPU in an entry that points to a table: how many of its entries are in use. */
#define PTE_COUNT_SHIFT 52
#define PTE_COUNT_MASK  (0x3ffUL << PTE_COUNT_SHIFT)

#define PAGE_TABLE_ENTRIES 512
#define PAGE_LEVEL_TOP     4 /* the PML4; level 1 is the page table proper */

/* Bytes that one entry of a level covers, as a power of two. */
static inline unsigned level_shift(unsigned level)
{
    return 12 + 9 * (level - 1);
}

static inline uint64_t level_size(unsigned level)
{
    return 1UL << level_shift(level);
}

static inline unsigned level_index(uint64_t address, unsigned level)
{
    return (unsigned)(address >> level_shift(level)) % PAGE_TABLE_ENTRIES;
}

/* The bits that a page's flags are, as they stand; executing is the one the CPU has upside down. */
#define PTE_FLAGS_MASK (PTE_WRITE | PTE_WRITE_THROUGH | PTE_CACHE_DISABLE)

static inline unsigned entry_flags(uint64_t entry)
{
    return (unsigned)((entry & PTE_FLAGS_MASK) | (~entry >> 63));
}

/*
 * Whether an entry above level 1 points to a table. What is not present is 0
 * throughout, so the sign of the low byte tells all: 0 is nothing, and PS, its
 * top bit, makes a page negative.
 */
static inline bool entry_is_table(uint64_t entry)
{
    return (int8_t)entry > 0;
}

/* Whether a present entry of this level is a page and not a table. */
static inline bool entry_is_page(uint64_t entry, unsigned level)
{
    return level == 1 || (entry & PTE_LARGE) != 0;
}

static inline uint64_t entry_count(uint64_t entry)
{
    return (entry & PTE_COUNT_MASK) >> PTE_COUNT_SHIFT;
}
