/* SPDX-License-Identifier: MIT */
/*
 * What the pool of frames gets and when: the place and the reach of its bitmap,
 * and free memory as far as it is mapped.
 */
#include "tests/unit/frame_fixture.h"

KTEST(frame_setup, bitmap_lies_in_the_highest_memory_that_is_mapped)
{
    machine_make();
    CHECK_EQ(pool.bitmap_start, MACHINE_BITMAP);
    CHECK_EQ(pool.bitmap.bit_count, PAGES(MEMORY_END));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK(is_window_clean());
    CHECK_EQ(stats_now().by_kind[FRAME_BITMAP], 1);
}

KTEST(frame_setup, bitmap_avoids_ranges_too_small_for_it)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x300800); /* ends within a page */
    add_usable_and_free(0x301000, 0x302000); /* one page, and it takes two */
    add_usable_and_free(0x302800, 0x303fff); /* less than two pages */
    add_usable_and_free(0x1000000, 0x8000000);
    CHECK_OK(pool_make(0x300000, 0x304000));
    CHECK_EQ(pool.bitmap_start, 0x2fe000);
    CHECK(is_window_clean());
    CHECK_IS(0x2fe000, "a reserved frame (bitmap of frames)");
    CHECK_IS(0x2ff000, "a reserved frame (bitmap of frames)");
    CHECK_IS(0x2fd000, "a free frame");
    CHECK_IS(0x300000, "a hole in memory");
    CHECK_IS(0x301000, "a free frame");
    CHECK_IS(0x303000, "a hole in memory");
    CHECK_EQ(frame_pool_free_count(&pool), 0x300 - 0x100 - 2 + 1);
    check_stats_add_up();
}

KTEST(frame_setup, bitmap_may_take_a_whole_range)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x200000);
    add_usable_and_free(0x301000, 0x302000);
    CHECK_OK(pool_make(0x302000, 0x400000));
    CHECK_EQ(pool.bitmap_start, 0x301000);
    CHECK_EQ(alloc(), 0x1ff000);
    CHECK_EQ(frame_pool_free_count(&pool), 0xff);
    check_stats_add_up();
}

/* 1 GiB of addresses takes a bitmap of 9 pages, its first 16 MiB one: 8 pages are worth it. */
KTEST(frame_setup, bitmap_reaches_far_memory_that_is_worth_it)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x1000000);
    add_usable_and_free(0x40000000 - 8 * PAGE_SIZE, 0x40000000);
    CHECK_OK(pool_make(0x1000000, 0x1000000));
    CHECK_EQ(pool.bitmap.bit_count, PAGES(0x40000000));
    CHECK_EQ(pool.bitmap_start, 0x1000000 - 9 * PAGE_SIZE);
    CHECK_EQ(stats_now().by_kind[FRAME_BITMAP], 9);
}

KTEST(frame_setup, bitmap_leaves_out_far_memory_that_is_not_worth_it)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x1000000);
    add_usable_and_free(0x40000000 - 7 * PAGE_SIZE, 0x40000000);
    CHECK_OK(pool_make(0x1000000, 0x1000000));
    CHECK_EQ(pool.bitmap.bit_count, PAGES(0x1000000));
    CHECK_EQ(pool.bitmap_start, 0x1000000 - PAGE_SIZE);
    frame_pool_extend(&pool, paddr(0x40000000));
    CHECK_EQ(alloc(), 0x1000000 - 2 * PAGE_SIZE);
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], 7);
    CHECK_IS(0x3ffff000, "a reserved frame (not reached)");
}

KTEST(frame_setup, bitmap_is_not_in_memory_that_it_leaves_out)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x1000000);
    add_usable_and_free(0x40000000 - 7 * PAGE_SIZE, 0x40000000);
    CHECK_OK(pool_make(0x1000000, 0x40000000));
    CHECK_EQ(pool.bitmap_start, 0x1000000 - PAGE_SIZE);
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], 7);
    CHECK_EQ(stats_now().by_kind[FRAME_UNNAMED], 0);
}

