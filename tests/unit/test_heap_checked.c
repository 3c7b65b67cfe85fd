/* SPDX-License-Identifier: MIT */
/* The checked heap in right use: what it fills, keeps back, moves and refuses. */
#include "lib/string.h"
#include "mm/checked/heap_record.h"
#include "tests/unit/checked_fixture.h"

KTEST(heap_checked, blocks_hold_what_is_written_within_their_bounds)
{
    static void *blocks[300];

    checked_begin(256 * KIB);
    for (size_t size = 0; size < ARRAY_SIZE(blocks); size++) {
        blocks[size] = checked_allocate(size);
        REQUIRE(blocks[size] != NULL);
        CHECK(IS_ALIGNED((uintptr_t)blocks[size], HEAP_ALIGNMENT));
        pattern_write(blocks[size], size, size);
    }
    check_sound();
    for (size_t size = 0; size < ARRAY_SIZE(blocks); size++) {
        CHECK(pattern_is_whole(blocks[size], size, size));
        checked_release(blocks[size]);
    }
    check_sound();
    checked_release(NULL);
    heap_checked_trim(&checked);
    CHECK_EQ(heap_checked_statistics(&checked).live_blocks, 0);
    CHECK_EQ(heap_checked_statistics(&checked).quick_blocks, 0);
    CHECK_EQ(heap_checked_statistics(&checked).window_bytes, PAGE_SIZE);
    check_sound();
}

KTEST(heap_checked, memory_is_filled_when_allocated_and_when_freed)
{
    uint8_t fill[100];

    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(sizeof(fill));

    memset(fill, HEAP_FILL_FRESH, sizeof(fill));
    CHECK_MEM_EQ(block, fill, sizeof(fill));
    checked_release(block);
    memset(fill, HEAP_FILL_FREED, sizeof(fill));
    CHECK_MEM_EQ(block, fill, sizeof(fill));
    CHECK_NE(checked_allocate(sizeof(fill)), block); /* in quarantine */
    check_sound();
}

KTEST(heap_checked, quarantine_is_bounded_and_lets_the_oldest_go_first)
{
    static uint8_t *blocks[100];
    struct heap_evidence evidence;

    checked_begin(512 * KIB);
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        blocks[i] = checked_allocate(1000);
        REQUIRE(blocks[i] != NULL);
    }
    size_t each = heap_fixture_block_size(sizeof(struct heap_record) + 1000 + 16);
    size_t most = HEAP_QUARANTINE_BYTES_MAX / each;

    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        checked_release(blocks[i]);
        CHECK_EQ(checked.quarantine_blocks, MIN(i + 1, most));
        CHECK_EQ(checked.quarantine_bytes, MIN(i + 1, most) * each);
        CHECK_EQ(heap_checked_statistics(&checked).live_blocks, ARRAY_SIZE(blocks) - 1 - i);
        CHECK_EQ(heap_checked_statistics(&checked).live_bytes, (ARRAY_SIZE(blocks) - 1 - i) * each);
    }
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        CHECK_EQ(heap_checked_inspect(&checked, blocks[i], &evidence),
                 i < ARRAY_SIZE(blocks) - most ? HEAP_WRONG_POINTER : HEAP_DOUBLE_FREE);
    }
    check_sound();
}

KTEST(heap_checked, quarantine_is_full_to_the_byte)
{
    const size_t payload = 4096 - 8 - sizeof(struct heap_record) - 16;

    checked_begin(512 * KIB);
    for (size_t i = 1; i <= HEAP_QUARANTINE_BYTES_MAX / 4096; i++) {
        uint8_t *block = checked_allocate(payload);
        size_t live = heap_checked_statistics(&checked).live_bytes;

        CHECK_EQ(live, 4096);
        checked_release(block);
        CHECK_EQ(checked.quarantine_blocks, i);
        CHECK_EQ(heap_checked_statistics(&checked).quick_blocks, i);
        CHECK_EQ(heap_checked_statistics(&checked).quick_bytes, i * 4096);
    }
    checked_release(checked_allocate(payload));
    CHECK_EQ(checked.quarantine_bytes, HEAP_QUARANTINE_BYTES_MAX);
    check_sound();
}

KTEST(heap_checked, block_larger_than_the_quarantine_passes_through_it)
{
    checked_begin(512 * KIB);
    checked_release(checked_allocate(10));
    checked_release(checked_allocate(HEAP_QUARANTINE_BYTES_MAX));
    CHECK_EQ(checked.quarantine_blocks, 0);
    CHECK_EQ(checked.quarantine_bytes, 0);
    checked_release(checked_allocate(10));
    CHECK_EQ(checked.quarantine_blocks, 1);
    check_sound();
}

