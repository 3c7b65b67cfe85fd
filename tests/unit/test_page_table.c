/* SPDX-License-Identifier: MIT */
/*
 * Page tables: what is mapped is found, what fails changes nothing, what is
 * empty is given back, and the TLB hears of exactly what changed.
 */
#include "mm/page_table.h"

#include "mm/page_entry.h"
#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"
#include "tests/unit/pseudo_random.h"

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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
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

    for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
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
    start();
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
    start();
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

/* --- Random requests against a model: one entry for each of 1536 pages in three 2 MiB ranges ---
 */

#define MODEL_PAGES 1536

static struct {
    bool mapped;
    uint64_t target;
    unsigned flags;
} model[MODEL_PAGES];

static const unsigned model_flags[] = {0, PAGE_WRITE, PAGE_EXECUTE};

static bool model_all(size_t first, size_t count, bool mapped)
{
    for (size_t i = first; i < first + count; i++) {
        if (model[i].mapped != mapped) {
            return false;
        }
    }
    return true;
}

static void model_set(size_t first, size_t count, bool mapped, uint64_t target, unsigned flags)
{
    for (size_t i = first; i < first + count; i++) {
        model[i].mapped = mapped;
        model[i].target = target + (i - first) * PAGE_SIZE;
        model[i].flags = flags;
    }
}

static void random_step(uint64_t *random)
{
    size_t first = pseudo_random_below(random, MODEL_PAGES);
    size_t count = 1 + pseudo_random_below(random, MODEL_PAGES - first);
    unsigned flags = model_flags[pseudo_random_below(random, 3)];
    uint64_t address = BASE + first * PAGE_SIZE;
    uint64_t target = TARGET + first * PAGE_SIZE; /* aligned alike, so that large pages occur */

    switch (pseudo_random_below(random, 3)) {
    case 0:
        if (model_all(first, count, false)) {
            CHECK_OK(page_table_map(tables, address, paddr(target), count * PAGE_SIZE, flags));
            model_set(first, count, true, target, flags);
        } else {
            CHECK_STATUS(page_table_map(tables, address, paddr(target), count * PAGE_SIZE, flags),
                         ERR_EXISTS);
        }
        break;
    case 1:
        if (model_all(first, count, true)) {
            CHECK_OK(page_table_unmap(tables, address, count * PAGE_SIZE));
            model_set(first, count, false, 0, 0);
        } else {
            CHECK_STATUS(page_table_unmap(tables, address, count * PAGE_SIZE), ERR_NOT_FOUND);
        }
        break;
    default:
        if (model_all(first, count, true)) {
            CHECK_OK(page_table_protect(tables, address, count * PAGE_SIZE, flags));
            model_set(first, count, true, target, flags);
        } else {
            CHECK_STATUS(page_table_protect(tables, address, count * PAGE_SIZE, flags),
                         ERR_NOT_FOUND);
        }
        break;
    }
}

/* Single pages go away again from time to time, so that ranges open for larger ones. */
static void random_clear(uint64_t *random)
{
    size_t first = pseudo_random_below(random, MODEL_PAGES);

    for (size_t i = first; i < MODEL_PAGES && i < first + 600; i++) {
        if (model[i].mapped) {
            CHECK_OK(page_table_unmap(tables, BASE + i * PAGE_SIZE, PAGE_SIZE));
            model[i].mapped = false;
        }
    }
}

static void compare_with_model(void)
{
    for (size_t i = 0; i < MODEL_PAGES; i++) {
        struct page_view view;
        bool mapped = page_table_look_up(tables, BASE + i * PAGE_SIZE, &view);

        if (mapped != model[i].mapped) {
            CHECK_EQ(mapped, model[i].mapped);
        } else if (mapped &&
                   (view.target.value != model[i].target || view.flags != model[i].flags)) {
            CHECK_EQ(view.target.value, model[i].target);
            CHECK_EQ(view.flags, model[i].flags);
        }
    }
}

KTEST(page_table, random_requests_do_as_a_plain_model)
{
    uint64_t random = 4;

    start();
    model_set(0, MODEL_PAGES, false, 0, 0);
    for (unsigned step = 0; step < 600; step++) {
        random_step(&random);
        if (step % 16 == 15) {
            random_clear(&random);
        }
        if (step % 8 == 0) {
            compare_with_model();
        }
    }
    for (size_t i = 0; i < MODEL_PAGES; i++) {
        if (model[i].mapped) {
            CHECK_OK(page_table_unmap(tables, BASE + i * PAGE_SIZE, PAGE_SIZE));
        }
    }
    CHECK_EQ(fixture->frames_used, 0);
}
