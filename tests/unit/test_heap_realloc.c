/* SPDX-License-Identifier: MIT */
/* Changing a block's size: in place forward, in place backward, by moving, and not at all. */
#include "lib/string.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

/* First, middle and last of three neighbours of 2000 bytes, and what is behind them. */
static void *first, *middle, *last, *guard;

static void make_row(size_t window_size)
{
    heap_fixture_begin(window_size);
    first = heap_alloc(heap, 2000);
    middle = heap_alloc(heap, 2000);
    last = heap_alloc(heap, 2000);
    guard = heap_alloc(heap, 2000);
    REQUIRE(guard != NULL);
    pattern_write(first, 2000, 1);
    pattern_write(middle, 2000, 2);
    pattern_write(last, 2000, 3);
    pattern_write(guard, 2000, 4);
}

static const size_t row_block = 2016;

KTEST(heap, realloc_of_null_allocates)
{
    heap_fixture_begin(64 * KIB);
    void *block = heap_realloc(heap, NULL, 100);

    REQUIRE(block != NULL);
    CHECK_EQ(heap_usable_size(block), heap_fixture_block_size(100) - 8);
    heap_free(heap, block);
    CHECK_EQ(heap_realloc(heap, NULL, 100), block); /* from the quick list, as any other */
    heap_fixture_check();
}

KTEST(heap, realloc_grows_in_place_when_the_next_block_is_free)
{
    make_row(64 * KIB);
    heap_free(heap, last);
    CHECK_EQ(heap_realloc(heap, middle, 3000), middle);
    CHECK_EQ(heap_usable_size(middle), heap_fixture_block_size(3000) - 8);
    CHECK(pattern_is_whole(middle, 2000, 2));
    CHECK_EQ(heap_statistics(heap).live_blocks, 3);
    CHECK_EQ(heap_statistics(heap).live_bytes, 2 * row_block + heap_fixture_block_size(3000));
    CHECK_EQ(heap_statistics(heap).peak_bytes, 4 * row_block);
    heap_fixture_check();
    CHECK_EQ(heap_realloc(heap, middle, 2 * row_block - 8), middle); /* the rest of it */
    CHECK_EQ(heap_statistics(heap).live_bytes, 4 * row_block);
    heap_fixture_check();
    CHECK(pattern_is_whole(first, 2000, 1));
    CHECK(pattern_is_whole(guard, 2000, 4));
}

KTEST(heap, realloc_takes_all_of_the_next_block_when_the_rest_would_be_too_small)
{
    make_row(64 * KIB);
    heap_free(heap, last);
    CHECK_EQ(heap_realloc(heap, middle, 2 * row_block - 8 - 16), middle);
    CHECK_EQ(heap_usable_size(middle), 2 * row_block - 8);
    CHECK_EQ(heap_statistics(heap).live_bytes, 4 * row_block);
    heap_fixture_check();
}

KTEST(heap, realloc_in_place_raises_the_peak)
{
    make_row(64 * KIB);
    CHECK_EQ(heap_realloc(heap, guard, 4000), guard);
    CHECK_EQ(heap_statistics(heap).peak_bytes, 3 * row_block + heap_fixture_block_size(4000));
    heap_fixture_check();
    heap_free(heap, last);
    CHECK_EQ(heap_realloc(heap, middle, 4000), middle);
    heap_fixture_check();
}

KTEST(heap, realloc_keeps_the_tag_of_a_free_block_before)
{
    make_row(64 * KIB);
    heap_free(heap, first);
    heap_free(heap, last);
    CHECK_EQ(heap_realloc(heap, middle, 3000), middle);
    heap_fixture_check();
    CHECK_EQ(heap_realloc(heap, middle, 1000), middle);
    heap_fixture_check();
    heap_free(heap, middle);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).largest_free_bytes, 3 * row_block);
    heap_fixture_check();
    /* The same with the top behind. */
    CHECK_EQ(heap_realloc(heap, guard, 9000), guard);
    heap_fixture_check();
    CHECK(pattern_is_whole(guard, 2000, 4));
}

