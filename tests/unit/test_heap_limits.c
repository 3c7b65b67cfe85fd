/* SPDX-License-Identifier: MIT */
/* The heap when there is no room, when sizes are absurd, and its statistics all along. */
#include "lib/string.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

static void *blocks[200];

KTEST(heap, exhaustion_answers_null_and_all_works_on)
{
    heap_fixture_begin(64 * KIB);
    size_t count = 0;

    while (count < ARRAY_SIZE(blocks) && (blocks[count] = heap_alloc(heap, 500)) != NULL) {
        count++;
    }
    CHECK_GT(count, 100);
    for (size_t i = 0; i < count; i++) {
        pattern_write(blocks[i], 500, i);
    }
    for (unsigned attempt = 0; attempt < 3; attempt++) {
        CHECK_EQ(heap_alloc(heap, 500), NULL);
        CHECK_EQ(heap_alloc(heap, 5000), NULL);
    }
    heap_fixture_check();
    for (size_t i = 0; i < count; i++) {
        CHECK(pattern_is_whole(blocks[i], 500, i));
    }
    /* One block given back is one that can be had, and two neighbours are a larger one. */
    heap_free(heap, blocks[count / 2]);
    CHECK_EQ(heap_alloc(heap, 5000), NULL);
    CHECK_EQ(heap_alloc(heap, 500), blocks[count / 2]);
    CHECK_EQ(heap_alloc(heap, 500), NULL);
    heap_free(heap, blocks[0]);
    heap_free(heap, blocks[1]);
    CHECK_EQ(heap_alloc(heap, 1000), blocks[0]);
    blocks[1] = NULL;
    for (size_t i = 0; i < count; i++) {
        heap_free(heap, blocks[i]);
    }
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap, absurd_sizes_answer_null)
{
    static const size_t sizes[] = {SIZE_MAX,         SIZE_MAX - 7,         SIZE_MAX - 8,
                                   SIZE_MAX - 22,    SIZE_MAX - 23,        SIZE_MAX - PAGE_SIZE,
                                   SIZE_MAX / 2,     SIZE_MAX / 2 + 1,     HEAP_PAYLOAD_MAX + 1,
                                   HEAP_PAYLOAD_MAX, HEAP_PAYLOAD_MAX - 8, 1UL << 32,
                                   64 * KIB + 1};

    heap_fixture_begin(64 * KIB);
    void *block = heap_alloc(heap, 100);

    pattern_write(block, 100, 1);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        CHECK_EQ(heap_alloc(heap, sizes[i]), NULL);
        CHECK_EQ(heap_alloc_zeroed(heap, sizes[i]), NULL);
        CHECK_EQ(heap_alloc_aligned(heap, sizes[i], 64, 0), NULL);
        CHECK_EQ(heap_realloc(heap, NULL, sizes[i]), NULL);
        CHECK_EQ(heap_realloc(heap, block, sizes[i]), NULL);
    }
    CHECK(pattern_is_whole(block, 100, 1));
    CHECK_EQ(heap_statistics(heap).live_blocks, 1);
    heap_fixture_check();
}

KTEST(heap, largest_payload_is_the_whole_window)
{
    heap_fixture_begin(64 * KIB);
    CHECK_EQ(heap_alloc(heap, 64 * KIB - HEAP_OVERHEAD - 8 + 1), NULL);
    void *block = heap_alloc(heap, 64 * KIB - HEAP_OVERHEAD - 8);

    REQUIRE(block != NULL);
    memset(block, 0x11, 64 * KIB - HEAP_OVERHEAD - 8);
    CHECK_EQ(heap_statistics(heap).free_bytes, 0);
    CHECK_EQ(heap_alloc(heap, 0), NULL);
    heap_fixture_check();
    heap_free(heap, block);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap, statistics_are_exact)
{
    static const uint16_t sizes[] = {5000, 1033, 1032, 1000, 41, 40, 25, 24, 1, 0};
    size_t live = 0;
    size_t quick = 0;
    struct heap_statistics now;

    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        blocks[i] = heap_alloc(heap, sizes[i]);
        live += heap_fixture_block_size(sizes[i]);
        now = heap_statistics(heap);
        CHECK_EQ(now.live_blocks, i + 1);
        CHECK_EQ(now.live_bytes, live);
        CHECK_EQ(now.peak_bytes, live);
        CHECK_EQ(now.window_bytes, 64 * KIB);
        CHECK_EQ(now.free_bytes, 64 * KIB - HEAP_OVERHEAD - live);
        CHECK_EQ(now.largest_free_bytes, now.free_bytes);
        CHECK_EQ(now.quick_blocks, 0);
    }
    for (size_t i = 2; i < ARRAY_SIZE(sizes); i++) { /* up to 1032 they go to quick lists */
        heap_free(heap, blocks[i]);
        quick += heap_fixture_block_size(sizes[i]);
        now = heap_statistics(heap);
        CHECK_EQ(now.live_blocks, ARRAY_SIZE(sizes) + 1 - i);
        CHECK_EQ(now.live_bytes, live - quick);
        CHECK_EQ(now.peak_bytes, live);
        CHECK_EQ(now.quick_blocks, i - 1);
        CHECK_EQ(now.quick_bytes, quick);
        CHECK_EQ(now.free_bytes, 64 * KIB - HEAP_OVERHEAD - live);
    }
    heap_free(heap, blocks[1]); /* one of 1033 does not */
    now = heap_statistics(heap);
    CHECK_EQ(now.live_blocks, 1);
    CHECK_EQ(now.live_bytes, heap_fixture_block_size(5000));
    CHECK_EQ(now.free_bytes, 64 * KIB - HEAP_OVERHEAD - live + heap_fixture_block_size(1033));
    CHECK_EQ(now.largest_free_bytes, 64 * KIB - HEAP_OVERHEAD - live);
    heap_fixture_check();
}

KTEST(heap, peak_stays_and_rises_only_above_itself)
{
    heap_fixture_begin(64 * KIB);
    void *large = heap_alloc(heap, 8000);
    size_t peak = heap_fixture_block_size(8000);

    heap_free(heap, large);
    CHECK_EQ(heap_statistics(heap).peak_bytes, peak);
    blocks[0] = heap_alloc(heap, 100);
    heap_free(heap, blocks[0]);
    blocks[0] = heap_alloc(heap, 100);
    CHECK_EQ(heap_statistics(heap).peak_bytes, peak);
    blocks[1] = heap_alloc(heap, 8000);
    CHECK_EQ(heap_statistics(heap).peak_bytes, peak + heap_fixture_block_size(100));
    heap_free(heap, blocks[0]);
    heap_free(heap, blocks[1]);
    heap_fixture_check();
}
