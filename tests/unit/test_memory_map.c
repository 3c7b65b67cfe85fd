/* SPDX-License-Identifier: MIT */
/*
 * Memory maps: each way a range can lie against those that are there, the full
 * array, and a comparison with a model that keeps a flag for every block.
 */
#include "mm/memory_map.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

static struct memory_map map;

static void add(uint64_t start, uint64_t end)
{
    CHECK_OK(memory_map_add(&map, paddr(start), end - start));
}

static void subtract(uint64_t start, uint64_t end)
{
    memory_map_subtract(&map, paddr(start), end - start);
}

/* Start over with the ranges [0x1000, 0x2000), [0x3000, 0x4000), [0x5000, 0x6000). */
static void make_three(void)
{
    memset(&map, 0, sizeof(map));
    add(0x1000, 0x2000);
    add(0x3000, 0x4000);
    add(0x5000, 0x6000);
}

/* What the map must be, range by range. */
#define CHECK_RANGES(...)                                               \
    do {                                                                \
        const struct memory_range wanted_ranges[] = {__VA_ARGS__};      \
                                                                        \
        CHECK_EQ(map.count, ARRAY_SIZE(wanted_ranges));                 \
        CHECK_MEM_EQ(map.ranges, wanted_ranges, sizeof(wanted_ranges)); \
    } while (0)

KTEST(memory_map, is_empty_when_zeroed)
{
    memset(&map, 0, sizeof(map));
    CHECK_EQ(memory_map_total_bytes(&map), 0);
    CHECK_EQ(memory_map_usable_pages(&map), 0);
    CHECK_EQ(memory_map_end(&map).value, 0);
    CHECK(!memory_map_contains(&map, paddr(0), 1));
}

KTEST(memory_map, add_sorts_when_ranges_come_in_any_order)
{
    memset(&map, 0, sizeof(map));
    add(0x5000, 0x6000);
    add(0x1000, 0x2000);
    add(0x3000, 0x4000);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_merges_when_range_overlaps_one_below)
{
    make_three();
    add(0x3800, 0x4800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4800}, {0x5000, 0x6000});
}

