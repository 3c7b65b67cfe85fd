/* SPDX-License-Identifier: MIT */
/* Quick lists: what they hold, what they refuse, and how they let go. */
#include "mm/heap_quick.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

#define QUICK_UNITS_MAX (HEAP_QUICK_BYTES_MAX / 16)

static void *blocks[4000];

static void alloc_many(size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        blocks[i] = heap_alloc(heap, size);
        REQUIRE(blocks[i] != NULL);
    }
}

static void free_many(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        heap_free(heap, blocks[i]);
    }
}

/* Blocks in the quick list of one payload size. */
static size_t quick_length(size_t size)
{
    size_t length = 0;

    for (struct heap_links *links = heap->quick[heap_fixture_block_size(size) / 16]; links != NULL;
         links = links->next) {
        length++;
    }
    return length;
}

KTEST(heap, quick_lists_are_bounded_in_bytes)
{
    heap_fixture_begin(512 * KIB);
    alloc_many(2000, 100);
    for (size_t i = 0; i < 2000; i++) {
        heap_free(heap, blocks[i]);
        REQUIRE(heap_statistics(heap).quick_bytes <= HEAP_QUICK_BYTES_MAX);
    }
    CHECK_GT(heap_statistics(heap).quick_bytes, HEAP_QUICK_BYTES_MAX - 2 * 1040);
    heap_fixture_check();
}

KTEST(heap, quick_lists_take_blocks_until_they_are_full_to_the_byte)
{
    const size_t each = heap_fixture_block_size(120);

    heap_fixture_begin(512 * KIB);
    alloc_many(HEAP_QUICK_BYTES_MAX / each, 120);
    CHECK_EQ(HEAP_QUICK_BYTES_MAX % each, 0);
    free_many(HEAP_QUICK_BYTES_MAX / each);
    CHECK_EQ(heap_statistics(heap).quick_bytes, HEAP_QUICK_BYTES_MAX);
    heap_fixture_check();
}

KTEST(heap, quick_blocks_of_a_size_nobody_uses_any_more_are_let_go)
{
    const size_t count = HEAP_QUICK_BYTES_MAX / heap_fixture_block_size(120);

    heap_fixture_begin(MIB);
    alloc_many(count, 120);
    free_many(count);
    CHECK_EQ(quick_length(120), count);
    for (unsigned round = 0; round < 40; round++) {
        alloc_many(1000, 500);
        free_many(1000);
    }
    CHECK_LT(quick_length(120), count / 2);
    CHECK_GT(quick_length(500), 0);
    heap_fixture_check();
}

KTEST(heap, ageing_merges_one_block_of_each_list_in_turn)
{
    heap_fixture_begin(256 * KIB);
    for (size_t size = 24; size <= HEAP_QUICK_PAYLOAD_MAX; size += 16) {
        void *block = heap_alloc(heap, size);
        void *other = heap_alloc(heap, size);

        heap_free(heap, block);
        heap_free(heap, other);
        for (size_t turn = 0; turn < HEAP_QUICK_LISTS - HEAP_QUICK_FIRST; turn++) {
            heap_quick_age(heap);
        }
        CHECK_EQ(quick_length(size), 1);
        for (size_t turn = 0; turn < HEAP_QUICK_LISTS - HEAP_QUICK_FIRST; turn++) {
            heap_quick_age(heap);
        }
        CHECK_EQ(quick_length(size), 0);
    }
    heap_fixture_check();
}

KTEST(heap, freeing_large_blocks_leaves_quick_lists_alone)
{
    heap_fixture_begin(MIB);
    for (size_t i = 0; i < 40; i++) {
        blocks[i] = heap_alloc(heap, 24 * (i + 1));
    }
    for (size_t i = 40; i < 140; i++) {
        blocks[i] = heap_alloc(heap, HEAP_QUICK_PAYLOAD_MAX + 1);
    }
    for (size_t i = 0; i < 140; i++) {
        heap_free(heap, blocks[i]);
    }
    CHECK_EQ(heap_statistics(heap).quick_blocks, 40);
    heap_fixture_check();
}

KTEST(heap, largest_quick_size_is_kept_and_the_next_is_merged)
{
    heap_fixture_begin(64 * KIB);
    blocks[0] = heap_alloc(heap, HEAP_QUICK_PAYLOAD_MAX);
    blocks[1] = heap_alloc(heap, heap_usable_size(blocks[0]) + 1);
    heap_free(heap, blocks[0]);
    CHECK_EQ(quick_length(HEAP_QUICK_PAYLOAD_MAX), 1);
    heap_free(heap, blocks[1]);
    CHECK_EQ(heap_statistics(heap).quick_blocks, 1);
    CHECK_EQ(heap_alloc(heap, HEAP_QUICK_PAYLOAD_MAX), blocks[0]);
    heap_fixture_check();
}

KTEST(heap, quick_block_keeps_what_its_tag_says_of_its_neighbour)
{
    heap_fixture_begin(64 * KIB);
    void *first = heap_alloc(heap, 2000);
    void *second = heap_alloc(heap, 64);
    void *guard = heap_alloc(heap, 64);

    heap_free(heap, second); /* waits, and then its neighbour becomes free */
    heap_free(heap, first);
    heap_fixture_check();
    CHECK_EQ(heap_alloc(heap, 64), second);
    heap_fixture_check();
    heap_free(heap, second); /* now the other way round: free before, then taken */
    CHECK_EQ(heap_alloc(heap, 2000), first);
    heap_fixture_check();
    heap_free(heap, first);
    heap_trim(heap);
    heap_free(heap, guard);
    heap_fixture_check();
}

KTEST(heap, trim_merges_quick_blocks)
{
    heap_fixture_begin(64 * KIB);
    alloc_many(100, 100);
    void *last = heap_alloc(heap, 100);

    free_many(100);
    CHECK_EQ(heap_statistics(heap).quick_blocks, 100);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).quick_blocks, 0);
    CHECK_EQ(heap_statistics(heap).largest_free_bytes, 100 * heap_fixture_block_size(100));
    heap_fixture_check();
    heap_free(heap, last);
}

KTEST(heap, quick_blocks_are_merged_before_null_is_answered)
{
    heap_fixture_begin(64 * KIB);
    const size_t count = (64 * KIB - HEAP_OVERHEAD) / heap_fixture_block_size(56);

    alloc_many(count, 56);
    CHECK_EQ(heap_alloc(heap, 56), NULL);
    for (size_t i = 0; i < 300; i++) {
        heap_free(heap, blocks[i]);
    }
    CHECK_EQ(heap_statistics(heap).quick_blocks, 300);
    CHECK_EQ(heap_alloc(heap, 300 * heap_fixture_block_size(56) - 8), blocks[0]);
    CHECK_EQ(heap_statistics(heap).quick_blocks, 0);
    heap_fixture_check();
}
