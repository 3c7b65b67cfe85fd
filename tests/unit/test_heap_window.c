/* SPDX-License-Identifier: MIT */
/* The window: how it opens, grows, gives back, and what happens when it may not. */
#include "lib/string.h"
#include "tests/large_memory.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

KTEST(heap, init_refuses_bad_windows)
{
    heap_fixture_reset(64 * KIB);
    uintptr_t base = heap_fixture.base;

    CHECK_STATUS(heap_init(heap, base + 16, base + 8 * KIB, &heap_fixture_window), ERR_BAD_ARG);
    CHECK_STATUS(heap_init(heap, base, base + 8 * KIB - 1, &heap_fixture_window), ERR_BAD_ARG);
    CHECK_STATUS(heap_init(heap, base, base, &heap_fixture_window), ERR_BAD_ARG);
    CHECK_STATUS(heap_init(heap, base + 8 * KIB, base + 4 * KIB, &heap_fixture_window),
                 ERR_BAD_ARG);
    CHECK_EQ(heap_fixture.grow_calls, 0);
}

KTEST(heap, init_hands_on_what_the_first_growth_answered)
{
    heap_fixture_reset(64 * KIB);
    heap_fixture_fail_at(1, false);
    CHECK_STATUS(heap_init(heap, heap_fixture.base, heap_fixture.limit, &heap_fixture_window),
                 ERR_NO_MEMORY);
    CHECK_EQ(heap_fixture.end, heap_fixture.base);
}

KTEST(heap, init_trusts_nothing_that_was_there)
{
    heap_fixture_reset(64 * KIB);
    memset(heap, 0xff, sizeof(*heap));
    REQUIRE_OK(heap_init(heap, heap_fixture.base, heap_fixture.limit, &heap_fixture_window));
    heap_fixture_check();
    void *block = heap_alloc(heap, 100);

    CHECK(block != NULL);
    CHECK_EQ(heap_statistics(heap).live_blocks, 1);
    CHECK_EQ(heap_statistics(heap).peak_bytes, heap_fixture_block_size(100));
    heap_free(heap, block);
    heap_fixture_check();
}

KTEST(heap, init_takes_one_page)
{
    heap_fixture_begin(PAGE_SIZE);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    void *block = heap_alloc(heap, PAGE_SIZE - HEAP_OVERHEAD - 8);

    CHECK(block != NULL);
    CHECK_EQ(heap_fixture.grow_calls, 1);
    CHECK_EQ(heap_alloc(heap, 0), NULL);
    heap_fixture_check();
}

KTEST(heap, window_grows_in_steps_of_64_kib)
{
    heap_fixture_begin(MIB);
    CHECK(heap_alloc(heap, PAGE_SIZE) != NULL);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE + 64 * KIB);
    CHECK(heap_alloc(heap, 200 * KIB) != NULL); /* more than a step: what is needed */
    CHECK_LE(heap_statistics(heap).free_bytes, PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap, window_grows_by_what_is_needed_when_a_step_is_refused)
{
    heap_fixture_begin(MIB);
    heap_fixture.grant_max = 8 * KIB;
    CHECK(heap_alloc(heap, 2 * PAGE_SIZE) != NULL);
    CHECK_EQ(heap_statistics(heap).window_bytes, 3 * PAGE_SIZE);
    CHECK_EQ(heap_alloc(heap, 4 * PAGE_SIZE), NULL);
    CHECK_EQ(heap_statistics(heap).window_bytes, 3 * PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap, window_is_asked_once_for_more_than_a_step)
{
    heap_fixture_begin(MIB);
    heap_fixture.grant_max = 8 * KIB;
    size_t calls = heap_fixture.grow_calls;

    CHECK_EQ(heap_alloc(heap, 100 * KIB), NULL);
    /* And once more after what waits in quick lists was merged. */
    CHECK_EQ(heap_fixture.grow_calls, calls + 2);
}

KTEST(heap, window_grows_before_quick_blocks_are_merged)
{
    heap_fixture_begin(MIB);
    void *block = heap_alloc(heap, 100);
    void *guard = heap_alloc(heap, 100);

    heap_free(heap, block);
    CHECK(heap_alloc(heap, 200 * KIB) != NULL);
    CHECK_EQ(heap_statistics(heap).quick_blocks, 1);
    heap_free(heap, guard);
}

KTEST(heap, window_is_not_asked_for_the_impossible)
{
    heap_fixture_begin(64 * KIB);
    size_t calls = heap_fixture.grow_calls;

    CHECK_EQ(heap_alloc(heap, 64 * KIB), NULL);
    CHECK_EQ(heap_alloc(heap, HEAP_PAYLOAD_MAX), NULL);
    CHECK_EQ(heap_fixture.grow_calls, calls);
    heap_fixture_check();
}

KTEST(heap, large_top_is_given_back_down_to_a_step)
{
    heap_fixture_begin(MIB);
    void *block = heap_alloc(heap, 800 * KIB);

    heap_free(heap, block);
    CHECK_EQ(heap_fixture.shrink_calls, 1);
    CHECK_LE(heap_statistics(heap).window_bytes, 64 * KIB + 2 * PAGE_SIZE);
    CHECK_GE(heap_statistics(heap).window_bytes, 64 * KIB);
    heap_fixture_check();
}

KTEST(heap, small_top_is_kept)
{
    heap_fixture_begin(MIB);
    void *block = heap_alloc(heap, 180 * KIB);
    size_t window = heap_statistics(heap).window_bytes;

    heap_free(heap, block);
    CHECK_EQ(heap_fixture.shrink_calls, 0);
    CHECK_EQ(heap_statistics(heap).window_bytes, window);
    block = heap_alloc(heap, 180 * KIB);
    CHECK_EQ(heap_statistics(heap).window_bytes, window);
    heap_free(heap, block);
    heap_fixture_check();
}

KTEST(heap, top_of_256_kib_is_the_most_that_is_kept)
{
    for (size_t more = 0; more <= 16; more += 16) {
        heap_fixture_begin(MIB);
        /* All of the first page but `more` bytes, and then whole pages. */
        void *first = heap_alloc(heap, PAGE_SIZE - HEAP_OVERHEAD - 8 - more);
        void *second = heap_alloc(heap, 256 * KIB - 8);

        CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE + 256 * KIB);
        heap_free(heap, second);
        CHECK_EQ(heap_fixture.shrink_calls, more != 0);
        heap_fixture_check();
        heap_free(heap, first);
    }
}