KTEST(memory_map, add_merges_when_range_overlaps_one_above)
{
    make_three();
    add(0x2800, 0x3800);
    CHECK_RANGES({0x1000, 0x2000}, {0x2800, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_merges_when_range_touches_one_below)
{
    make_three();
    add(0x4000, 0x4800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4800}, {0x5000, 0x6000});
}

KTEST(memory_map, add_merges_when_range_touches_one_above)
{
    make_three();
    add(0x2800, 0x3000);
    CHECK_RANGES({0x1000, 0x2000}, {0x2800, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_keeps_ranges_apart_when_a_byte_is_between)
{
    make_three();
    add(0x2001, 0x2fff);
    CHECK_RANGES({0x1000, 0x2000}, {0x2001, 0x2fff}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_joins_two_when_range_fills_the_gap)
{
    make_three();
    add(0x2000, 0x3000);
    CHECK_RANGES({0x1000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_swallows_ranges_when_it_covers_them)
{
    make_three();
    add(0, 0x10000);
    CHECK_RANGES({0, 0x10000});
}

KTEST(memory_map, add_changes_nothing_when_range_is_there)
{
    make_three();
    add(0x3000, 0x4000);
    add(0x3100, 0x3200);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_changes_nothing_when_size_is_0)
{
    make_three();
    add(0x2800, 0x2800);
    add(0x3800, 0x3800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_takes_byte_0_when_asked)
{
    make_three();
    add(0, 1);
    CHECK_RANGES({0, 1}, {0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
    add(0, 0x1000);
    CHECK_RANGES({0, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_refuses_range_when_it_wraps)
{
    make_three();
    CHECK_STATUS(memory_map_add(&map, paddr(0x3800), UINT64_MAX), ERR_BAD_ARG);
    CHECK_STATUS(memory_map_add(&map, paddr(UINT64_MAX - 0xfff), 0x1001), ERR_BAD_ARG);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, add_leaves_the_last_byte_out_when_range_ends_at_the_top)
{
    memset(&map, 0, sizeof(map));
    CHECK_OK(memory_map_add(&map, paddr(UINT64_MAX - 0xfff), 0x1000));
    CHECK_RANGES({UINT64_MAX - 0xfff, UINT64_MAX});
    CHECK_OK(memory_map_add(&map, paddr(UINT64_MAX), 1));
    CHECK_RANGES({UINT64_MAX - 0xfff, UINT64_MAX});
    memset(&map, 0, sizeof(map));
    CHECK_OK(memory_map_add(&map, paddr(UINT64_MAX), 1));
    CHECK_EQ(map.count, 0);
}

KTEST(memory_map, range_wraps_only_when_its_last_byte_does)
{
    CHECK(!memory_range_wraps(paddr(UINT64_MAX), 0));
    CHECK(!memory_range_wraps(paddr(UINT64_MAX), 1));
    CHECK(memory_range_wraps(paddr(UINT64_MAX), 2));
    CHECK(!memory_range_wraps(paddr(1), UINT64_MAX));
    CHECK(memory_range_wraps(paddr(2), UINT64_MAX));
    CHECK(!memory_range_wraps(paddr(0), 0));
}

KTEST(memory_map, subtract_changes_nothing_when_range_is_not_there)
{
    make_three();
    subtract(0, 0x1000);
    subtract(0x2000, 0x3000);
    subtract(0x6000, 0x7000);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_changes_nothing_when_size_is_0)
{
    make_three();
    subtract(0x3800, 0x3800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_removes_a_range_when_it_is_the_same)
{
    make_three();
    subtract(0x3000, 0x4000);
    CHECK_RANGES({0x1000, 0x2000}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_shortens_a_range_when_over_its_start)
{
    make_three();
    subtract(0x2800, 0x3001);
    CHECK_RANGES({0x1000, 0x2000}, {0x3001, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_shortens_a_range_when_over_its_end)
{
    make_three();
    subtract(0x3fff, 0x4800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x3fff}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_splits_a_range_when_inside_it)
{
    make_three();
    subtract(0x3400, 0x3800);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x3400}, {0x3800, 0x4000}, {0x5000, 0x6000});
}

KTEST(memory_map, subtract_reaches_over_several_when_it_is_long)
{
    make_three();
    subtract(0x1800, 0x5800);
    CHECK_RANGES({0x1000, 0x1800}, {0x5800, 0x6000});
}

KTEST(memory_map, subtract_takes_all_above_when_it_would_wrap)
{
    make_three();
    memory_map_subtract(&map, paddr(0x3800), UINT64_MAX);
    CHECK_RANGES({0x1000, 0x2000}, {0x3000, 0x3800});
    CHECK_OK(memory_map_add(&map, paddr(UINT64_MAX - 0xfff), 0x1000));
    memory_map_subtract(&map, paddr(UINT64_MAX - 0xff), 0x1000);
    CHECK_EQ(memory_map_end(&map).value, UINT64_MAX - 0xff);
}

KTEST(memory_map, contains_a_range_when_all_of_it_is_in_one)
{
    make_three();
    CHECK(memory_map_contains(&map, paddr(0x3000), 0x1000));
    CHECK(memory_map_contains(&map, paddr(0x3fff), 1));
    CHECK(memory_map_contains(&map, paddr(0x5000), 1));
    CHECK(!memory_map_contains(&map, paddr(0x2fff), 2));
    CHECK(!memory_map_contains(&map, paddr(0x3000), 0x1001));
    CHECK(!memory_map_contains(&map, paddr(0x2000), 1));
    CHECK(!memory_map_contains(&map, paddr(0x1000), 0x5000));
    CHECK(!memory_map_contains(&map, paddr(0x6000), 1));
    CHECK(!memory_map_contains(&map, paddr(0x3001), UINT64_MAX));
}

KTEST(memory_map, contains_an_empty_range_when_asked)
{
    make_three();
    CHECK(memory_map_contains(&map, paddr(0x2800), 0));
    CHECK(memory_map_contains(&map, paddr(0x9000), 0));
}

KTEST(memory_map, contains_nothing_new_when_array_has_old_ranges_behind_its_end)
{
    make_three();
    subtract(0x5000, 0x6000);
    CHECK(!memory_map_contains(&map, paddr(0x5000), 1));
}

KTEST(memory_map, counts_bytes_of_all_ranges)
{
    make_three();
    add(0x8000, 0x8001);
    CHECK_EQ(memory_map_total_bytes(&map), 0x3001);
    CHECK_EQ(memory_map_end(&map).value, 0x8001);
}

KTEST(memory_map, pages_round_inward_when_bounds_are_not_aligned)
{
    memset(&map, 0, sizeof(map));
    add(0x1001, 0x4fff);
    CHECK_EQ(memory_map_usable_pages(&map), 2);
    add(0x1000, 0x1001);
    CHECK_EQ(memory_map_usable_pages(&map), 3);
    add(0x4fff, 0x5000);
    CHECK_EQ(memory_map_usable_pages(&map), 4);
}

KTEST(memory_map, pages_are_none_when_ranges_are_within_one)
{
    memset(&map, 0, sizeof(map));
    add(0x1001, 0x1fff);
    CHECK_EQ(memory_map_usable_pages(&map), 0);
    add(0x2800, 0x3800);
    CHECK_EQ(memory_map_usable_pages(&map), 0);
}

KTEST(memory_map, pages_count_once_when_ranges_join_inside_them)
{
    memset(&map, 0, sizeof(map));
    add(0x1000, 0x1800);
    add(0x1800, 0x2000);
    CHECK_EQ(memory_map_usable_pages(&map), 1);
    subtract(0x1800, 0x1801);
    CHECK_EQ(memory_map_usable_pages(&map), 0);
}

KTEST(memory_map, pages_do_not_wrap_when_range_is_at_the_top)
{
    memset(&map, 0, sizeof(map));
    CHECK_OK(memory_map_add(&map, paddr(UINT64_MAX - 0xffe), 0xfff));
    CHECK_EQ(memory_map_usable_pages(&map), 0);
    CHECK_OK(memory_map_add(&map, paddr(0), UINT64_MAX));
    CHECK_EQ(memory_map_usable_pages(&map), UINT64_MAX / PAGE_SIZE);
}

/* Where make_full() puts range number i. */
static uint64_t slot(uint64_t i)
{
    return (i + 1) * 0x10000;
}

/* As many ranges as there is room for, each of 0x1000 bytes. */
static void make_full(void)
{
    memset(&map, 0, sizeof(map));
    for (uint64_t i = 0; i < MEMORY_MAP_RANGES_MAX; i++) {
        add(slot(i), slot(i) + 0x1000);
    }
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(map.dropped_ranges, 0);
}

KTEST(memory_map, forgets_the_smallest_range_when_full)
{
    make_full();
    subtract(slot(100), slot(100) + 1);
    add(0x1000, 0x3000);
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(map.dropped_ranges, 1);
    CHECK_EQ(map.dropped_bytes, 0xfff);
    CHECK(!memory_map_contains(&map, paddr(slot(100) + 1), 1));
    CHECK(memory_map_contains(&map, paddr(slot(99)), 0x1000));
    CHECK(memory_map_contains(&map, paddr(slot(101)), 0x1000));
    CHECK(memory_map_contains(&map, paddr(slot(511)), 0x1000));
    CHECK(memory_map_contains(&map, paddr(0x1000), 0x2000));
}

KTEST(memory_map, forgets_the_new_range_when_it_is_smallest)
{
    make_full();
    add(0x1000, 0x1010);
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(map.dropped_ranges, 1);
    CHECK_EQ(map.dropped_bytes, 0x10);
    CHECK(!memory_map_contains(&map, paddr(0x1000), 1));
    CHECK(memory_map_contains(&map, paddr(slot(0)), 0x1000));
    CHECK(memory_map_contains(&map, paddr(slot(511)), 0x1000));
}

KTEST(memory_map, forgets_the_highest_when_ranges_are_equal)
{
    make_full();
    add(0x1000, 0x2000);
    CHECK(memory_map_contains(&map, paddr(0x1000), 0x1000));
    CHECK_EQ(memory_map_end(&map).value, slot(510) + 0x1000);
}

KTEST(memory_map, subtract_forgets_a_range_when_it_splits_one_of_a_full_map)
{
    make_full();
    subtract(slot(7) + 0x100, slot(7) + 0x300);
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(map.dropped_ranges, 1);
    CHECK_EQ(map.dropped_bytes, 0x100);
    CHECK(!memory_map_contains(&map, paddr(slot(7)), 1));
    CHECK(!memory_map_contains(&map, paddr(slot(7) + 0x100), 1));
    CHECK(memory_map_contains(&map, paddr(slot(7) + 0x300), 0xd00));
}

KTEST(memory_map, full_map_takes_ranges_when_they_merge)
{
    make_full();
    add(slot(3) + 0x1000, slot(4));
    add(slot(9) + 0x1000, slot(9) + 0x2000);
    CHECK_EQ(map.dropped_ranges, 0);
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX - 1);
}

/* Sorted, not empty, not touching. */
static bool is_well_formed(void)
{
    for (size_t i = 0; i < map.count; i++) {
        if (map.ranges[i].start >= map.ranges[i].end ||
            (i > 0 && map.ranges[i - 1].end >= map.ranges[i].start)) {
            return false;
        }
    }
    return map.count <= MEMORY_MAP_RANGES_MAX;
}

KTEST(memory_map, keeps_the_largest_when_10000_ranges_are_added)
{
    uint64_t total = 0;

    memset(&map, 0, sizeof(map));
    for (uint64_t i = 0; i < 10000; i++) {
        uint64_t size = 1 + i * 7919 % 10000; /* each size once: 7919 is coprime to 10000 */

        add(slot(i), slot(i) + size);
        total += size;
    }
    CHECK(is_well_formed());
    CHECK_EQ(map.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(map.dropped_ranges, 10000 - MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(memory_map_total_bytes(&map) + map.dropped_bytes, total);
    for (size_t i = 0; i < map.count; i++) {
        CHECK_GT(map.ranges[i].end - map.ranges[i].start, 10000 - MEMORY_MAP_RANGES_MAX);
    }
}

KTEST(memory_map, pages_within_counts_whole_pages_between_two_addresses)
{
    make_three();
    add(0x7800, 0xa800);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0), PADDR_MAX), 5);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x1000), paddr(0x6000)), 3);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x1001), paddr(0x5fff)), 1);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x2000), paddr(0x3000)), 0);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x9000), paddr(0x9000)), 0);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x9000), paddr(0x8000)), 0);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0x9000), paddr(0xa000)), 1);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0xa000), PADDR_MAX), 0);
    CHECK_EQ(memory_map_pages_within(&map, paddr(0xb000), PADDR_MAX), 0);
}

