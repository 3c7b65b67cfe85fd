/* SPDX-License-Identifier: MIT */
/*
 * Four-level page tables as a data structure: map, unmap, protect, translate
 * and walk at all three page sizes. Pure: tables are reached through a base
 * pointer, their frames and the TLB through functions, so that the same code
 * runs on the host.
 *
 * Invariants: no page is writable and executable; a table that holds nothing
 * is given back at once; a request that fails changes nothing. How many of a
 * table's entries are in use is kept in ignored bits of the entry that points
 * to it. Source: Intel SDM, volume 3, "4-Level Paging".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

#define PAGE_SIZE_2M (2 * MIB)
#define PAGE_SIZE_1G GIB

/*
 * What a page allows, beside reading, and how it is cached; write-back unless
 * said. All but the first are at their places in a table entry.
 */
#define PAGE_EXECUTE         BIT(0)
#define PAGE_WRITE           BIT(1)
#define PAGE_WRITE_COMBINING BIT(3)
#define PAGE_UNCACHED        BIT(4)

struct page_tables {
    uint64_t *root; /* the PML4, where it is reached */
    void *direct_base; /* where physical address 0 is, or would be, reached */
    bool has_nx; /* without it every page can be executed */
    bool has_1g_pages;
    unsigned physical_bits; /* width of the CPU's physical addresses */

    /* Frames for tables. Alloc answers OK or ERR_NO_MEMORY; the frame need not be cleared. */
    enum status (*frame_alloc)(void *context, paddr_t *frame);
    void (*frame_free)(void *context, paddr_t frame);
    /* Forget what the TLB knows about the pages that hold `address` and what follows at `step`. */
    void (*invalidate)(uint64_t address, uint64_t count, uint64_t step);
    void *context;
};

/*
 * Map a range of addresses to physical memory, with the largest pages that
 * addresses, size and CPU allow.
 *
 * address  virtual, page aligned; the range canonical, in one half
 * target   physical, page aligned, within the CPU's width
 * size     bytes, a multiple of PAGE_SIZE, not 0
 * flags    PAGE_*; not both PAGE_WRITE and PAGE_EXECUTE
 *
 * Returns OK
 *         ERR_BAD_ARG    one of the above
 *         ERR_EXISTS     something in the range is mapped already
 *         ERR_NO_MEMORY  no frame for a table
 * On failure nothing has changed. Context: not from an interrupt.
 */
MUST_CHECK enum status page_table_map(struct page_tables *tables, uint64_t address, paddr_t target,
                                      uint64_t size, unsigned flags);

/*
 * Unmap a range that is mapped throughout; a large page that is only partly in
 * it is split.
 *
 * Returns OK
 *         ERR_BAD_ARG    address or size as for page_table_map()
 *         ERR_NOT_FOUND  something in the range is not mapped
 *         ERR_NO_MEMORY  no frame to split a large page with
 * On failure nothing has changed. Context: not from an interrupt.
 */
MUST_CHECK enum status page_table_unmap(struct page_tables *tables, uint64_t address,
                                        uint64_t size);

/* Give a range that is mapped throughout other flags; errors as for page_table_unmap(). */
MUST_CHECK enum status page_table_protect(struct page_tables *tables, uint64_t address,
                                          uint64_t size, unsigned flags);

/* Find the physical address behind an address. Returns false for one that is not mapped. */
bool page_table_translate(const struct page_tables *tables, uint64_t address, paddr_t *target);

/* A page and where in it an address lies. */
struct page_view {
    paddr_t target; /* of the very address, not of its page */
    uint64_t page_size; /* 4 KiB, 2 MiB or 1 GiB */
    unsigned flags;
};

/* All there is to know of an address's page. Returns false where nothing is mapped. Any context. */
bool page_table_look_up(const struct page_tables *tables, uint64_t address, struct page_view *view);

/* Neighbouring pages of one size that continue each other, physically too, with the same flags. */
struct page_run {
    uint64_t address;
    paddr_t target;
    uint64_t size;
    uint64_t page_size;
    unsigned flags;
};

/*
 * Call a function for each run of pages, addresses rising. The walk ends early
 * when it answers false; it must not change the tables.
 *
 * Returns whether the walk came to its end. Any context.
 */
bool page_table_walk(const struct page_tables *tables,
                     bool (*visit)(void *context, const struct page_run *run), void *context);
