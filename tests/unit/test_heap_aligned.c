/* SPDX-License-Identifier: MIT */
/* Blocks at special addresses. */
#include "tests/large_memory.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

static void check_aligned(const void *block, size_t size, size_t alignment, size_t offset)
{
    CHECK(block != NULL);
    CHECK(IS_ALIGNED((uintptr_t)block, HEAP_ALIGNMENT));
    CHECK(IS_ALIGNED((uintptr_t)block + offset, alignment));
    if (block != NULL) {
        CHECK_GE(heap_usable_size(block), size);
    }
}

KTEST(heap, aligned_blocks_at_every_power_of_two)
{
    static void *blocks[22];
    size_t count = 0;

    heap_fixture_begin(LARGE_MEMORY_SIZE);
    for (size_t alignment = 1; alignment <= HEAP_ALIGNMENT_MAX; alignment *= 2, count++) {
        blocks[count] = heap_alloc_aligned(heap, 100, alignment, 0);
        REQUIRE(blocks[count] != NULL);
        check_aligned(blocks[count], 100, alignment, 0);
        pattern_write(blocks[count], 100, count);
    }
    heap_fixture_check();
    for (size_t i = 0; i < count; i++) {
        CHECK(pattern_is_whole(blocks[i], 100, i));
        heap_free(heap, blocks[i]);
    }
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap, aligned_blocks_from_every_start_with_every_offset)
{
    for (size_t before = 0; before < 160; before += 16) {
        for (size_t offset = 0; offset <= 128; offset += 16) {
            for (size_t alignment = 16; alignment <= 256; alignment *= 2) {
                heap_fixture_begin(8 * KIB);
                void *first = heap_alloc(heap, before);
                void *block = heap_alloc_aligned(heap, 50, alignment, offset);

                check_aligned(block, 50, alignment, offset);
                heap_fixture_check();
                heap_free(heap, first);
                heap_free(heap, block);
                heap_trim(heap);
                CHECK_EQ(heap_statistics(heap).largest_free_bytes, PAGE_SIZE - HEAP_OVERHEAD);
            }
        }
    }
}

KTEST(heap, aligned_block_is_cut_out_of_a_free_one)
{
    heap_fixture_begin(64 * KIB);
    void *block = heap_alloc(heap, 10000);
    void *guard = heap_alloc(heap, 1);

    heap_free(heap, block);
    void *aligned = heap_alloc_aligned(heap, 1500, 4096, 0);

    check_aligned(aligned, 1500, 4096, 0);
    CHECK(aligned > block && aligned < guard);
    heap_fixture_check();
    heap_free(heap, aligned);
    CHECK_EQ(heap_alloc(heap, 10000), block); /* both gaps have merged with it again */
    heap_fixture_check();
}

KTEST(heap, aligned_block_of_a_free_one_that_is_aligned_already_leaves_no_gap)
{
    heap_fixture_begin(64 * KIB);
    void *block = heap_alloc_aligned(heap, 10000, 256, 0);
    void *guard = heap_alloc(heap, 1);

    heap_free(heap, block);
    CHECK_EQ(heap_alloc_aligned(heap, 1000, 256, 0), block);
    heap_fixture_check();
    heap_free(heap, guard);
}

KTEST(heap, gap_before_an_aligned_block_is_used)
{
    heap_fixture_begin(64 * KIB);
    void *first = heap_alloc(heap, 1);
    void *aligned = heap_alloc_aligned(heap, 4096, 4096, 0);
    void *in_gap = heap_alloc(heap, 3000);

    CHECK(first < in_gap && in_gap < aligned);
    heap_fixture_check();
}