KTEST(heap, realloc_moves_when_the_next_block_is_in_use)
{
    make_row(64 * KIB);
    uint8_t *moved = heap_realloc(heap, middle, 3000);

    REQUIRE(moved != NULL);
    CHECK_NE((void *)moved, middle);
    CHECK(pattern_is_whole(moved, 2000, 2));
    CHECK_EQ(heap_statistics(heap).live_blocks, 4);
    CHECK_EQ(heap_statistics(heap).live_bytes, 3 * row_block + heap_fixture_block_size(3000));
    CHECK_EQ(heap_alloc(heap, 2000), middle); /* was given back */
    heap_fixture_check();
}

KTEST(heap, realloc_moves_when_the_next_block_is_free_but_too_small)
{
    make_row(64 * KIB);
    heap_free(heap, last);
    void *moved = heap_realloc(heap, middle, 2 * row_block - 7);

    CHECK(moved != NULL && moved != middle);
    CHECK(pattern_is_whole(moved, 2000, 2));
    heap_fixture_check();
}

KTEST(heap, realloc_moves_all_that_the_block_could_hold)
{
    heap_fixture_begin(64 * KIB);
    uint8_t *block = heap_alloc(heap, 1);
    size_t usable = heap_usable_size(block);
    void *next = heap_alloc(heap, 1);

    pattern_write(block, usable, 7);
    block = heap_realloc(heap, block, 500);
    CHECK(pattern_is_whole(block, usable, 7));
    heap_free(heap, next);
    heap_fixture_check();
}

KTEST(heap, realloc_shrinks_in_place_and_gives_the_tail_back)
{
    make_row(64 * KIB);
    CHECK_EQ(heap_realloc(heap, middle, 1000), middle);
    CHECK_EQ(heap_usable_size(middle), heap_fixture_block_size(1000) - 8);
    CHECK(pattern_is_whole(middle, 1000 - 1000 % 8, 2));
    CHECK_EQ(heap_statistics(heap).live_bytes, 3 * row_block + heap_fixture_block_size(1000));
    CHECK_EQ(heap_statistics(heap).live_blocks, 4);
    heap_fixture_check();
    size_t tail = row_block - heap_fixture_block_size(1000);

    CHECK_EQ(heap_alloc(heap, tail - 8),
             (void *)((uintptr_t)middle + heap_fixture_block_size(1000)));
    heap_fixture_check();
}

KTEST(heap, realloc_merges_the_tail_with_a_free_block_behind)
{
    make_row(64 * KIB);
    heap_free(heap, last);
    CHECK_EQ(heap_realloc(heap, middle, 1000), middle);
    heap_fixture_check();
    CHECK_EQ(heap_alloc(heap, 2 * row_block - heap_fixture_block_size(1000) - 8),
             (void *)((uintptr_t)middle + heap_fixture_block_size(1000)));
    heap_fixture_check();
    size_t top = heap_statistics(heap).largest_free_bytes;

    CHECK_EQ(heap_realloc(heap, guard, 8), guard); /* behind it is the top */
    CHECK_EQ(heap_statistics(heap).largest_free_bytes, top + row_block - 32);
    heap_fixture_check();
}

KTEST(heap, realloc_leaves_a_tail_too_small_for_a_block)
{
    make_row(64 * KIB);
    CHECK_EQ(heap_realloc(heap, middle, row_block - 8 - 31), middle);
    CHECK_EQ(heap_usable_size(middle), row_block - 8);
    CHECK_EQ(heap_realloc(heap, middle, row_block - 8 - 32), middle);
    CHECK_EQ(heap_usable_size(middle), row_block - 8 - 32);
    heap_fixture_check();
}

KTEST(heap, realloc_to_0_leaves_the_smallest_block)
{
    make_row(64 * KIB);
    CHECK_EQ(heap_realloc(heap, middle, 0), middle);
    CHECK_EQ(heap_usable_size(middle), 24);
    CHECK_EQ(heap_statistics(heap).live_blocks, 4);
    CHECK_EQ(heap_realloc(heap, guard, 0), guard);
    heap_fixture_check();
}

