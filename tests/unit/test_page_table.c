/* SPDX-License-Identifier: MIT */
/*
 * Page tables: what is mapped is found, what fails changes nothing, what is
 * empty is given back, and the TLB hears of exactly what changed.
 */
#include "mm/page_table.h"

#include "lib/bits.h"
#include "mm/page_entry.h"
#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"

#define BASE   0xffffc00000000000UL /* aligned to 1 GiB and more */
#define TARGET 0x40000000UL

static struct page_table_fixture *fixture;
static struct page_tables *tables;

static void start(void)
{
    fixture = page_table_fixture_start();
    tables = &fixture->tables;
}

static void check_translation(uint64_t address, uint64_t target, uint64_t page_size, unsigned flags)
{
    struct page_view view = {.page_size = 0};
    paddr_t found = paddr(1);

    CHECK(page_table_look_up(tables, address, &view));
    CHECK(page_table_translate(tables, address, &found));
    CHECK_EQ(found.value, target);
    CHECK_EQ(view.target.value, target);
    CHECK_EQ(view.page_size, page_size);
    CHECK_EQ(view.flags, flags);
}

static void check_unmapped(uint64_t address)
{
    struct page_view view;
    paddr_t found = paddr(1);

    CHECK(!page_table_look_up(tables, address, &view));
    CHECK(!page_table_translate(tables, address, &found));
    CHECK_EQ(found.value, 1);
}

KTEST(page_table, map_uses_the_page_size_that_fits)
{
    start();
    CHECK_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, PAGE_WRITE));
    check_translation(BASE + 0x123, TARGET + 0x123, PAGE_SIZE, PAGE_WRITE);
    check_unmapped(BASE + PAGE_SIZE);
    check_unmapped(BASE - 1);

    CHECK_OK(page_table_map(tables, BASE + PAGE_SIZE_2M, paddr(TARGET), PAGE_SIZE_2M, 0));
    check_translation(BASE + PAGE_SIZE_2M + 0x12345, TARGET + 0x12345, PAGE_SIZE_2M, 0);

    CHECK_OK(
        page_table_map(tables, BASE + PAGE_SIZE_1G, paddr(TARGET), PAGE_SIZE_1G, PAGE_EXECUTE));
    check_translation(BASE + PAGE_SIZE_1G + 0x1234567, TARGET + 0x1234567, PAGE_SIZE_1G,
                      PAGE_EXECUTE);
}

KTEST(page_table, map_mixes_page_sizes_over_an_uneven_range)
{
    uint64_t first = BASE + PAGE_SIZE_1G - PAGE_SIZE_2M - PAGE_SIZE;
    uint64_t size = PAGE_SIZE + PAGE_SIZE_2M + PAGE_SIZE_1G + PAGE_SIZE_2M + PAGE_SIZE;
    uint64_t target = 2 * PAGE_SIZE_1G - PAGE_SIZE_2M - PAGE_SIZE;

    start();
    REQUIRE_OK(page_table_map(tables, first, paddr(target), size, 0));
    check_unmapped(first - 1);
    check_translation(first, target, PAGE_SIZE, 0);
    check_translation(first + PAGE_SIZE, target + PAGE_SIZE, PAGE_SIZE_2M, 0);
    check_translation(BASE + PAGE_SIZE_1G, 2 * PAGE_SIZE_1G, PAGE_SIZE_1G, 0);
    check_translation(BASE + 2 * PAGE_SIZE_1G, 3 * PAGE_SIZE_1G, PAGE_SIZE_2M, 0);
    check_translation(first + size - 1, target + size - 1, PAGE_SIZE, 0);
    check_unmapped(first + size);
    REQUIRE_OK(page_table_unmap(tables, first, size));
    CHECK_EQ(fixture->frames_used, 0);
}

KTEST(page_table, map_takes_small_pages_when_target_is_not_as_aligned)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET + PAGE_SIZE), PAGE_SIZE_2M, 0));
    check_translation(BASE, TARGET + PAGE_SIZE, PAGE_SIZE, 0);
    check_translation(BASE + PAGE_SIZE_2M - 1, TARGET + PAGE_SIZE + PAGE_SIZE_2M - 1, PAGE_SIZE, 0);
}

KTEST(page_table, map_takes_2m_pages_when_the_cpu_has_none_of_1g)
{
    start();
    tables->has_1g_pages = false;
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_1G, 0));
    check_translation(BASE + PAGE_SIZE_1G - 1, TARGET + PAGE_SIZE_1G - 1, PAGE_SIZE_2M, 0);
}

