/* SPDX-License-Identifier: MIT */
/* Reading page tables: one address, or all there is. */
#include "mm/page_path.h"
#include "mm/page_table.h"

/* The address inside a page that an entry maps, if it maps one. */
static inline bool translate_in(uint64_t entry, uint64_t address, uint64_t page_size,
                                paddr_t *target)
{
    if (UNLIKELY(entry == 0)) {
        return false;
    }
    target->value = (entry & PTE_ADDRESS_MASK) | (address & (page_size - 1));
    return true;
}

/* Written out level by level: it is the hottest read of the tables. */
bool page_table_translate(const struct page_tables *tables, uint64_t address, paddr_t *target)
{
    /* The index, halves swapped; what is not canonical comes out too large. */
    uint64_t swapped = (address + BIT(47)) >> level_shift(PAGE_LEVEL_TOP);
    uint64_t entry;

    if (UNLIKELY(swapped >= PAGE_TABLE_ENTRIES)) {
        return false;
    }
    entry = tables->root[swapped ^ (PAGE_TABLE_ENTRIES / 2)];
    if (UNLIKELY(entry == 0)) {
        return false;
    }
    entry = table_at(tables, entry)[level_index(address, 3)];
    if (UNLIKELY(!entry_is_table(entry))) {
        return translate_in(entry, address, PAGE_SIZE_1G, target);
    }
    entry = table_at(tables, entry)[level_index(address, 2)];
    if (UNLIKELY(!entry_is_table(entry))) {
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

/* Where a walk stands in the table of one level. */
struct cursor {
    const uint64_t *table;
    uint64_t base; /* address of its first entry */
    unsigned next; /* entry to look at */
};

static bool walk_entry(struct walk *walk, uint64_t entry, unsigned level, uint64_t address)
{
    const struct page_run page = {.address = address,
                                  .target = paddr(entry & PTE_ADDRESS_MASK),
                                  .size = level_size(level),
                                  .page_size = level_size(level),
                                  .flags = entry_flags(entry)};

    return walk_page(walk, &page);
}

/* Most of a table is empty: on to the next entry that is not, or to the table's end. */
static void skip_absent(struct cursor *cursor)
{
    const uint64_t *table = cursor->table;
    unsigned next = cursor->next;

    while (next < PAGE_TABLE_ENTRIES && (table[next] & PTE_PRESENT) == 0) {
        next++;
    }
    cursor->next = next;
}

/* Down into each table and up again, without recursion: the stack's use is plain to see. */
static bool walk_tables(struct walk *walk)
{
    struct cursor cursors[PAGE_LEVEL_TOP + 1];
    unsigned level = PAGE_LEVEL_TOP;

    cursors[level] = (struct cursor){.table = walk->tables->root};
    while (level <= PAGE_LEVEL_TOP) {
        struct cursor *cursor = &cursors[level];

        skip_absent(cursor);
        if (cursor->next == PAGE_TABLE_ENTRIES) {
            level++;
            continue;
        }
        uint64_t address = cursor->base + cursor->next * level_size(level);
        uint64_t entry = cursor->table[cursor->next++];

        address = (uint64_t)((int64_t)(address << 16) >> 16); /* bit 47 fills those above it */
        if (!entry_is_page(entry, level)) {
            cursors[--level] =
                (struct cursor){.table = table_at(walk->tables, entry), .base = address};
        } else if (!walk_entry(walk, entry, level, address)) {
            return false;
        }
    }
    return true;
}

bool page_table_walk(const struct page_tables *tables,
                     bool (*visit)(void *context, const struct page_run *run), void *context)
{
    struct walk walk = {.tables = tables, .visit = visit, .context = context};

    return walk_tables(&walk) && (walk.run.size == 0 || visit(context, &walk.run));
}
