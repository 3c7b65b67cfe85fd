/* SPDX-License-Identifier: MIT */
/* The heap as its users see it: boxes, reuse, merging. */
#include "lib/string.h"
#include "tests/unit/heap_fixture.h"
#include "tests/unit/pseudo_random.h"

#define heap (&heap_fixture.heap)

static void *blocks[20000];

/* Allocate blocks of one size until there is no more room; how many there were. */
static size_t fill_with(size_t size)
{
    size_t count = 0;

    while (count < ARRAY_SIZE(blocks) && (blocks[count] = heap_alloc(heap, size)) != NULL) {
        count++;
    }
    return count;
}

static void free_all(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        heap_free(heap, blocks[i]);
    }
}

/* After everything was freed and merged there is one free block: the page that always stays. */
static void check_empty_after_trim(void)
{
    struct heap_statistics now;

    heap_trim(heap);
    now = heap_statistics(heap);
    CHECK_EQ(now.live_blocks, 0);
    CHECK_EQ(now.live_bytes, 0);
    CHECK_EQ(now.quick_blocks, 0);
    CHECK_EQ(now.quick_bytes, 0);
    CHECK_EQ(now.window_bytes, PAGE_SIZE);
    CHECK_EQ(now.free_bytes, PAGE_SIZE - HEAP_OVERHEAD);
    CHECK_EQ(now.largest_free_bytes, PAGE_SIZE - HEAP_OVERHEAD);
    heap_fixture_check();
}

KTEST(heap, simple_boxes_keep_their_values)
{
    heap_fixture_begin(64 * KIB);
    uint64_t *first = heap_alloc(heap, sizeof(*first));
    uint64_t *second = heap_alloc(heap, sizeof(*second));

    CHECK_NE(first, second);
    *first = 41;
    *second = 13;
    CHECK_EQ(*first, 41);
    CHECK_EQ(*second, 13);
    heap_free(heap, first);
    heap_free(heap, second);
    heap_fixture_check();
}

KTEST(heap, payloads_of_every_size_are_aligned_and_apart)
{
    size_t count = 0;

    heap_fixture_begin(1536 * KIB);
    for (size_t size = 0; size < 1200; size++, count++) {
        blocks[count] = heap_alloc(heap, size);
        REQUIRE(blocks[count] != NULL);
        CHECK(IS_ALIGNED((uintptr_t)blocks[count], HEAP_ALIGNMENT));
        CHECK_EQ(heap_usable_size(blocks[count]), heap_fixture_block_size(size) - 8);
        pattern_write(blocks[count], heap_usable_size(blocks[count]), size);
    }
    heap_fixture_check();
    for (size_t size = 0; size < count; size++) {
        CHECK(pattern_is_whole(blocks[size], heap_usable_size(blocks[size]), size));
    }
    free_all(count);
    check_empty_after_trim();
}

KTEST(heap, size_0_gives_a_block_of_its_own)
{
    heap_fixture_begin(64 * KIB);
    void *first = heap_alloc(heap, 0);
    void *second = heap_alloc(heap, 0);

    REQUIRE(first != NULL && second != NULL);
    CHECK_NE(first, second);
    CHECK_EQ(heap_statistics(heap).live_blocks, 2);
    heap_free(heap, first);
    heap_free(heap, second);
    heap_free(heap, NULL);
    CHECK_EQ(heap_statistics(heap).live_blocks, 0);
    heap_fixture_check();
}

/* Leave ones in the memory of the next block of this size. */
static void soil(size_t size)
{
    void *used = heap_alloc(heap, size);

    if (used != NULL) {
        memset(used, 0xff, size);
    }
    heap_free(heap, used);
}

KTEST(heap, zeroed_block_is_zero_when_its_memory_was_used)
{
    static const uint8_t zeros[3000];

    heap_fixture_begin(64 * KIB);
    for (size_t size = 0; size <= sizeof(zeros); size += 50) {
        soil(size);
        void *zeroed = heap_alloc_zeroed(heap, size);

        REQUIRE(zeroed != NULL);
        CHECK_MEM_EQ(zeroed, zeros, size);
        heap_free(heap, zeroed);
    }
    CHECK_EQ(heap_alloc_zeroed(heap, 65 * KIB), NULL);
    heap_fixture_check();
}

KTEST(heap, many_boxes_go_through_a_small_heap)
{
    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < 64 * KIB; i++) {
        size_t *box = heap_alloc(heap, sizeof(*box));

        REQUIRE(box != NULL);
        *box = i;
        REQUIRE_EQ(*box, i);
        heap_free(heap, box);
    }
    check_empty_after_trim();
}

KTEST(heap, many_boxes_beside_a_long_lived_one)
{
    heap_fixture_begin(64 * KIB);
    uint32_t *long_lived = heap_alloc(heap, sizeof(*long_lived));

    REQUIRE(long_lived != NULL);
    *long_lived = 0xfeedbeef;
    for (size_t size = 1; size < 3000; size += 3) {
        void *first = heap_alloc(heap, size);
        void *second = heap_alloc(heap, 2 * size);

        REQUIRE(first != NULL);
        memset(first, 0xaa, size);
        REQUIRE(second != NULL);
        memset(second, 0x55, 2 * size);
        heap_free(heap, first);
        heap_free(heap, second);
    }
    CHECK_EQ(*long_lived, 0xfeedbeef);
    heap_fixture_check();
    heap_free(heap, long_lived);
    check_empty_after_trim();
}