KTEST(page_table, every_page_can_be_executed_when_the_cpu_has_no_nx)
{
    start();
    tables->has_nx = false;
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, PAGE_WRITE));
    check_translation(BASE, TARGET, PAGE_SIZE, PAGE_WRITE | PAGE_EXECUTE);
}

KTEST(page_table, caching_flags_are_kept)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, PAGE_WRITE | PAGE_UNCACHED));
    REQUIRE_OK(page_table_map(tables, BASE + PAGE_SIZE, paddr(TARGET), PAGE_SIZE,
                              PAGE_WRITE | PAGE_WRITE_COMBINING));
    check_translation(BASE, TARGET, PAGE_SIZE, PAGE_WRITE | PAGE_UNCACHED);
    check_translation(BASE + PAGE_SIZE, TARGET, PAGE_SIZE, PAGE_WRITE | PAGE_WRITE_COMBINING);
}

/* The very bits, by the manual: present, write, accessed, dirty, global, no-execute. */
KTEST(page_table, entry_has_the_bits_the_cpu_reads)
{
    const uint64_t *table;

    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, PAGE_WRITE));
    table = tables->direct_base;
    for (unsigned level = 4; level > 1; level--) {
        unsigned index = BASE >> (12 + 9 * (level - 1)) & 511;

        CHECK_EQ(table[index] & 0xfff, 0x003);
        CHECK_EQ(table[index] >> 63, 0);
        table =
            (const uint64_t *)((uint8_t *)tables->direct_base + (table[index] & 0xffffffffff000));
    }
    CHECK_EQ(table[0], 0x8000000040000163);
}

KTEST(page_table, map_refuses_a_bad_argument)
{
    static const struct {
        uint64_t address, target, size;
        unsigned flags;
    } cases[] = {
        {BASE, TARGET, 0, 0},
        {BASE + 1, TARGET, PAGE_SIZE, 0},
        {BASE, TARGET + 1, PAGE_SIZE, 0},
        {BASE, TARGET, PAGE_SIZE + 1, 0},
        {BASE, TARGET, PAGE_SIZE, PAGE_WRITE | PAGE_EXECUTE},
        {0x0000800000000000, TARGET, PAGE_SIZE, 0},
        {0xffff7ffffffff000, TARGET, PAGE_SIZE, 0},
        {0x00007ffffffff000, TARGET, 2 * PAGE_SIZE, 0},
        {0x00007ffffffff000, TARGET, 0xffff000000002000, 0},
        {0xfffffffffffff000, TARGET, 2 * PAGE_SIZE, 0},
        {BASE, 1UL << 40, PAGE_SIZE, 0},
        {BASE, (1UL << 40) - PAGE_SIZE, 2 * PAGE_SIZE, 0},
        {BASE, 0xfffffffffffff000, 2 * PAGE_SIZE, 0},
    };

    start();
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        ktest_note("case %zu", i);
        CHECK_STATUS(page_table_map(tables, cases[i].address, paddr(cases[i].target), cases[i].size,
                                    cases[i].flags),
                     ERR_BAD_ARG);
    }
    CHECK_EQ(fixture->frames_used, 0);
    CHECK_OK(page_table_map(tables, BASE, paddr((1UL << 40) - PAGE_SIZE), PAGE_SIZE, 0));
    CHECK_OK(page_table_map(tables, 0xfffffffffffff000, paddr(TARGET), PAGE_SIZE, 0));
    CHECK_OK(page_table_map(tables, 0x00007ffffffff000, paddr(TARGET), PAGE_SIZE, 0));
}

KTEST(page_table, map_changes_nothing_when_something_is_in_the_way)
{
    static const uint64_t obstacles[][2] = {
        {5 * PAGE_SIZE, PAGE_SIZE},
        {PAGE_SIZE_2M, PAGE_SIZE_2M},
        {2 * PAGE_SIZE_2M, PAGE_SIZE},
        {3 * PAGE_SIZE_2M - PAGE_SIZE, PAGE_SIZE},
        {PAGE_SIZE_1G, PAGE_SIZE_1G},
        {PAGE_SIZE_1G + PAGE_SIZE_2M, PAGE_SIZE},
        {2 * PAGE_SIZE_1G - PAGE_SIZE, PAGE_SIZE},
    };

    for (size_t i = 0; i < ARRAY_SIZE(obstacles); i++) {
        uint64_t before;

        start();
        ktest_note("case %zu", i);
        REQUIRE_OK(
            page_table_map(tables, BASE + obstacles[i][0], paddr(TARGET), obstacles[i][1], 0));
        before = page_table_fixture_hash();
        CHECK_STATUS(page_table_map(tables, BASE, paddr(TARGET), 2 * PAGE_SIZE_1G, 0), ERR_EXISTS);
        CHECK_EQ(page_table_fixture_hash(), before);
    }
}