KTEST(frame_setup, bitmap_leaves_out_memory_when_it_finds_no_place_for_all)
{
    maps_clear();
    add_usable_and_free(0x100000, 0x102000);
    add_usable_and_free(BIT(40), BIT(40) + BIT(38));
    CHECK_OK(pool_make(0x102000, 0x200000));
    CHECK_EQ(pool.bitmap.bit_count, 0x102);
    CHECK_EQ(alloc(), 0x100000);
    CHECK_EQ(alloc(), UINT64_MAX);
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], PAGES(BIT(38)));
}

KTEST(frame_setup, init_is_refused_when_an_argument_is_wrong)
{
    machine_make();
    CHECK_STATUS(pool_make(MAPPED_END, MAPPED_END + 1), ERR_BAD_ARG);
    memory_map_subtract(&usable_memory, paddr(0x2003000), 1);
    CHECK_STATUS(pool_make(MAPPED_END, MAPPED_END), ERR_BAD_ARG);
    maps_make_machine();
    memory_map_subtract(&usable_memory, paddr(KERNEL_AT + KERNEL_SIZE), 1); /* of the first range */
    CHECK_STATUS(pool_make(MAPPED_END, MAPPED_END), ERR_BAD_ARG);
    maps_make_machine();
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE); /* as it was */
}

KTEST(frame_setup, init_is_refused_when_there_is_nothing_to_give)
{
    machine_make();
    CHECK_STATUS(pool_make(MAPPED_END, 0x100000), ERR_NO_MEMORY); /* nothing free is mapped */
    CHECK_STATUS(pool_make(MAPPED_END, 0), ERR_NO_MEMORY);
    maps_clear();
    CHECK_STATUS(pool_make(MAPPED_END, MAPPED_END), ERR_NO_MEMORY);
    add_usable_and_free(0x100000, 0x101000); /* the bitmap, and nothing else */
    CHECK_STATUS(pool_make(MAPPED_END, MAPPED_END), ERR_NO_MEMORY);
    CHECK_EQ(pool.managed_frames, MACHINE_FREE);
}

KTEST(frame_setup, nothing_is_there_before_init)
{
    struct frame_stats stats = {.usable = 1, .free = 1};

    memset(&pool, 0, sizeof(pool));
    CHECK_EQ(frame_pool_free_count(&pool), 0);
    CHECK_EQ(frame_pool_state(&pool, paddr(0)), FRAME_STATE_BEYOND);
    CHECK_EQ(frame_pool_free(&pool, paddr(0x1000), FRAME_OTHER), FRAME_STATE_BEYOND);
    frame_pool_stats(&pool, &stats);
    CHECK_EQ(stats.usable, 0);
    CHECK_EQ(stats.free, 0);
}

KTEST(frame_setup, memory_above_what_is_mapped_waits_for_extend)
{
    machine_make();
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], PAGES(MEMORY_END - MAPPED_END));
    CHECK_EQ(alloc(), MACHINE_BITMAP - PAGE_SIZE);
    frame_pool_extend(&pool, paddr(MAPPED_END + 0x3000));
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], PAGES(MEMORY_END - MAPPED_END) - 3);
    CHECK_EQ(alloc(), MAPPED_END + 0x2000);
    frame_pool_extend(&pool, paddr(ALIGN_DOWN(UINT64_MAX, PAGE_SIZE)));
    CHECK_EQ(stats_now().by_kind[FRAME_OUT_OF_REACH], 0);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE - 2 + PAGES(MEMORY_END - MAPPED_END));
    CHECK_EQ(alloc(), MEMORY_END - PAGE_SIZE);
    CHECK_EQ(frame_pool_free(&pool, paddr(MAPPED_END + 0x2000), FRAME_OTHER), FRAME_STATE_IN_USE);
    CHECK_IS(MACHINE_BITMAP, "a reserved frame (bitmap of frames)");
}

KTEST(frame_setup, extend_takes_nothing_back)
{
    machine_make();
    frame_pool_extend(&pool, paddr(0x1000));
    CHECK_EQ(alloc(), MACHINE_BITMAP - PAGE_SIZE);
    frame_pool_extend(&pool, paddr(MAPPED_END)); /* nor gives the same twice */
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE - 1);
    CHECK_EQ(alloc(), MACHINE_BITMAP - 2 * PAGE_SIZE);
    check_stats_add_up();
}