KTEST(heap, whole_heap_holds_as_many_boxes_each_time)
{
    heap_fixture_begin(64 * KIB);
    /* Each takes 32 bytes; the window gives all but its overhead. */
    const size_t capacity = (64 * KIB - HEAP_OVERHEAD) / 32;

    for (unsigned round = 0; round < 3; round++) {
        REQUIRE_EQ(fill_with(sizeof(uint64_t)), capacity);
        CHECK_EQ(heap_statistics(heap).largest_free_bytes, (64 * KIB - HEAP_OVERHEAD) % 32);
        heap_fixture_check();
        free_all(capacity);
        heap_fixture_check();
    }
    check_empty_after_trim();
}

KTEST(heap, freed_block_is_the_next_of_its_size)
{
    heap_fixture_begin(64 * KIB);
    for (size_t size = 1; size <= HEAP_QUICK_PAYLOAD_MAX; size += 31) {
        void *block = heap_alloc(heap, size);
        void *other = heap_alloc(heap, size);

        heap_free(heap, block);
        CHECK_EQ(heap_alloc(heap, size), block);
        heap_free(heap, other);
        heap_free(heap, block);
    }
    heap_fixture_check();
}

/* Four large blocks side by side; the last keeps the third from the top. */
static void make_row(size_t size)
{
    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < 4; i++) {
        blocks[i] = heap_alloc(heap, size);
        REQUIRE(blocks[i] != NULL);
    }
    for (size_t i = 0; i < 3; i++) {
        REQUIRE_EQ((uintptr_t)blocks[i + 1] - (uintptr_t)blocks[i], heap_fixture_block_size(size));
    }
}

KTEST(heap, free_merges_with_both_neighbours_in_every_order)
{
    static const uint8_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (size_t order = 0; order < ARRAY_SIZE(orders); order++) {
        make_row(2000);
        for (size_t i = 0; i < 3; i++) {
            heap_free(heap, blocks[orders[order][i]]);
            heap_fixture_check();
        }
        /* Only all three together have room for this. */
        CHECK_EQ(heap_alloc(heap, 3 * heap_fixture_block_size(2000) - 8), blocks[0]);
        heap_fixture_check();
    }
}

KTEST(heap, free_merges_with_the_top)
{
    make_row(2000);
    size_t free_bytes = heap_statistics(heap).free_bytes;

    heap_free(heap, blocks[2]);
    heap_free(heap, blocks[3]);
    CHECK_EQ(heap_statistics(heap).largest_free_bytes,
             free_bytes + 2 * heap_fixture_block_size(2000));
    heap_fixture_check();
}

KTEST(heap, free_block_that_fits_best_is_taken)
{
    static const uint16_t sizes[] = {3000, 1900, 1500, 2500, 1700};

    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        blocks[2 * i] = heap_alloc(heap, sizes[i]);
        blocks[2 * i + 1] = heap_alloc(heap, 1); /* keeps them apart */
    }
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        heap_free(heap, blocks[2 * i]);
    }
    CHECK_EQ(heap_alloc(heap, 1650), blocks[8]);
    CHECK_EQ(heap_alloc(heap, 1500), blocks[4]);
    CHECK_EQ(heap_alloc(heap, 2400), blocks[6]);
    CHECK_EQ(heap_alloc(heap, 2600), blocks[0]);
    heap_fixture_check();
}

KTEST(heap, too_small_a_rest_stays_with_the_block)
{
    make_row(2000);
    heap_free(heap, blocks[1]);
    CHECK_EQ(heap_alloc(heap, 1984), blocks[1]); /* 16 bytes would be left: no block */
    CHECK_EQ(heap_usable_size(blocks[1]), heap_fixture_block_size(2000) - 8);
    heap_fixture_check();
    heap_free(heap, blocks[1]);
    CHECK_EQ(heap_alloc(heap, 1968), blocks[1]); /* 32 bytes are one */
    CHECK_EQ(heap_usable_size(blocks[1]), heap_fixture_block_size(1968) - 8);
    heap_fixture_check();
}

KTEST(heap, large_block_fits_after_everything_was_freed)
{
    uint64_t random = 20261122;
    size_t count = 0;

    heap_fixture_begin(MIB);
    while ((blocks[count] = heap_alloc(heap, 16 + pseudo_random_below(&random, 497))) != NULL) {
        count++;
        REQUIRE(count < ARRAY_SIZE(blocks));
    }
    for (size_t i = count; i > 1; i--) {
        size_t other = pseudo_random_below(&random, i);
        void *block = blocks[other];

        blocks[other] = blocks[i - 1];
        blocks[i - 1] = block;
    }
    free_all(count);
    blocks[0] = heap_alloc(heap, 900 * KIB);
    REQUIRE(blocks[0] != NULL);
    heap_fixture_check();
    heap_free(heap, blocks[0]);
    check_empty_after_trim();
}
