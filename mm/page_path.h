/* SPDX-License-Identifier: MIT */
/*
 * The way down through the tables to an address. Private to mm/page_*.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/page_entry.h"
#include "mm/page_table.h"

/* The table that an entry, or a frame's address, points to. */
static inline uint64_t *table_at(const struct page_tables *tables, uint64_t entry)
{
    return (uint64_t *)((uint8_t *)tables->direct_base + (entry & PTE_ADDRESS_MASK));
}

/* The entries on the way down to an address: entries[level] is the one of that level's table. */
struct path {
    uint64_t *entries[PAGE_LEVEL_TOP + 1];
};

/*
 * One step of the way: note the entry of a level and enter the table below it.
 * Inlined with a constant level, so that shifts are constants. Returns false
 * at the end of the way: nothing, or a page.
 */
static inline bool path_step(const struct page_tables *tables, uint64_t **table, uint64_t address,
                             unsigned level, struct path *path)
{
    uint64_t *entry = &(*table)[level_index(address, level)];

    path->entries[level] = entry;
    if (!entry_is_table(*entry)) {
        return false;
    }
    *table = table_at(tables, *entry);
    return true;
}

/*
 * The entry of a small page, where its table is there already: the common
 * case. NULL where a table is missing or a large page in the way.
 */
static inline uint64_t *path_to_small_page(const struct page_tables *tables, uint64_t address,
                                           struct path *path)
{
    uint64_t *table = tables->root;

    if (!path_step(tables, &table, address, 4, path) ||
        !path_step(tables, &table, address, 3, path) ||
        !path_step(tables, &table, address, 2, path)) {
        return NULL;
    }
    path->entries[1] = &table[level_index(address, 1)];
    return path->entries[1];
}

/* A table of this level has `change` more entries in use; the PML4's are not counted. */
static inline void page_path_count(struct path *path, unsigned level, uint64_t change)
{
    if (level < PAGE_LEVEL_TOP) {
        *path->entries[level + 1] += change << PTE_COUNT_SHIFT;
    }
}

/* Give back the empty table of this level, and those that it was the last of. */
void page_path_free(struct page_tables *tables, struct path *path, unsigned level,
                    uint64_t address);

/* The same if the table of this level, below the PML4, is empty. */
static inline void page_path_prune(struct page_tables *tables, struct path *path, unsigned level,
                                   uint64_t address)
{
    if (level < PAGE_LEVEL_TOP && entry_count(*path->entries[level + 1]) == 0) {
        page_path_free(tables, path, level, address);
    }
}

/*
 * Go down to an address's entry of a level, adding tables as needed.
 *
 * Returns OK
 *         ERR_EXISTS     a large page is in the way
 *         ERR_NO_MEMORY  no frame for a table
 * On failure tables that were added are gone again.
 */
MUST_CHECK enum status page_path_make(struct page_tables *tables, uint64_t address,
                                      unsigned to_level, struct path *path);

/* Go down to the page that holds an address. Returns its level, 0 when nothing is mapped. */
unsigned page_path_find(const struct page_tables *tables, uint64_t address, struct path *path);
