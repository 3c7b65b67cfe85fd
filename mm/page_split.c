/* SPDX-License-Identifier: MIT */
/* Large pages into smaller ones. All frames are there before the first page is split. */
#include "mm/page_split.h"

#include "mm/page_path.h"

/* At most a 1 GiB and a 2 MiB page at each end of a range. */
#define SPLITS_MAX 4

/* How many pages have to be split for a boundary between pages to be at an address. */
static unsigned splits_needed(const struct page_tables *tables, uint64_t boundary)
{
    struct path path;
    unsigned splits = 0;

    for (unsigned level = page_path_find(tables, boundary, &path);
         level > 1 && !IS_ALIGNED(boundary, level_size(level)); level--) {
        splits++;
    }
    return splits;
}

/* Put a table of smaller pages in the place of a large page: the same memory, the same flags. */
static void split(struct page_tables *tables, uint64_t *entry, unsigned level, paddr_t frame)
{
    uint64_t *table = table_at(tables, frame.value);
    uint64_t page = level == 2 ? *entry & ~PTE_LARGE : *entry;

    for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++) {
        table[i] = page + i * level_size(level - 1);
    }
    *entry =
        frame.value | PTE_PRESENT | PTE_WRITE | ((uint64_t)PAGE_TABLE_ENTRIES << PTE_COUNT_SHIFT);
}

/* Frames held ready, so that splitting cannot fail half way. */
struct spare_frames {
    paddr_t frames[SPLITS_MAX];
    unsigned count;
};

static void spares_return(struct page_tables *tables, struct spare_frames *spares)
{
    while (spares->count > 0) {
        tables->frame_free(tables->context, spares->frames[--spares->count]);
    }
}

static enum status spares_take(struct page_tables *tables, struct spare_frames *spares,
                               unsigned count)
{
    while (spares->count < count) {
        enum status status = tables->frame_alloc(tables->context, &spares->frames[spares->count]);

        if (status != OK) {
            spares_return(tables, spares);
            return status;
        }
        spares->count++;
    }
    return OK;
}

static void split_at(struct page_tables *tables, uint64_t boundary, struct spare_frames *spares)
{
    struct path path;
    unsigned level = page_path_find(tables, boundary, &path);

    while (level > 1 && !IS_ALIGNED(boundary, level_size(level))) {
        split(tables, path.entries[level], level, spares->frames[--spares->count]);
        tables->invalidate(boundary, 1, 0);
        level = page_path_find(tables, boundary, &path);
    }
}

enum status page_split_ends(struct page_tables *tables, uint64_t address, uint64_t size)
{
    struct spare_frames spares = {.count = 0};
    unsigned needed = splits_needed(tables, address) + splits_needed(tables, address + size);
    enum status status = spares_take(tables, &spares, needed);

    if (status != OK) {
        return status;
    }
    split_at(tables, address, &spares);
    split_at(tables, address + size, &spares);
    spares_return(tables, &spares); /* both ends may have shared a split */
    return OK;
}
