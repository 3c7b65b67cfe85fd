/* SPDX-License-Identifier: MIT */
/* The W^X audit: what may stand beside each other, and what may not. */
#include "mm/page_audit.h"

#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"

#define CODE   0xffffffff80100000UL
#define DIRECT 0xffff800000000000UL
#define DATA   0xffffffff80200000UL

static struct page_tables *tables;
static struct page_audit audit;

static void map(uint64_t address, uint64_t target, uint64_t size, unsigned flags)
{
    CHECK_OK(page_table_map(tables, address, paddr(target), size, flags));
}

/* Code, data and a direct map that leaves the code alone: as it should be. */
static void start_clean(void)
{
    tables = &page_table_fixture_start()->tables;
    map(CODE, 0x100000, 4 * PAGE_SIZE, PAGE_EXECUTE);
    map(DATA, 0x200000, 4 * PAGE_SIZE, PAGE_WRITE);
    map(DIRECT, 0, 0x100000, PAGE_WRITE);
    map(DIRECT + 0x100000, 0x100000, 4 * PAGE_SIZE, 0);
    map(DIRECT + 0x104000, 0x104000, 0x200000, PAGE_WRITE);
}

KTEST(page_audit, passes_when_nothing_is_writable_and_executable)
{
    start_clean();
    CHECK(page_table_audit(tables, NULL, 0, &audit));
    CHECK(audit.nx_enforced);
    CHECK_EQ(audit.violations, 0);
    CHECK_EQ(audit.runs, 5);
    CHECK_EQ(audit.first.size, 0);
}

KTEST(page_audit, finds_a_writable_alias_of_code_at_either_end)
{
    static const uint64_t aliases[] = {0x100000, 0x103000};

    for (size_t i = 0; i < 2; i++) {
        start_clean();
        map(0x400000, aliases[i], PAGE_SIZE, PAGE_WRITE);
        CHECK(!page_table_audit(tables, NULL, 0, &audit));
        CHECK_EQ(audit.violations, 1);
        CHECK_EQ(audit.first.address, 0x400000);
        CHECK_EQ(audit.first.target.value, aliases[i]);
    }
}

KTEST(page_audit, accepts_writable_memory_just_beside_code)
{
    start_clean();
    map(0x400000, 0x0ff000, PAGE_SIZE, PAGE_WRITE);
    map(0x402000, 0x104000, PAGE_SIZE, PAGE_WRITE);
    CHECK(page_table_audit(tables, NULL, 0, &audit));
}

KTEST(page_audit, finds_an_executable_alias_of_data)
{
    start_clean();
    map(0x400000, 0x201000, PAGE_SIZE, PAGE_EXECUTE);
    CHECK(!page_table_audit(tables, NULL, 0, &audit));
    CHECK_EQ(audit.violations, 2); /* at its own address, and in the direct map */
}

KTEST(page_audit, does_not_pass_when_there_is_too_much_code_to_remember)
{
    start_clean();
    for (uint64_t i = 0; i < 16; i++) {
        map(0x400000 + i * 0x2000, 0x800000 + i * 0x2000, PAGE_SIZE, PAGE_EXECUTE);
    }
    CHECK(!page_table_audit(tables, NULL, 0, &audit));
}

KTEST(page_audit, looks_after_the_text_alone_when_nx_is_not_enforceable)
{
    const struct page_run text = {.target = paddr(0x100000), .size = 4 * PAGE_SIZE};

    start_clean();
    page_table_fixture_start();
    tables->has_nx = false;
    map(CODE, 0x100000, 4 * PAGE_SIZE, PAGE_EXECUTE);
    map(DATA, 0x200000, 4 * PAGE_SIZE, PAGE_WRITE);
    CHECK(page_table_audit(tables, &text, 1, &audit));
    CHECK(!audit.nx_enforced);
    map(DIRECT, 0x102000, PAGE_SIZE, PAGE_WRITE);
    CHECK(!page_table_audit(tables, &text, 1, &audit));
    CHECK_EQ(audit.first.address, DIRECT);
}
