/* SPDX-License-Identifier: MIT */
/*
 * Runs of frames: the highest that fits, aligned and limited as asked, never
 * over a hole, and given back only where every frame of them is in use.
 */
#include "tests/unit/frame_fixture.h"

/* Free a run; the culprit's address where that is refused, else UINT64_MAX. */
static uint64_t free_run(uint64_t first, size_t count)
{
    paddr_t culprit = PADDR_MAX;
    enum frame_state state = frame_pool_free_run(&pool, paddr(first), count, FRAME_OTHER, &culprit);

    CHECK_EQ(state == FRAME_STATE_IN_USE, culprit.value == UINT64_MAX);
    if (culprit.value != UINT64_MAX) {
        CHECK_EQ(state, frame_pool_state(&pool, culprit));
    }
    return culprit.value;
}

KTEST(frame_run, is_contiguous_and_the_highest_that_fits)
{
    machine_make();
    CHECK_EQ(alloc_run(16, PAGE_SIZE, UINT64_MAX), MACHINE_BITMAP - 0x10000);
    CHECK_EQ(alloc(), MACHINE_BITMAP - 0x11000);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, UINT64_MAX), MACHINE_BITMAP - 0x12000);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE - 18);
    CHECK_EQ(alloc_run(0x1cfd, PAGE_SIZE, UINT64_MAX), 0x303000); /* all above the modules */
    CHECK_EQ(alloc_run(0x1cfd, PAGE_SIZE, UINT64_MAX), UINT64_MAX);
    check_stats_add_up();
}

KTEST(frame_run, is_aligned_as_asked)
{
    machine_make();
    CHECK_EQ(alloc_run(3, 0x200000, UINT64_MAX), 0x2e00000);
    CHECK_EQ(alloc_run(512, 0x200000, UINT64_MAX), 0x2c00000);
    CHECK_EQ(alloc_run(1, 0x2000000, UINT64_MAX), UINT64_MAX); /* 0 and the hole */
    CHECK_EQ(alloc_run(1, 0x1000000, UINT64_MAX), 0x1000000);
    CHECK_EQ(alloc_run(1, BIT(63), UINT64_MAX), UINT64_MAX);
}

KTEST(frame_run, lies_wholly_below_its_limit)
{
    machine_make();
    CHECK_EQ(alloc_run(4, PAGE_SIZE, 0x1000000), 0xffc000);
    CHECK_EQ(alloc_run(4, PAGE_SIZE, 0x1000fff), 0x1000000 - 0x8000);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, 0x1001000), 0x1000000);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, 0x180000), UINT64_MAX);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, 0x180fff), UINT64_MAX);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, 0x181000), 0x180000);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, 0), UINT64_MAX);
}

KTEST(frame_run, never_covers_a_hole)
{
    machine_make();
    /* From the hole to the bitmap there are 0xffd frames, and no more below it that are as many. */
    CHECK_EQ(alloc_run(0xffd, PAGE_SIZE, UINT64_MAX), HOLE_END);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, UINT64_MAX), 0x1fff000);
}

KTEST(frame_run, is_refused_when_asked_for_nonsense)
{
    static const uint64_t alignments[] = {0, 1, 0x800, 0x1800, 0x3000, UINT64_MAX};
    paddr_t first = paddr(0x1234);

    machine_make();
    CHECK_STATUS(frame_pool_alloc_run(&pool, 0, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &first),
                 ERR_BAD_ARG);
    for (size_t i = 0; i < ARRAY_SIZE(alignments); i++) {
        CHECK_STATUS(frame_pool_alloc_run(&pool, 1, alignments[i], PADDR_MAX, FRAME_HEAP, &first),
                     ERR_BAD_ARG);
    }
    CHECK_STATUS(frame_pool_alloc_run(&pool, SIZE_MAX, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &first),
                 ERR_NO_MEMORY);
    CHECK_EQ(first.value, 0x1234);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
}

KTEST(frame_run, free_gives_back_singles_and_runs_alike)
{
    uint64_t high;
    uint64_t run;

    machine_make();
    high = alloc();
    run = alloc_run(130, PAGE_SIZE, UINT64_MAX);
    CHECK_EQ(run, high - 130 * PAGE_SIZE);
    CHECK_EQ(free_run(run + PAGE_SIZE, 130), UINT64_MAX);
    CHECK_EQ(free_frame(run), FRAME_STATE_IN_USE);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK_EQ(alloc_run(131, PAGE_SIZE, UINT64_MAX), run);
}

KTEST(frame_run, free_is_refused_at_the_lowest_frame_that_is_not_in_use)
{
    uint64_t run;

    machine_make();
    run = alloc_run(8, PAGE_SIZE, UINT64_MAX);
    CHECK_EQ(free_run(run, 9), MACHINE_BITMAP);
    CHECK_EQ(free_run(run - PAGE_SIZE, 8), run - PAGE_SIZE);
    CHECK_EQ(free_frame(run + 3 * PAGE_SIZE), FRAME_STATE_IN_USE);
    CHECK_EQ(free_run(run, 8), run + 3 * PAGE_SIZE);
    CHECK_EQ(free_run(run + 1, 1), run + 1);
    CHECK_EQ(free_run(run, UINT64_MAX), run + 3 * PAGE_SIZE);
    CHECK_EQ(free_run(run + 4 * PAGE_SIZE, UINT64_MAX / PAGE_SIZE + 2), MACHINE_BITMAP);
    CHECK_EQ(free_run(MEMORY_END, 1), MEMORY_END);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE - 7);
    CHECK_EQ(free_run(run, 3), UINT64_MAX);
    CHECK_EQ(free_run(run + 4 * PAGE_SIZE, 4), UINT64_MAX);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
}