KTEST(heap, trim_gives_back_every_whole_page_behind_the_last_block)
{
    heap_fixture_begin(MIB);
    void *first = heap_alloc(heap, 5000);
    void *second = heap_alloc(heap, 100 * KIB);

    heap_free(heap, second);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, 2 * PAGE_SIZE);
    heap_fixture_check();
    heap_free(heap, first);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    size_t shrinks = heap_fixture.shrink_calls;

    heap_trim(heap);
    CHECK_EQ(heap_fixture.shrink_calls, shrinks); /* nothing is nothing to ask for */
    heap_fixture_check();
    CHECK(heap_alloc(heap, 100 * KIB) != NULL);
    heap_fixture_check();
}

KTEST(heap, trim_gives_back_a_page_that_is_free_to_the_byte)
{
    heap_fixture_begin(MIB);
    void *block = heap_alloc(heap, PAGE_SIZE - HEAP_OVERHEAD - 8);
    void *behind = heap_alloc(heap, 2 * PAGE_SIZE);

    heap_free(heap, behind);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
    heap_free(heap, block);
}

KTEST(heap, window_without_shrink_keeps_what_it_has)
{
    struct heap_window window = heap_fixture_window;

    window.shrink = NULL;
    heap_fixture_reset(MIB);
    REQUIRE_OK(heap_init(heap, heap_fixture.base, heap_fixture.limit, &window));
    void *block = heap_alloc(heap, 900 * KIB);
    size_t size = heap_statistics(heap).window_bytes;

    heap_free(heap, block);
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, size);
    CHECK_EQ(heap_alloc(heap, 900 * KIB), block);
    heap_fixture_check();
}

KTEST(heap, failed_growth_uses_what_waits_in_quick_lists)
{
    static void *blocks[100];

    heap_fixture_begin(MIB);
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        blocks[i] = heap_alloc(heap, 200);
    }
    void *rest = heap_alloc(heap, heap_statistics(heap).largest_free_bytes - 8);

    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        heap_free(heap, blocks[i]);
    }
    heap_fixture.grant_max = 0;
    CHECK_EQ(heap_alloc(heap, ARRAY_SIZE(blocks) * heap_fixture_block_size(200) - 8), blocks[0]);
    heap_fixture_check();
    heap_free(heap, rest);
}

/* Everything that can make the window grow, from an empty heap to an empty heap. */
static bool use_all(void)
{
    struct {
        void *block;
        size_t size;
    } held[8] = {0};
    static const size_t steps[] = {100, 70000, 3000, 140000};
    size_t count = 0;
    bool all_grew = true;

    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        for (unsigned aligned = 0; aligned < 2; aligned++) {
            void *block =
                aligned ? heap_alloc_aligned(heap, steps[i], 8192, 0) : heap_alloc(heap, steps[i]);

            if (block != NULL) {
                held[count].block = block;
                held[count].size = steps[i];
                pattern_write(block, steps[i], count);
                count++;
            }
        }
        if (count > 0) {
            size_t last = count - 1;
            void *grown = heap_realloc(heap, held[last].block, 2 * held[last].size);

            CHECK(
                pattern_is_whole(grown != NULL ? grown : held[last].block, held[last].size, last));
            held[last].block = grown != NULL ? grown : held[last].block;
            all_grew = all_grew && grown != NULL;
        }
        heap_fixture_check();
    }
    for (size_t i = 0; i < count; i++) {
        CHECK(pattern_is_whole(held[i].block, held[i].size, i));
        heap_free(heap, held[i].block);
    }
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).live_blocks, 0);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
    return all_grew && count == ARRAY_SIZE(held);
}

KTEST(heap, every_growth_may_fail)
{
    heap_fixture_begin(LARGE_MEMORY_SIZE);
    size_t failures = failure_sweep(heap_fixture_fail_at, use_all);

    size_t calls = heap_fixture.grow_calls;

    use_all();
    CHECK_EQ(failures, heap_fixture.grow_calls - calls);
    CHECK_GT(failures, 5);
}
