/* SPDX-License-Identifier: MIT */
/*
 * Frames given out and taken back: each free one once, no other ever, and
 * every wrong way to give one back told from the others.
 */
#include "tests/unit/frame_fixture.h"

/* Every frame of the machine that can be free, from the highest down; UINT64_MAX behind the last.
 */
static uint64_t next_free_below(uint64_t address)
{
    while (address >= PAGE_SIZE) {
        address -= PAGE_SIZE;
        if (memory_map_contains(&free_memory, paddr(address), PAGE_SIZE) &&
            address != MACHINE_BITMAP) {
            return address;
        }
    }
    return UINT64_MAX;
}

KTEST(frame, alloc_gives_every_free_frame_once_from_the_highest_down)
{
    uint64_t expected = MAPPED_END;
    uint64_t count = 0;
    uint64_t wrong = 0;

    machine_make();
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    do {
        expected = next_free_below(expected);
        wrong += alloc() != expected;
        count++;
    } while (expected != UINT64_MAX);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(count - 1, MACHINE_FREE);
    CHECK_EQ(frame_pool_free_count(&pool), 0);
    CHECK(is_window_clean());
    check_stats_add_up();
}

KTEST(frame, all_can_be_given_out_again_when_all_came_back)
{
    uint64_t count = 0;
    uint64_t refused = 0;

    machine_make();
    while (alloc() != UINT64_MAX) {
        count++;
    }
    for (uint64_t frame = next_free_below(MAPPED_END); frame != UINT64_MAX;
         frame = next_free_below(frame)) {
        refused += free_frame(frame) != FRAME_STATE_IN_USE;
    }
    CHECK_EQ(refused, 0);
    CHECK_EQ(frame_pool_free_count(&pool), count);
    CHECK_EQ(alloc(), MACHINE_BITMAP - PAGE_SIZE);
    check_stats_add_up();
}

KTEST(frame, alloc_leaves_its_argument_when_none_is_free)
{
    paddr_t frame = paddr(0x1234);

    machine_make();
    while (alloc() != UINT64_MAX) {
    }
    CHECK_STATUS(frame_pool_alloc(&pool, FRAME_HEAP, &frame), ERR_NO_MEMORY);
    CHECK_EQ(frame.value, 0x1234);
    CHECK_STATUS(frame_pool_alloc_run(&pool, 1, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &frame),
                 ERR_NO_MEMORY);
    CHECK_EQ(frame.value, 0x1234);
    CHECK_EQ(pool.allocated[FRAME_HEAP], 0);
}

KTEST(frame, alloc_gives_a_freed_frame_again_when_it_is_the_highest)
{
    uint64_t high;
    uint64_t low;

    machine_make();
    high = alloc();
    low = alloc();
    CHECK_EQ(high, MACHINE_BITMAP - PAGE_SIZE);
    CHECK_EQ(low, high - PAGE_SIZE);
    CHECK_EQ(free_frame(high), FRAME_STATE_IN_USE);
    CHECK_EQ(alloc(), high);
    CHECK_EQ(alloc(), low - PAGE_SIZE);
}

KTEST(frame, free_is_refused_when_the_frame_is_free)
{
    uint64_t frame;

    machine_make();
    frame = alloc();
    CHECK_EQ(free_frame(frame), FRAME_STATE_IN_USE);
    CHECK_EQ(free_frame(frame), FRAME_STATE_FREE);
    CHECK_EQ(free_frame(frame - PAGE_SIZE), FRAME_STATE_FREE); /* never given out */
    CHECK_EQ(free_frame(0x180000), FRAME_STATE_FREE);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK_IS(frame, "a free frame");
}

KTEST(frame, free_is_refused_when_the_frame_is_reserved)
{
    static const uint64_t reserved[] = {
        0,
        0x9e000,
        KERNEL_AT,
        KERNEL_AT + KERNEL_SIZE - PAGE_SIZE,
        BOOT_AT,
        0x300000,
        0x302000,
        MACHINE_BITMAP,
        MAPPED_END /* not reached yet */,
        MEMORY_END - PAGE_SIZE,
    };

    machine_make();
    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
        CHECK_EQ(free_frame(reserved[i]), FRAME_STATE_RESERVED);
    }
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK_IS(KERNEL_AT, "a reserved frame (no name given)");
    CHECK_IS(MACHINE_BITMAP, "a reserved frame (bitmap of frames)");
    CHECK_IS(MAPPED_END, "a reserved frame (not reached)");
}

