/* SPDX-License-Identifier: MIT */
/* Changes to page tables. Every public function checks all before it changes anything. */
#include "mm/page_table.h"

#include "lib/string.h"
#include "mm/page_path.h"
#include "mm/page_split.h"

static uint64_t flags_to_bits(const struct page_tables *tables, unsigned flags)
{
    uint64_t no_execute = tables->has_nx && (flags & PAGE_EXECUTE) == 0 ? PTE_NO_EXECUTE : 0;

    return PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL | (flags & PTE_FLAGS_MASK) |
           no_execute;
}

static bool is_good_range(uint64_t address, uint64_t size)
{
    uint64_t last = address + (size - 1);

    return size != 0 && IS_ALIGNED(address | size, PAGE_SIZE) && last >= address &&
           is_canonical(address) && is_canonical(last) && (address ^ last) >> 63 == 0;
}

static bool are_good_flags(unsigned flags)
{
    const unsigned both = PAGE_WRITE | PAGE_EXECUTE;

    return (flags & both) != both;
}

/* The level of the largest page that a mapping can go on with. */
static unsigned best_level(const struct page_tables *tables, uint64_t addresses, uint64_t size)
{
    if (LIKELY(size < PAGE_SIZE_2M || !IS_ALIGNED(addresses, PAGE_SIZE_2M))) {
        return 1;
    }
    if (tables->has_1g_pages && size >= PAGE_SIZE_1G && IS_ALIGNED(addresses, PAGE_SIZE_1G)) {
        return 3;
    }
    return 2;
}

/* Entries that a range takes in one table, from its first entry on. */
static uint64_t entries_in_table(uint64_t address, uint64_t size, unsigned level)
{
    return MIN(size >> level_shift(level),
               (uint64_t)PAGE_TABLE_ENTRIES - level_index(address, level));
}

/* How many of a table's next `most` entries are pages, one after the other. */
static uint64_t count_pages(const uint64_t *entries, unsigned level, uint64_t most)
{
    const uint64_t page = PTE_PRESENT | (level > 1 ? PTE_LARGE : 0);
    uint64_t count = 0;

    while (count < most && (entries[count] & page) == page) {
        count++;
    }
    return count;
}

/* Remove pages that are known to be there and whole, in one table. */
static void clear_entries(struct page_tables *tables, struct path *path, unsigned level,
                          uint64_t address, uint64_t count)
{
    memset(path->entries[level], 0, count * sizeof(uint64_t));
    tables->invalidate(address, count, level_size(level));
    page_path_count(path, level, -count);
    page_path_prune(tables, path, level, address);
}

/* Map as much as goes into one table. done: bytes that were mapped, also on failure. */
static enum status map_in_table(struct page_tables *tables, uint64_t address, uint64_t target,
                                uint64_t size, uint64_t bits, uint64_t *done)
{
    unsigned level = best_level(tables, address | target, size);
    uint64_t wanted = entries_in_table(address, size, level);
    uint64_t step = level_size(level);
    struct path path;
    enum status status = page_path_make(tables, address, level, &path);
    uint64_t count = 0;

    *done = 0;
    if (status != OK) {
        return status;
    }
    bits |= target | (level > 1 ? PTE_LARGE : 0);
    for (uint64_t *entry = path.entries[level]; count < wanted; count++, entry++) {
        if (UNLIKELY((*entry & PTE_PRESENT) != 0)) {
            status = ERR_EXISTS;
            break;
        }
        *entry = bits;
        bits += step;
    }
    page_path_count(&path, level, count);
    if (count == 0) {
        page_path_prune(tables, &path, level, address);
    }
    *done = count << level_shift(level);
    return status;
}

/* Remove a range of whole pages that is known to be mapped throughout. */
static void clear_range(struct page_tables *tables, uint64_t address, uint64_t size)
{
    while (size > 0) {
        struct path path;
        unsigned level = page_path_find(tables, address, &path);
        uint64_t count =
            count_pages(path.entries[level], level, entries_in_table(address, size, level));

        clear_entries(tables, &path, level, address, count);
        address += count << level_shift(level);
        size -= count << level_shift(level);
    }
}

