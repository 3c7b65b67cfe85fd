/* SPDX-License-Identifier: MIT */
/*
 * The way down to an address, as a CPU goes it: for people who want to see
 * why it is mapped as it is, or why not. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/page_entry.h"
#include "mm/page_table.h"

struct page_step {
    unsigned level; /* PAGE_LEVEL_TOP down to 1 */
    unsigned index; /* of the entry in its table */
    paddr_t table;
    uint64_t entry;
};

struct page_trace {
    size_t count; /* 0 for an address that is not canonical */
    struct page_step steps[PAGE_LEVEL_TOP];
};

/*
 * Go down to an address. The last step is the page, or the entry where the way ends.
 *
 * Returns whether the address is mapped. Context: any.
 */
bool page_table_trace(const struct page_tables *tables, uint64_t address, struct page_trace *trace);

/* A level's table as the manual calls it, "PML4" to "PT". level: 1 to PAGE_LEVEL_TOP. */
const char *page_level_name(unsigned level);

/*
 * Write an entry in words: "table at 0x5000", "2 MiB page at 0x200000, rw-, accessed",
 * "not present".
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Context: any.
 */
const char *page_entry_describe(char *buffer, size_t size, uint64_t entry, unsigned level);