KTEST(heap, aligned_block_takes_the_only_place_there_is)
{
    heap_fixture_begin(16 * KIB);
    /* An aligned block among others, in a window that is full. */
    void *aligned = heap_alloc_aligned(heap, 4096, 4096, 0);

    REQUIRE(aligned != NULL);
    while (heap_alloc(heap, 8) != NULL) {
    }
    CHECK_EQ(heap_alloc_aligned(heap, 4096, 4096, 0), NULL);
    heap_free(heap, aligned);
    /* No block is ample for any start, but this one has the right start. */
    CHECK_EQ(heap_alloc_aligned(heap, 4096, 4096, 0), aligned);
    heap_free(heap, aligned);
    CHECK_EQ(heap_alloc_aligned(heap, 2048, 2048, 0), aligned);
    void *second = heap_alloc_aligned(heap, 1024, 1024, 0);

    CHECK_EQ((uintptr_t)second - (uintptr_t)aligned, 3072);
    heap_fixture_check();
}

KTEST(heap, aligned_block_is_found_after_quick_blocks_are_merged)
{
    static void *blocks[200];
    size_t count = 0;

    heap_fixture_begin(16 * KIB);
    while ((blocks[count] = heap_alloc(heap, 100)) != NULL) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        heap_free(heap, blocks[i]);
    }
    check_aligned(heap_alloc_aligned(heap, 4000, 4096, 0), 4000, 4096, 0);
    heap_fixture_check();
}

KTEST(heap, aligned_block_grows_the_window_by_no_more_than_it_needs)
{
    heap_fixture_begin(LARGE_MEMORY_SIZE);
    heap_fixture.grant_max = 2 * MIB;
    void *block = heap_alloc_aligned(heap, PAGE_SIZE, HEAP_ALIGNMENT_MAX, 0);

    check_aligned(block, PAGE_SIZE, HEAP_ALIGNMENT_MAX, 0);
    CHECK_LE(heap_statistics(heap).window_bytes,
             (uintptr_t)block + PAGE_SIZE - heap_fixture.base + 64 * KIB);
    heap_fixture_check();
}

KTEST(heap, aligned_block_is_cut_out_of_a_free_one_that_is_just_large_enough)
{
    heap_fixture_begin(64 * KIB);
    /* The worst start: 16 bytes before a multiple, too few for a free block, so the next but one.
     */
    void *before = heap_alloc_aligned(heap, 2000, 2048, 2016 + 16);
    void *block = heap_alloc(heap, heap_fixture_block_size(2000) + 2048 + 16 - 8);
    void *guard = heap_alloc(heap, 1);

    REQUIRE(guard != NULL);
    CHECK(IS_ALIGNED((uintptr_t)block + 16, 2048));
    heap_free(heap, block);
    void *aligned = heap_alloc_aligned(heap, 2000, 2048, 0);

    CHECK(aligned > block && aligned < guard);
    heap_fixture_check();
    heap_free(heap, before);
}

KTEST(heap, aligned_block_that_takes_the_rest_of_the_top_does_not_grow_the_window)
{
    heap_fixture_begin(64 * KIB);
    size_t calls = heap_fixture.grow_calls;

    CHECK(heap_alloc_aligned(heap, PAGE_SIZE - 2048 - 8, 2048, 0) != NULL);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    CHECK_EQ(heap_fixture.grow_calls, calls);
    heap_fixture_check();
}

KTEST(heap, alignment_that_all_blocks_have_is_no_reason_to_be_slow)
{
    heap_fixture_begin(64 * KIB);
    void *block = heap_alloc(heap, 100);
    void *guard = heap_alloc(heap, 100);

    heap_free(heap, block);
    CHECK_EQ(heap_alloc_aligned(heap, 100, HEAP_ALIGNMENT, 0), block);
    heap_free(heap, guard);
}

KTEST(heap, aligned_realloc_keeps_contents)
{
    heap_fixture_begin(64 * KIB);
    void *block = heap_alloc_aligned(heap, 500, 1024, 0);
    void *guard = heap_alloc(heap, 1);

    pattern_write(block, 500, 9);
    CHECK_EQ(heap_realloc(heap, block, 200), block);
    CHECK(pattern_is_whole(block, 200, 9));
    heap_fixture_check();
    block = heap_realloc(heap, block, 2000);
    CHECK(pattern_is_whole(block, 200, 9));
    heap_free(heap, guard);
    heap_fixture_check();
}
