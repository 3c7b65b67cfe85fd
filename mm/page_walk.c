/* SPDX-License-Identifier: MIT */
/* Reading page tables: one address, or all there is. */
#include "mm/page_path.h"
#include "mm/page_table.h"

/* The address inside a page that an entry maps. */
static inline bool translate_in(uint64_t entry, uint64_t address, uint64_t page_size,
                                paddr_t *target)
{
    if ((entry & PTE_PRESENT) == 0) {
        return false;
    }
    target->value = (entry & PTE_ADDRESS_MASK) | (address & (page_size - 1));
    return true;
}

/* Written out level by level: it is the hottest read of the tables. */
bool page_table_translate(const struct page_tables *tables, uint64_t address, paddr_t *target)
{
    const uint64_t *table = tables->root;
    uint64_t entry;

    if (!is_canonical(address)) {
        return false;
    }
    entry = table[level_index(address, 4)];
    if ((entry & PTE_PRESENT) == 0) {
        return false;
    }
    entry = table_at(tables, entry)[level_index(address, 3)];
    if ((entry & (PTE_PRESENT | PTE_LARGE)) != PTE_PRESENT) {
        return translate_in(entry, address, PAGE_SIZE_1G, target);
    }
    entry = table_at(tables, entry)[level_index(address, 2)];
    if ((entry & (PTE_PRESENT | PTE_LARGE)) != PTE_PRESENT) {
        return translate_in(entry, address, PAGE_SIZE_2M, target);
    }
    entry = table_at(tables, entry)[level_index(address, 1)];
    return translate_in(entry, address, PAGE_SIZE, target);
}

bool page_table_look_up(const struct page_tables *tables, uint64_t address, struct page_view *view)
{
    struct path path;
    unsigned level = is_canonical(address) ? page_path_find(tables, address, &path) : 0;

    if (level == 0) {
        return false;
    }
    uint64_t entry = *path.entries[level];

    view->target = paddr((entry & PTE_ADDRESS_MASK) | (address & (level_size(level) - 1)));
    view->page_size = level_size(level);
    view->flags = entry_flags(entry);
    return true;
}

struct walk {
    const struct page_tables *tables;
    bool (*visit)(void *context, const struct page_run *run);
    void *context;
    struct page_run run; /* being gathered; of size 0 when there is none */
};

/* Add a page to the run, or hand the run over and begin another. Returns false to end the walk. */
static bool walk_page(struct walk *walk, const struct page_run *page)
{
    struct page_run *run = &walk->run;

    if (run->size != 0 && run->address + run->size == page->address &&
        run->target.value + run->size == page->target.value && run->flags == page->flags &&
        run->page_size == page->page_size) {
        run->size += page->size;
        return true;
    }
    struct page_run finished = *run;

    *run = *page;
    return finished.size == 0 || walk->visit(walk->context, &finished);
}

static bool walk_table(struct walk *walk, const uint64_t *table, unsigned level, uint64_t base)
{
    for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++) {
        uint64_t entry = table[i];
        /* Bit 47 fills the bits above it. */
        uint64_t address = (uint64_t)((int64_t)((base + i * level_size(level)) << 16) >> 16);

        if ((entry & PTE_PRESENT) == 0) {
            continue;
        }
        if (entry_is_page(entry, level)) {
            const struct page_run page = {.address = address,
                                          .target = paddr(entry & PTE_ADDRESS_MASK),
                                          .size = level_size(level),
                                          .page_size = level_size(level),
                                          .flags = entry_flags(entry)};
            if (!walk_page(walk, &page)) {
                return false;
            }
        } else if (!walk_table(walk, table_at(walk->tables, entry), level - 1, address)) {
            return false;
        }
    }
    return true;
}

bool page_table_walk(const struct page_tables *tables,
                     bool (*visit)(void *context, const struct page_run *run), void *context)
{
    struct walk walk = {.tables = tables, .visit = visit, .context = context};

    if (!walk_table(&walk, tables->root, PAGE_LEVEL_TOP, 0)) {
        return false;
    }
    return walk.run.size == 0 || visit(context, &walk.run);
}
