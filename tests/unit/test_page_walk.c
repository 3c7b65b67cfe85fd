/* SPDX-License-Identifier: MIT */
/* Walking page tables: every run once, in order, and an early end. */
#include "mm/page_table.h"
#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"

#define BASE   0xffffc00000000000UL
#define TARGET 0x40000000UL

static struct page_tables *tables;

/* What a walk found. */
static struct {
    struct page_run runs[16];
    size_t count;
    size_t stop_after;
} found;

static bool note_run(void *context, const struct page_run *run)
{
    (void)context;
    if (found.count < 16) {
        found.runs[found.count] = *run;
    }
    return ++found.count != found.stop_after;
}

KTEST(page_table, walk_joins_what_continues_and_tells_the_rest_apart)
{
    tables = &page_table_fixture_start()->tables;
    REQUIRE_OK(page_table_map(tables, 0x1000, paddr(0x5000), 2 * PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, 0x3000, paddr(0x7000), PAGE_SIZE, PAGE_WRITE));
    REQUIRE_OK(page_table_map(tables, 0x4000, paddr(0x9000), PAGE_SIZE, PAGE_WRITE));
    REQUIRE_OK(page_table_map(tables, BASE - PAGE_SIZE, paddr(0xa000), PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), 2 * PAGE_SIZE_2M, PAGE_EXECUTE));
    found.count = 0;
    found.stop_after = 0;
    CHECK(page_table_walk(tables, note_run, NULL));
    REQUIRE_EQ(found.count, 5);
    CHECK_EQ(found.runs[0].address, 0x1000);
    CHECK_EQ(found.runs[0].target.value, 0x5000);
    CHECK_EQ(found.runs[0].size, 2 * PAGE_SIZE);
    CHECK_EQ(found.runs[1].flags, PAGE_WRITE);
    CHECK_EQ(found.runs[2].target.value, 0x9000);
    CHECK_EQ(found.runs[3].address, BASE - PAGE_SIZE);
    CHECK_EQ(found.runs[4].address, BASE);
    CHECK_EQ(found.runs[4].size, 2 * PAGE_SIZE_2M);
    CHECK_EQ(found.runs[4].page_size, PAGE_SIZE_2M);
    CHECK_EQ(found.runs[4].flags, PAGE_EXECUTE);
}

KTEST(page_table, walk_ends_when_it_is_told_to)
{
    tables = &page_table_fixture_start()->tables;
    found.count = 0;
    CHECK(page_table_walk(tables, note_run, NULL));
    CHECK_EQ(found.count, 0);
    REQUIRE_OK(page_table_map(tables, 0x1000, paddr(0x5000), PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, 0x3000, paddr(0x5000), PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, 0x5000, paddr(0x5000), PAGE_SIZE, 0));
    for (found.stop_after = 1; found.stop_after <= 3; found.stop_after++) {
        found.count = 0;
        CHECK(!page_table_walk(tables, note_run, NULL));
        CHECK_EQ(found.count, found.stop_after);
    }
}
