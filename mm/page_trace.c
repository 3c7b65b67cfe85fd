/* SPDX-License-Identifier: MIT */
/* The way down to an address, and its entries in words. */
#include "mm/page_trace.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "mm/page_path.h"

bool page_table_trace(const struct page_tables *tables, uint64_t address, struct page_trace *trace)
{
    const uint64_t *table = tables->root;
    struct page_step *step = trace->steps;

    trace->count = 0;
    if (!is_canonical(address)) {
        return false;
    }
    for (unsigned level = PAGE_LEVEL_TOP; level > 0; level--, step++) {
        step->level = level;
        step->index = level_index(address, level);
        step->table = paddr((uint64_t)table - (uint64_t)tables->direct_base);
        step->entry = table[step->index];
        trace->count++;
        if ((step->entry & PTE_PRESENT) == 0 || entry_is_page(step->entry, level)) {
            return (step->entry & PTE_PRESENT) != 0;
        }
        table = table_at(tables, step->entry);
    }
    return false; /* not reached: at level 1 every entry is a page or nothing */
}

const char *page_level_name(unsigned level)
{
    static const char *const names[] = {"PT", "PD", "PDPT", "PML4"};

    ASSERT_CMP(level - 1, <, ARRAY_SIZE(names));
    return names[level - 1];
}

static const char *page_size_name(unsigned level)
{
    return level == 1 ? "4 KiB" : level == 2 ? "2 MiB" : "1 GiB";
}

const char *page_entry_describe(char *buffer, size_t size, uint64_t entry, unsigned level)
{
    if ((entry & PTE_PRESENT) == 0) {
        ksnprintf(buffer, size, "not present");
    } else if (!entry_is_page(entry, level)) {
        ksnprintf(buffer, size, "table at 0x%lx", entry & PTE_ADDRESS_MASK);
    } else {
        ksnprintf(buffer, size, "%s page at 0x%lx, r%c%c%s%s%s%s", page_size_name(level),
                  entry & PTE_ADDRESS_MASK, (entry & PTE_WRITE) != 0 ? 'w' : '-',
                  (entry & PTE_NO_EXECUTE) == 0 ? 'x' : '-',
                  (entry & PTE_WRITE_THROUGH) != 0 ? ", write-combining" : "",
                  (entry & PTE_CACHE_DISABLE) != 0 ? ", uncached" : "",
                  (entry & PTE_ACCESSED) != 0 ? ", accessed" : "",
                  (entry & PTE_DIRTY) != 0 ? ", dirty" : "");
    }
    return buffer;
}