KTEST(memory_map, first_reaching_is_the_range_at_an_address_or_the_next)
{
    make_three();
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0)), 0);
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0x1fff)), 0);
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0x2000)), 1);
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0x3000)), 1);
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0x5fff)), 2);
    CHECK_EQ(memory_map_first_reaching(&map, paddr(0x6000)), 3);
    CHECK_EQ(memory_map_first_reaching(&map, PADDR_MAX), 3);
}

/* Blocks smaller than a page, so that the model also sees the rounding. */
#define MODEL_BLOCKS     400
#define MODEL_BLOCK_SIZE 1024UL
#define BLOCKS_A_PAGE    (PAGE_SIZE / MODEL_BLOCK_SIZE)

static bool model[MODEL_BLOCKS + 1]; /* the last stays false */

static void compare_with_model(void)
{
    uint64_t blocks = 0;
    uint64_t pages = 0;
    size_t runs = 0;
    size_t run_length = 0;

    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        run_length = model[i] && i % BLOCKS_A_PAGE != 0 ? run_length + 1 : model[i];
        blocks += model[i];
        pages += run_length == BLOCKS_A_PAGE;
        runs += model[i] && !model[i + 1];
        REQUIRE_EQ(memory_map_contains(&map, paddr(i * MODEL_BLOCK_SIZE), MODEL_BLOCK_SIZE),
                   model[i]);
    }
    CHECK_EQ(map.count, runs);
    CHECK_EQ(memory_map_total_bytes(&map), blocks * MODEL_BLOCK_SIZE);
    CHECK_EQ(memory_map_usable_pages(&map), pages);
    CHECK(is_well_formed());
}

KTEST(memory_map, agrees_with_a_model_when_ranges_are_random)
{
    uint64_t state = 0x0ddc0ffee;

    memset(&map, 0, sizeof(map));
    memset(model, 0, sizeof(model));
    for (int step = 0; step < 600; step++) {
        size_t start = pseudo_random_below(&state, MODEL_BLOCKS);
        size_t count = pseudo_random_below(&state, MIN(12UL, MODEL_BLOCKS - start + 1));
        bool is_added = pseudo_random_below(&state, 2) == 0;

        if (is_added) {
            add(start * MODEL_BLOCK_SIZE, (start + count) * MODEL_BLOCK_SIZE);
        } else {
            subtract(start * MODEL_BLOCK_SIZE, (start + count) * MODEL_BLOCK_SIZE);
        }
        memset(&model[start], is_added, count);
        compare_with_model();
    }
}