KTEST(heap_checked, realloc_moves_to_grow_and_stays_to_shrink)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(100);

    pattern_write(block, 100, 1);
    uint8_t *grown = heap_checked_realloc(&checked, block, 104, LATER);

    REQUIRE(grown != NULL);
    CHECK_NE(grown, block);
    CHECK(pattern_is_whole(grown, 96, 1));
    heap_checked_free(&checked, block, LATER); /* the old place was given back, by realloc */
    check_reported(HEAP_DOUBLE_FREE, block, block, 100);
    check_callers(ALLOCATOR, LATER, LATER);
    CHECK_EQ(heap_checked_realloc(&checked, grown, 104, LATER), grown);
    CHECK_EQ(heap_checked_realloc(&checked, grown, 48, FREER), grown);
    CHECK(pattern_is_whole(grown, 48, 1));
    check_sound();
    grown[48] = 1; /* the end is where it was put */
    checked_release(grown);
    check_reported(HEAP_OVERRUN, grown + 48, grown, 48);
    check_callers(FREER, 0, FREER); /* who changed it last */
    grown[48] = HEAP_FILL_ZONE;
    CHECK_EQ(heap_checked_realloc(&checked, grown, 0, LATER), grown);
    check_sound();
    checked_release(grown);
    block = heap_checked_realloc(&checked, NULL, 10, LATER);
    CHECK(block != NULL);
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, realloc_shrinks_a_large_block_for_real)
{
    checked_begin(512 * KIB);
    uint8_t *block = checked_allocate(300 * KIB);

    REQUIRE(block != NULL);
    CHECK_EQ(heap_checked_realloc(&checked, block, 100, LATER), block);
    CHECK_EQ(heap_checked_statistics(&checked).live_bytes,
             heap_fixture_block_size(sizeof(struct heap_record) + 100 + 16));
    check_sound();
    checked_release(block);
}

KTEST(heap_checked, aligned_blocks_are_aligned_and_have_their_zones)
{
    checked_begin(512 * KIB);
    for (size_t alignment = 1; alignment <= 64 * KIB; alignment *= 2) {
        uint8_t *block = heap_checked_alloc(&checked, 100, alignment, ALLOCATOR);

        REQUIRE(block != NULL);
        CHECK(IS_ALIGNED((uintptr_t)block, alignment));
        check_sound();
        block[-1] ^= 1;
        checked_release(block);
        CHECK_EQ(reported.last.fault, HEAP_UNDERRUN);
        block[-1] ^= 1;
        reported.count = 0;
        checked_release(block);
    }
    check_sound();
}

KTEST(heap_checked, exhaustion_empties_the_quarantine_before_null_is_answered)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(40 * KIB);

    REQUIRE(block != NULL);
    checked_release(block);
    CHECK_EQ(checked.quarantine_blocks, 1);
    block = checked_allocate(41 * KIB); /* only where the first one was */
    REQUIRE(block != NULL);
    CHECK_EQ(checked_allocate(41 * KIB), NULL);
    CHECK_EQ(heap_checked_realloc(&checked, block, 60 * KIB, LATER), NULL);
    check_sound();
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, absurd_sizes_answer_null)
{
    static const size_t sizes[] = {SIZE_MAX,      SIZE_MAX - 79,        SIZE_MAX - 80,
                                   SIZE_MAX - 81, HEAP_PAYLOAD_MAX + 1, HEAP_PAYLOAD_MAX,
                                   64 * KIB,      HEAP_PAYLOAD_MAX - 80};

    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(10);

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        CHECK_EQ(checked_allocate(sizes[i]), NULL);
        CHECK_EQ(heap_checked_realloc(&checked, block, sizes[i], LATER), NULL);
    }
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, init_hands_on_errors)
{
    heap_fixture_reset(64 * KIB);
    heap_fixture_fail_at(1, false);
    CHECK_STATUS(heap_checked_init(&checked, heap_fixture.base, heap_fixture.limit,
                                   &heap_fixture_window, checked_report),
                 ERR_NO_MEMORY);
    CHECK_STATUS(heap_checked_init(&checked, heap_fixture.base + 1, heap_fixture.limit,
                                   &heap_fixture_window, checked_report),
                 ERR_BAD_ARG);
}

static bool fail_allocation_at(size_t k, bool last)
{
    return heap_checked_fail_at(&checked, k, last);
}

static size_t allocations_made;

/* Three allocations and a realloc; whichever fails, all that was had is given back. */
static bool use_all(void)
{
    uint8_t *first = checked_allocate(10);
    uint8_t *second = first != NULL ? heap_checked_alloc(&checked, 10, 64, ALLOCATOR) : NULL;
    uint8_t *grown = second != NULL ? heap_checked_realloc(&checked, first, 100, LATER) : NULL;
    uint8_t *shrunk = grown != NULL ? heap_checked_realloc(&checked, grown, 50, LATER) : NULL;

    allocations_made = grown != NULL ? 3 : second != NULL ? 2 : first != NULL ? 1 : 0;
    CHECK_EQ(shrunk, grown); /* to shrink is no allocation */
    checked_release(second);
    checked_release(grown != NULL ? grown : first);
    CHECK_EQ(heap_checked_statistics(&checked).live_blocks, 0);
    check_sound();
    return grown != NULL;
}

KTEST(heap_checked, every_allocation_may_fail)
{
    checked_begin(64 * KIB);
    CHECK_EQ(failure_sweep(fail_allocation_at, use_all), 3);
    CHECK_EQ(allocations_made, 3);
    heap_checked_fail_at(&checked, 2, false);
    CHECK(checked_allocate(1) != NULL);
    CHECK_EQ(checked_allocate(1), NULL);
    CHECK(checked_allocate(1) != NULL);
    CHECK(!heap_checked_fail_at(&checked, 2, true)); /* it has come */
    CHECK(checked_allocate(1) != NULL);
    CHECK(heap_checked_fail_at(&checked, 1, true)); /* it had not */
    CHECK_EQ(checked_allocate(1), NULL);
    CHECK_EQ(checked_allocate(1), NULL);
    CHECK(!heap_checked_fail_at(&checked, 0, false));
    CHECK(checked_allocate(1) != NULL);
}