KTEST(frame, free_is_refused_when_the_frame_is_not_all_memory)
{
    machine_make();
    CHECK_EQ(free_frame(0x9f000), FRAME_STATE_HOLE); /* in part */
    CHECK_EQ(free_frame(0xa0000), FRAME_STATE_HOLE);
    CHECK_EQ(free_frame(0xff000), FRAME_STATE_HOLE);
    CHECK_EQ(free_frame(0x2000000), FRAME_STATE_HOLE); /* in part */
    CHECK_EQ(free_frame(0x2001000), FRAME_STATE_HOLE);
    CHECK_EQ(free_frame(0x2002000), FRAME_STATE_FREE);
    CHECK_IS(0x2001000, "a hole in memory");
}

KTEST(frame, free_is_refused_when_the_address_is_above_all_memory)
{
    machine_make();
    CHECK_EQ(free_frame(MEMORY_END), FRAME_STATE_BEYOND);
    CHECK_EQ(free_frame(BIT(40)), FRAME_STATE_BEYOND);
    CHECK_EQ(free_frame(ALIGN_DOWN(UINT64_MAX, PAGE_SIZE)), FRAME_STATE_BEYOND);
    CHECK_IS(MEMORY_END, "an address above all memory");
}

KTEST(frame, free_is_refused_when_the_address_starts_no_frame)
{
    uint64_t frame;

    machine_make();
    frame = alloc();
    CHECK_EQ(free_frame(frame), FRAME_STATE_IN_USE); /* so that its range is the recent one */
    CHECK_EQ(alloc(), frame);
    CHECK_EQ(free_frame(frame + 1), FRAME_STATE_UNALIGNED);
    CHECK_EQ(free_frame(frame + 0x800), FRAME_STATE_UNALIGNED);
    CHECK_EQ(free_frame(frame + PAGE_SIZE - 1), FRAME_STATE_UNALIGNED);
    CHECK_EQ(free_frame(UINT64_MAX), FRAME_STATE_UNALIGNED);
    CHECK_IS(frame + 1, "an address that starts no frame");
    CHECK_IS(frame, "a frame in use");
}

KTEST(frame, free_works_in_every_range_whatever_came_before)
{
    static const uint64_t frames[] = {0x180000, 0x2002000, 0x1fff000, 0x201000,
                                      MACHINE_BITMAP - PAGE_SIZE};

    machine_make();
    while (alloc() != UINT64_MAX) {
    }
    for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
        CHECK_EQ(free_frame(frames[i]), FRAME_STATE_IN_USE);
        CHECK_EQ(free_frame(0x2000000), FRAME_STATE_HOLE);
        CHECK_EQ(free_frame(MACHINE_BITMAP), FRAME_STATE_RESERVED);
        CHECK_EQ(free_frame(KERNEL_AT + KERNEL_SIZE - PAGE_SIZE), FRAME_STATE_RESERVED);
        CHECK_EQ(free_frame(BOOT_AT), FRAME_STATE_RESERVED);
    }
    CHECK_EQ(frame_pool_free_count(&pool), ARRAY_SIZE(frames));
}

KTEST(frame, kinds_are_counted_apart)
{
    struct frame_stats stats;
    paddr_t table = PADDR_MAX;
    paddr_t heap = PADDR_MAX;
    paddr_t run = PADDR_MAX;
    paddr_t culprit;

    machine_make();
    REQUIRE_OK(frame_pool_alloc(&pool, FRAME_PAGE_TABLE, &table));
    REQUIRE_OK(frame_pool_alloc(&pool, FRAME_HEAP, &heap));
    REQUIRE_OK(frame_pool_alloc(&pool, FRAME_HEAP, &heap));
    REQUIRE_OK(frame_pool_alloc_run(&pool, 5, PAGE_SIZE, PADDR_MAX, FRAME_DEVICE, &run));
    stats = stats_now();
    CHECK_EQ(stats.by_kind[FRAME_PAGE_TABLE], 1);
    CHECK_EQ(stats.by_kind[FRAME_HEAP], 2);
    CHECK_EQ(stats.by_kind[FRAME_DEVICE], 5);
    CHECK_EQ(stats.by_kind[FRAME_STACK], 0);
    CHECK_EQ(stats.free, MACHINE_FREE - 8);
    check_stats_add_up();
    CHECK_EQ(frame_pool_free(&pool, heap, FRAME_HEAP), FRAME_STATE_IN_USE);
    CHECK_EQ(frame_pool_free_run(&pool, run, 4, FRAME_DEVICE, &culprit), FRAME_STATE_IN_USE);
    stats = stats_now();
    CHECK_EQ(stats.by_kind[FRAME_HEAP], 1);
    CHECK_EQ(stats.by_kind[FRAME_DEVICE], 1);
    CHECK_EQ(stats.free, MACHINE_FREE - 3);
    check_stats_add_up();
}