KTEST(page_table, map_inside_a_large_page_is_refused)
{
    uint64_t before;

    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(0), PAGE_SIZE_1G, 0));
    before = page_table_fixture_hash();
    CHECK_STATUS(page_table_map(tables, BASE + PAGE_SIZE, paddr(0), PAGE_SIZE, 0), ERR_EXISTS);
    CHECK_EQ(page_table_fixture_hash(), before);
}

/* A range that needs ten tables, with every number of frames below that. */
KTEST(page_table, map_changes_nothing_when_frames_run_out)
{
    uint64_t first = BASE + 511 * PAGE_SIZE_1G + 511 * PAGE_SIZE_2M + PAGE_SIZE;
    uint64_t size = 2 * PAGE_SIZE_2M;
    size_t needed;
    uint64_t before;

    start();
    REQUIRE_OK(page_table_map(tables, first, paddr(TARGET), size, 0));
    needed = fixture->frames_used;
    CHECK_EQ(needed, 7);
    for (size_t frames = 0; frames < needed; frames++) {
        start();
        fixture->frames_left = frames;
        before = page_table_fixture_hash();
        CHECK_STATUS(page_table_map(tables, first, paddr(TARGET), size, 0), ERR_NO_MEMORY);
        CHECK_EQ(fixture->frames_used, 0);
        CHECK_EQ(page_table_fixture_hash(), before);
    }
}

KTEST(page_table, unmap_gives_every_empty_table_back)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, BASE + PAGE_SIZE, paddr(TARGET), PAGE_SIZE, 0));
    CHECK_EQ(fixture->frames_used, 3);
    REQUIRE_OK(page_table_unmap(tables, BASE, PAGE_SIZE));
    CHECK_EQ(fixture->frames_used, 3);
    check_unmapped(BASE);
    check_translation(BASE + PAGE_SIZE, TARGET, PAGE_SIZE, 0);
    REQUIRE_OK(page_table_unmap(tables, BASE + PAGE_SIZE, PAGE_SIZE));
    CHECK_EQ(fixture->frames_used, 0);
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, 0));
    CHECK_EQ(fixture->frames_used, 3);
}

KTEST(page_table, unmap_refuses_what_is_not_mapped_throughout)
{
    uint64_t before;

    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), 4 * PAGE_SIZE, 0));
    REQUIRE_OK(page_table_map(tables, BASE + 5 * PAGE_SIZE, paddr(TARGET), PAGE_SIZE_2M, 0));
    before = page_table_fixture_hash();
    CHECK_STATUS(page_table_unmap(tables, BASE, 6 * PAGE_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(page_table_unmap(tables, BASE + 4 * PAGE_SIZE, PAGE_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(page_table_unmap(tables, BASE - PAGE_SIZE, 2 * PAGE_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(page_table_unmap(tables, BASE, 0), ERR_BAD_ARG);
    CHECK_STATUS(page_table_unmap(tables, BASE + 1, PAGE_SIZE), ERR_BAD_ARG);
    CHECK_STATUS(page_table_protect(tables, BASE, 6 * PAGE_SIZE, 0), ERR_NOT_FOUND);
    CHECK_STATUS(page_table_protect(tables, BASE, PAGE_SIZE, PAGE_WRITE | PAGE_EXECUTE),
                 ERR_BAD_ARG);
    CHECK_EQ(page_table_fixture_hash(), before);
}

KTEST(page_table, unmap_inside_a_large_page_splits_it_and_leaves_the_rest)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_1G, PAGE_WRITE));
    REQUIRE_OK(page_table_unmap(tables, BASE + PAGE_SIZE_2M + PAGE_SIZE, PAGE_SIZE));
    check_translation(BASE, TARGET, PAGE_SIZE_2M, PAGE_WRITE);
    check_translation(BASE + PAGE_SIZE_2M, TARGET + PAGE_SIZE_2M, PAGE_SIZE, PAGE_WRITE);
    check_unmapped(BASE + PAGE_SIZE_2M + PAGE_SIZE);
    check_translation(BASE + PAGE_SIZE_2M + 2 * PAGE_SIZE, TARGET + PAGE_SIZE_2M + 2 * PAGE_SIZE,
                      PAGE_SIZE, PAGE_WRITE);
    check_translation(BASE + PAGE_SIZE_1G - 1, TARGET + PAGE_SIZE_1G - 1, PAGE_SIZE_2M, PAGE_WRITE);
    REQUIRE_OK(page_table_unmap(tables, BASE, PAGE_SIZE_2M + PAGE_SIZE));
    REQUIRE_OK(page_table_unmap(tables, BASE + PAGE_SIZE_2M + 2 * PAGE_SIZE,
                                PAGE_SIZE_1G - PAGE_SIZE_2M - 2 * PAGE_SIZE));
    CHECK_EQ(fixture->frames_used, 0);
}

KTEST(page_table, split_changes_nothing_when_frames_run_out)
{
    for (size_t frames = 0; frames < 4; frames++) {
        uint64_t before;

        start();
        REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_1G, 0));
        REQUIRE_OK(page_table_map(tables, BASE + PAGE_SIZE_1G, paddr(TARGET), PAGE_SIZE_1G, 0));
        fixture->frames_left = frames;
        before = page_table_fixture_hash();
        CHECK_STATUS(page_table_protect(tables, BASE + PAGE_SIZE, PAGE_SIZE_1G, PAGE_WRITE),
                     ERR_NO_MEMORY);
        CHECK_EQ(page_table_fixture_hash(), before);
        CHECK_EQ(fixture->frames_left, frames);
    }
}

