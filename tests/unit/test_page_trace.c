/* SPDX-License-Identifier: MIT */
/* The way down through page tables, to pages of each size and to where it ends. */
#include "mm/page_trace.h"

#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"

#define BASE   0xffffc00000000000UL /* PML4 entry 384 */
#define TARGET 0x40000000UL

static struct page_tables *tables;
static struct page_trace trace;
static char text[128];

static uint64_t physical(const uint64_t *table)
{
    return (uint64_t)table - (uint64_t)tables->direct_base;
}

KTEST(page_trace, small_page_is_four_steps_each_in_the_table_before)
{
    tables = &page_table_fixture_start()->tables;
    REQUIRE_OK(page_table_map(tables, BASE + 0x5000, paddr(TARGET), PAGE_SIZE, PAGE_WRITE));
    REQUIRE(page_table_trace(tables, BASE + 0x5678, &trace));
    REQUIRE_EQ(trace.count, 4);
    CHECK_EQ(trace.steps[0].table.value, physical(tables->root));
    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQ(trace.steps[i].level, 4 - i);
    }
    for (unsigned i = 1; i < 4; i++) {
        CHECK_EQ(trace.steps[i].table.value, trace.steps[i - 1].entry & PTE_ADDRESS_MASK);
    }
    CHECK_EQ(trace.steps[0].index, 384);
    CHECK_EQ(trace.steps[1].index, 0);
    CHECK_EQ(trace.steps[3].index, 5);
    CHECK_EQ(trace.steps[3].entry & PTE_ADDRESS_MASK, TARGET);
}

KTEST(page_trace, large_page_ends_the_way_above)
{
    tables = &page_table_fixture_start()->tables;
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_2M, 0));
    REQUIRE_OK(page_table_map(tables, BASE + PAGE_SIZE_1G, paddr(TARGET), PAGE_SIZE_1G, 0));
    CHECK(page_table_trace(tables, BASE + PAGE_SIZE_2M - 1, &trace));
    CHECK_EQ(trace.count, 3);
    CHECK(page_table_trace(tables, BASE + PAGE_SIZE_1G, &trace));
    CHECK_EQ(trace.count, 2);
}

KTEST(page_trace, unmapped_address_ends_at_the_entry_that_is_missing)
{
    tables = &page_table_fixture_start()->tables;
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, 0));
    CHECK(!page_table_trace(tables, BASE + PAGE_SIZE, &trace));
    CHECK_EQ(trace.count, 4);
    CHECK_EQ(trace.steps[3].entry, 0);
    CHECK(!page_table_trace(tables, 0, &trace));
    CHECK_EQ(trace.count, 1);
}

KTEST(page_trace, address_that_is_not_canonical_has_no_way)
{
    tables = &page_table_fixture_start()->tables;
    CHECK(!page_table_trace(tables, 0x0000800000000000, &trace));
    CHECK_EQ(trace.count, 0);
    CHECK(!page_table_trace(tables, 0xffff7fffffffffff, &trace));
    CHECK_EQ(trace.count, 0);
}

static const char *described(uint64_t entry, unsigned level)
{
    return page_entry_describe(text, sizeof(text), entry, level);
}

KTEST(page_trace, entry_in_words_names_kind_rights_and_caching)
{
    CHECK_STR_EQ(described(0, 4), "not present");
    CHECK_STR_EQ(described(0x5000 | PTE_PRESENT | PTE_WRITE | BIT(PTE_COUNT_SHIFT), 2),
                 "table at 0x5000");
    CHECK_STR_EQ(described(0x5000 | PTE_PRESENT, 1), "4 KiB page at 0x5000, r-x");
    CHECK_STR_EQ(described(0x200000 | PTE_PRESENT | PTE_LARGE | PTE_WRITE | PTE_NO_EXECUTE |
                               PTE_ACCESSED | PTE_DIRTY,
                           2),
                 "2 MiB page at 0x200000, rw-, accessed, dirty");
    CHECK_STR_EQ(described(PTE_PRESENT | PTE_LARGE | PTE_CACHE_DISABLE | PTE_NO_EXECUTE, 3),
                 "1 GiB page at 0x0, r--, uncached");
    CHECK_STR_EQ(described(PTE_PRESENT | PTE_WRITE_THROUGH | PTE_NO_EXECUTE, 1),
                 "4 KiB page at 0x0, r--, write-combining");
}

KTEST(page_trace, levels_have_the_names_of_the_manual)
{
    CHECK_STR_EQ(page_level_name(4), "PML4");
    CHECK_STR_EQ(page_level_name(1), "PT");
}
