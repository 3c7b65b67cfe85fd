/* SPDX-License-Identifier: MIT */
/* Benchmarks of page tables, the tables themselves being there already. */
#include "mm/page_table.h"

#include "lib/assert.h"
#include "lib/x86/cpu.h"
#include "tests/kbench.h"
#include "tests/unit/page_table_fixture.h"

#define BASE   0xffffc00000000000UL
#define TARGET 0x40000000UL
#define PAGES  400 /* fewer than one table holds; page 0 keeps the table */

/* As the kernel's own; the TLB knows nothing of these tables, so it does no harm. */
static void invalidate(uint64_t address, uint64_t count, uint64_t step)
{
    for (; count != 0; count--, address += step) {
        invlpg(address);
    }
}

static struct page_tables *start(uint64_t pages)
{
    struct page_tables *tables = &page_table_fixture_start()->tables;

    tables->invalidate = invalidate;
    ASSERT_OK(page_table_map(tables, BASE, paddr(TARGET), pages * PAGE_SIZE, 0));
    return tables;
}

KBENCH(page_table, translate)
{
    struct page_tables *tables = start(1);
    paddr_t target;

    KBENCH_REPEAT(bench, 1000)
    {
        page_table_translate(tables, BASE, &target);
    }
}

KBENCH(page_table, map_one_page)
{
    struct page_tables *tables = start(1);
    uint64_t address = BASE;

    KBENCH_REPEAT(bench, PAGES)
    {
        address += PAGE_SIZE;
        ASSERT_OK(page_table_map(tables, address, paddr(TARGET), PAGE_SIZE, PAGE_WRITE));
    }
}

KBENCH(page_table, unmap_one_page)
{
    struct page_tables *tables = start(1 + PAGES);
    uint64_t address = BASE;

    KBENCH_REPEAT(bench, PAGES)
    {
        address += PAGE_SIZE;
        ASSERT_OK(page_table_unmap(tables, address, PAGE_SIZE));
    }
}

KBENCH(page_table, map_a_page_of_a_run)
{
    struct page_tables *tables = start(1);

    KBENCH_REPEAT(bench, 1)
    {
        ASSERT_OK(page_table_map(tables, BASE + PAGE_SIZE, paddr(TARGET), PAGES * PAGE_SIZE, 0));
    }
    bench->repetitions = PAGES;
}

KBENCH(page_table, unmap_a_page_of_a_run)
{
    struct page_tables *tables = start(1 + PAGES);

    KBENCH_REPEAT(bench, 1)
    {
        ASSERT_OK(page_table_unmap(tables, BASE + PAGE_SIZE, PAGES * PAGE_SIZE));
    }
    bench->repetitions = PAGES;
}