KTEST(page_table, split_takes_no_more_frames_than_it_needs)
{
    size_t before;

    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_1G, 0));
    before = fixture->frames_used;
    REQUIRE_OK(page_table_protect(tables, BASE + PAGE_SIZE, PAGE_SIZE, PAGE_WRITE));
    CHECK_EQ(fixture->frames_used, before + 2);
}

KTEST(page_table, protect_changes_flags_and_nothing_else)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), 3 * PAGE_SIZE_2M, PAGE_WRITE));
    REQUIRE_OK(page_table_protect(tables, BASE + PAGE_SIZE_2M - PAGE_SIZE,
                                  PAGE_SIZE_2M + 2 * PAGE_SIZE, PAGE_EXECUTE));
    check_translation(BASE, TARGET, PAGE_SIZE, PAGE_WRITE);
    check_translation(BASE + PAGE_SIZE_2M - PAGE_SIZE, TARGET + PAGE_SIZE_2M - PAGE_SIZE, PAGE_SIZE,
                      PAGE_EXECUTE);
    check_translation(BASE + PAGE_SIZE_2M, TARGET + PAGE_SIZE_2M, PAGE_SIZE_2M, PAGE_EXECUTE);
    check_translation(BASE + 2 * PAGE_SIZE_2M, TARGET + 2 * PAGE_SIZE_2M, PAGE_SIZE, PAGE_EXECUTE);
    check_translation(BASE + 2 * PAGE_SIZE_2M + PAGE_SIZE, TARGET + 2 * PAGE_SIZE_2M + PAGE_SIZE,
                      PAGE_SIZE, PAGE_WRITE);
}

KTEST(page_table, tlb_hears_of_exactly_what_changed)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), 4 * PAGE_SIZE, 0));
    CHECK_EQ(fixture->invalidated_count, 0);
    REQUIRE_OK(page_table_protect(tables, BASE + PAGE_SIZE, 2 * PAGE_SIZE, PAGE_WRITE));
    CHECK_EQ(fixture->invalidated_count, 2);
    CHECK(page_table_fixture_was_invalidated(BASE + PAGE_SIZE));
    CHECK(page_table_fixture_was_invalidated(BASE + 2 * PAGE_SIZE));
    fixture->invalidated_count = 0;
    REQUIRE_OK(page_table_unmap(tables, BASE, PAGE_SIZE));
    CHECK_EQ(fixture->invalidated_count, 1);
    CHECK(page_table_fixture_was_invalidated(BASE));
}

KTEST(page_table, tlb_hears_of_a_split_page_and_of_tables_that_go)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE_2M, 0));
    REQUIRE_OK(page_table_protect(tables, BASE + 7 * PAGE_SIZE, PAGE_SIZE, PAGE_WRITE));
    CHECK(page_table_fixture_was_invalidated(BASE + 7 * PAGE_SIZE));
    CHECK_GE(fixture->invalidated_count, 2);

    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, 0));
    REQUIRE_OK(page_table_unmap(tables, BASE, PAGE_SIZE));
    /* Once for the page, and once for each of the three tables on the way to it. */
    CHECK_EQ(fixture->invalidated_count, 4);
}

KTEST(page_table, translate_refuses_what_is_not_canonical)
{
    start();
    REQUIRE_OK(page_table_map(tables, BASE, paddr(TARGET), PAGE_SIZE, 0));
    check_unmapped(BASE & 0x0000ffffffffffff);
}
