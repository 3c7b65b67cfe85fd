/* SPDX-License-Identifier: MIT */
/* Going down through the tables, adding and giving back tables on the way. */
#include "mm/page_path.h"

#include "lib/string.h"

void page_path_free(struct page_tables *tables, struct path *path, unsigned level, uint64_t address)
{
    do {
        uint64_t *parent = path->entries[level + 1];
        paddr_t frame = paddr(*parent & PTE_ADDRESS_MASK);

        *parent = 0;
        tables->invalidate(address, 1, 0); /* the CPU may have cached the way through it */
        tables->frame_free(tables->context, frame);
        page_path_count(path, ++level, -1UL);
    } while (level < PAGE_LEVEL_TOP && entry_count(*path->entries[level + 1]) == 0);
}

/* Hang an empty table below the path's entry of a level. */
static enum status table_add(struct page_tables *tables, struct path *path, unsigned level)
{
    paddr_t frame;
    enum status status = tables->frame_alloc(tables->context, &frame);

    if (status != OK) {
        return status;
    }
    memset(table_at(tables, frame.value), 0, PAGE_SIZE);
    *path->entries[level] = frame.value | PTE_PRESENT | PTE_WRITE;
    page_path_count(path, level, 1);
    return OK;
}

unsigned page_path_find(const struct page_tables *tables, uint64_t address, struct path *path)
{
    uint64_t *table = tables->root;

    for (unsigned level = PAGE_LEVEL_TOP; level > 1; level--) {
        if (!path_step(tables, &table, address, level, path)) {
            return (*path->entries[level] & PTE_PRESENT) != 0 ? level : 0;
        }
    }
    path->entries[1] = &table[level_index(address, 1)];
    return *path->entries[1] & PTE_PRESENT;
}

enum status page_path_make(struct page_tables *tables, uint64_t address, unsigned to_level,
                           struct path *path)
{
    uint64_t *table = tables->root;

    for (unsigned level = PAGE_LEVEL_TOP;; level--) {
        uint64_t *entry = &table[level_index(address, level)];
        enum status status = OK;

        path->entries[level] = entry;
        if (level == to_level) {
            return OK;
        }
        if ((*entry & PTE_PRESENT) == 0) {
            status = table_add(tables, path, level);
        } else if (entry_is_page(*entry, level)) {
            status = ERR_EXISTS;
        }
        if (status != OK) {
            page_path_prune(tables, path, level, address);
            return status;
        }
        table = table_at(tables, *entry);
    }
}