KTEST(heap, realloc_to_the_same_size_changes_nothing)
{
    make_row(64 * KIB);
    struct heap_statistics before = heap_statistics(heap);

    CHECK_EQ(heap_realloc(heap, middle, 2000), middle);
    CHECK_EQ(heap_realloc(heap, middle, 2008), middle);
    CHECK_EQ(heap_realloc(heap, guard, 2000), guard);
    struct heap_statistics after = heap_statistics(heap);

    CHECK_MEM_EQ(&after, &before, sizeof(before));
    heap_fixture_check();
}

KTEST(heap, realloc_of_the_last_block_grows_the_window)
{
    heap_fixture_begin(MIB);
    void *block = heap_alloc(heap, 1000);

    for (size_t size = 1000; size < 900 * KIB; size = size * 3 / 2) {
        size_t had = MIN(size * 2 / 3, size);

        pattern_write(block, had / 8 * 8, size);
        REQUIRE_EQ(heap_realloc(heap, block, size), block);
        CHECK(pattern_is_whole(block, had / 8 * 8, size));
    }
    CHECK_GT(heap_fixture.grow_calls, 3);
    CHECK_EQ(heap_realloc(heap, block, MIB - HEAP_OVERHEAD - 8), block);
    CHECK_EQ(heap_realloc(heap, block, MIB - HEAP_OVERHEAD - 7), NULL);
    heap_fixture_check();
}

KTEST(heap, growing_vector_stays_where_it_is)
{
    heap_fixture_begin(64 * KIB);
    size_t capacity = 4;
    uint64_t *vector = heap_alloc(heap, capacity * sizeof(*vector));
    uint64_t *start = vector;
    uint64_t sum = 0;

    for (uint64_t i = 0; i < 1000; i++) {
        if (i == capacity) {
            capacity *= 2;
            vector = heap_realloc(heap, vector, capacity * sizeof(*vector));
            REQUIRE(vector != NULL);
        }
        vector[i] = i;
    }
    for (uint64_t i = 0; i < 1000; i++) {
        sum += vector[i];
    }
    CHECK_EQ(sum, 999 * 1000 / 2);
    CHECK_EQ(vector, start);
    heap_free(heap, vector);
    heap_fixture_check();
}

KTEST(heap, two_growing_vectors_side_by_side)
{
    heap_fixture_begin(256 * KIB);
    uint64_t *vectors[2] = {NULL, NULL};

    for (uint64_t i = 0; i < 4000; i++) {
        for (size_t v = 0; v < 2; v++) {
            if ((i & (i - 1)) == 0) {
                vectors[v] = heap_realloc(heap, vectors[v], MAX(2 * i, 1UL) * sizeof(uint64_t));
                REQUIRE(vectors[v] != NULL);
            }
            vectors[v][i] = i * (v + 1);
        }
    }
    for (uint64_t i = 0; i < 4000; i++) {
        REQUIRE(vectors[0][i] == i && vectors[1][i] == 2 * i);
    }
    heap_fixture_check();
}

KTEST(heap, realloc_answers_null_and_keeps_the_block_when_there_is_no_room)
{
    make_row(12 * KIB);
    struct heap_statistics before = heap_statistics(heap);

    CHECK_EQ(heap_realloc(heap, middle, 6000), NULL);
    CHECK(pattern_is_whole(middle, 2000, 2));
    CHECK_EQ(heap_statistics(heap).live_blocks, before.live_blocks);
    CHECK_EQ(heap_statistics(heap).live_bytes, before.live_bytes);
    heap_fixture_check();
}

KTEST(heap, realloc_finds_room_behind_that_merging_made)
{
    heap_fixture_begin(12 * KIB);
    void *block = heap_alloc(heap, 1000);
    void *quick[4];

    for (size_t i = 0; i < ARRAY_SIZE(quick); i++) {
        quick[i] = heap_alloc(heap, 1000);
    }
    void *rest = heap_alloc(heap, heap_statistics(heap).largest_free_bytes - 8);

    REQUIRE(rest != NULL && heap_statistics(heap).free_bytes == 0);
    pattern_write(block, 1000, 5);
    for (size_t i = 0; i < ARRAY_SIZE(quick); i++) {
        heap_free(heap, quick[i]);
    }
    /* More than the four together: only with the block itself is there room. */
    CHECK_EQ(heap_realloc(heap, block, 4500), block);
    CHECK(pattern_is_whole(block, 1000, 5));
    heap_fixture_check();
}