/* Map a range table by table; what was mapped before a failure is unmapped again. */
NOINLINE static enum status map_range(struct page_tables *tables, uint64_t address, uint64_t target,
                                      uint64_t size, unsigned flags)
{
    uint64_t bits = flags_to_bits(tables, flags);
    uint64_t last = target + (size - 1);
    uint64_t mapped = 0;

    if (!is_good_range(address, size) || !are_good_flags(flags) || !IS_ALIGNED(target, PAGE_SIZE) ||
        last < target || last >> tables->physical_bits != 0) {
        return ERR_BAD_ARG;
    }
    while (mapped < size) {
        uint64_t done;
        enum status status =
            map_in_table(tables, address + mapped, target + mapped, size - mapped, bits, &done);

        mapped += done;
        if (UNLIKELY(status != OK)) {
            clear_range(tables, address, mapped);
            return status;
        }
    }
    return OK;
}

/* The common case first: one page whose table is there. All others take the long way. */
enum status page_table_map(struct page_tables *tables, uint64_t address, paddr_t target,
                           uint64_t size, unsigned flags)
{
    struct path path;
    uint64_t *entry;

    if (LIKELY(size == PAGE_SIZE && IS_ALIGNED(address | target.value, PAGE_SIZE) &&
               is_canonical(address) && target.value >> tables->physical_bits == 0 &&
               are_good_flags(flags))) {
        entry = path_to_small_page(tables, address, &path);
        if (LIKELY(entry != NULL && (*entry & PTE_PRESENT) == 0)) {
            *entry = target.value | flags_to_bits(tables, flags);
            page_path_count(&path, 1, 1);
            return OK;
        }
    }
    return map_range(tables, address, target.value, size, flags);
}

/* Whether every byte of a range is mapped. */
static bool is_mapped(const struct page_tables *tables, uint64_t address, uint64_t size)
{
    struct path path;

    for (;;) {
        unsigned level = page_path_find(tables, address, &path);

        if (level == 0) {
            return false;
        }
        uint64_t before = address & (level_size(level) - 1); /* of the first page */
        uint64_t wanted = entries_in_table(address, before + size + level_size(level) - 1, level);
        uint64_t count = count_pages(path.entries[level], level, wanted);
        uint64_t covered = (count << level_shift(level)) - before;

        if (covered >= size) {
            return true;
        }
        address += covered;
        size -= covered;
    }
}

/* The checks that unmap and protect share; afterwards the range consists of whole pages. */
static enum status prepare_change(struct page_tables *tables, uint64_t address, uint64_t size)
{
    if (!is_good_range(address, size)) {
        return ERR_BAD_ARG;
    }
    if (!is_mapped(tables, address, size)) {
        return ERR_NOT_FOUND;
    }
    return page_split_ends(tables, address, size);
}

NOINLINE static enum status unmap_range(struct page_tables *tables, uint64_t address, uint64_t size)
{
    enum status status = prepare_change(tables, address, size);

    if (status == OK) {
        clear_range(tables, address, size);
    }
    return status;
}

/* The common case first, as in page_table_map(). */
enum status page_table_unmap(struct page_tables *tables, uint64_t address, uint64_t size)
{
    struct path path;
    uint64_t *entry;

    if (LIKELY(size == PAGE_SIZE && IS_ALIGNED(address, PAGE_SIZE) && is_canonical(address))) {
        entry = path_to_small_page(tables, address, &path);
        if (LIKELY(entry != NULL && (*entry & PTE_PRESENT) != 0)) {
            *entry = 0;
            tables->invalidate(address, 1, 0);
            page_path_count(&path, 1, -1UL);
            page_path_prune(tables, &path, 1, address);
            return OK;
        }
    }
    return unmap_range(tables, address, size);
}

enum status page_table_protect(struct page_tables *tables, uint64_t address, uint64_t size,
                               unsigned flags)
{
    uint64_t bits = flags_to_bits(tables, flags);
    enum status status =
        are_good_flags(flags) ? prepare_change(tables, address, size) : ERR_BAD_ARG;

    while (status == OK && size > 0) {
        struct path path;
        unsigned level = page_path_find(tables, address, &path);
        uint64_t *entry = path.entries[level];

        *entry = (*entry & PTE_ADDRESS_MASK) | bits | (level > 1 ? PTE_LARGE : 0);
        tables->invalidate(address, 1, 0);
        address += level_size(level);
        size -= level_size(level);
    }
    return status;
}
