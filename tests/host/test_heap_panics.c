/* SPDX-License-Identifier: MIT */
/*
 * Contracts of the heap that end in a panic when they are broken: each in a
 * child process, whose last words are compared. Host only.
 */
#include "tests/host/last_words.h"

#include "mm/heap_quick.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

static void *block;

static void free_block(void)
{
    heap_free(heap, block);
}

static void realloc_block(void)
{
    (void)heap_realloc(heap, block, 5000);
}

/* Whether freeing the block, and changing its size, both end with these words. */
static void check_both(const char *words)
{
    CHECK_LAST_WORDS(free_block, words);
    CHECK_LAST_WORDS(realloc_block, words);
}

KTEST(heap_panics, double_free_of_every_kind)
{
    static const size_t sizes[] = {1, 100, 1032, 1033, 5000};

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        heap_fixture_begin(64 * KIB);
        block = heap_alloc(heap, sizes[i]);
        void *guard = heap_alloc(heap, 1);

        heap_free(heap, block);
        check_both("free already");
        heap_free(heap, guard);
    }
}

KTEST(heap_panics, pointers_that_are_no_block)
{
    static uint64_t outside[64];

    heap_fixture_begin(64 * KIB);
    uint64_t *live = heap_alloc(heap, 256);

    outside[1] = 64; /* looks like a tag */
    live[1] = 64;
    live[3] = 0;
    live[5] = 16;
    live[7] = UINT64_MAX >> 2;
    live[9] = 64 * KIB;
    block = &outside[2];
    check_both("no block's address");
    block = &live[1]; /* not aligned */
    check_both("no block's address");
    block = (void *)(heap_fixture.base - 16); /* behind which nothing may be read */
    CHECK_LAST_WORDS(free_block, "no block's address");
    block = (void *)heap_fixture.base;
    CHECK_LAST_WORDS(free_block, "no block's address");
    block = (void *)-16L;
    CHECK_LAST_WORDS(free_block, "no block's address");
    block = &heap->top->links;
    check_both("no block's address");
    block = (void *)(heap_fixture.end - 16);
    check_both("no block's address");
    for (size_t i = 4; i <= 10; i += 2) {
        block = &live[i];
        check_both("want a live block's");
    }
}

KTEST(heap_panics, block_merged_with_the_one_before_it_is_freed_again)
{
    static const size_t sizes[] = {1032, 5000}; /* one by way of a quick list */

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        heap_fixture_begin(64 * KIB);
        void *before = heap_alloc(heap, 5000);

        block = heap_alloc(heap, sizes[i]);
        void *guard = heap_alloc(heap, 5000);

        heap_free(heap, before);
        heap_free(heap, block);
        heap_quick_flush(heap);
        check_both("free already");
        heap_free(heap, guard);
    }
}

KTEST(heap_panics, block_merged_with_the_top_is_freed_again)
{
    heap_fixture_begin(64 * KIB);
    block = heap_alloc(heap, 5000);
    heap_free(heap, block);
    check_both("no block's address");
}

static size_t alignment, offset;

static void alloc_aligned(void)
{
    (void)heap_alloc_aligned(heap, 100, alignment, offset);
}

KTEST(heap_panics, alignments_that_cannot_be)
{
    static const struct {
        size_t alignment;
        const char *words;
    } cases[] = {
        {0, "assertion failed: alignment != 0 ("},
        {3, "alignment & (alignment - 1) == 0: got 2 and 0 ("},
        {48, "alignment & (alignment - 1) == 0: got 32 and 0 ("},
        {SIZE_MAX, "alignment & (alignment - 1) == 0: got 0xfffffffffffffffe and 0x0 ("},
        {2 * HEAP_ALIGNMENT_MAX, "HEAP_ALIGNMENT_MAX: got 0x400000 and 0x200000 ("},
    };

    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        alignment = cases[i].alignment;
        CHECK_LAST_WORDS(alloc_aligned, cases[i].words);
    }
    alignment = 64;
    offset = 8;
    CHECK_LAST_WORDS(alloc_aligned, "assertion failed: IS_ALIGNED(offset");
    offset = 0;
}
