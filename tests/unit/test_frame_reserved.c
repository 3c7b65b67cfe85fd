/* SPDX-License-Identifier: MIT */
/*
 * Reserved memory: named, counted and told by its name, and given out once it
 * is released, page by page as nobody else needs them.
 */
#include "tests/unit/frame_fixture.h"

static enum status name(uint64_t start, uint64_t size, enum frame_kind kind)
{
    return frame_pool_name_reserved(&pool, paddr(start), size, kind);
}

static enum status release(uint64_t start, uint64_t size)
{
    return frame_pool_release_reserved(&pool, paddr(start), size);
}

KTEST(frame_reserved, names_are_counted_and_told)
{
    struct frame_stats stats;

    machine_make();
    CHECK_EQ(stats_now().by_kind[FRAME_UNNAMED], 0x9f + 0x80 + 1 + 3);
    CHECK_OK(name(0, 0x100000, FRAME_LOW_MEMORY)); /* with its holes */
    CHECK_OK(name(KERNEL_AT, KERNEL_SIZE, FRAME_KERNEL_IMAGE));
    CHECK_OK(name(BOOT_AT, BOOT_SIZE, FRAME_BOOT));
    stats = stats_now();
    CHECK_EQ(stats.by_kind[FRAME_LOW_MEMORY], 0x9f);
    CHECK_EQ(stats.by_kind[FRAME_KERNEL_IMAGE], 0x80);
    CHECK_EQ(stats.by_kind[FRAME_BOOT], 1);
    CHECK_EQ(stats.by_kind[FRAME_UNNAMED], 3); /* the modules' */
    CHECK_IS(0, "a reserved frame (low memory)");
    CHECK_IS(0xa0000, "a hole in memory");
    CHECK_IS(KERNEL_AT, "a reserved frame (kernel image)");
    CHECK_IS(KERNEL_AT + KERNEL_SIZE, "a free frame");
    CHECK_IS(BOOT_AT, "a reserved frame (boot information and modules)");
    CHECK_IS(0x300000, "a reserved frame (no name given)");
}

KTEST(frame_reserved, a_page_that_two_names_share_is_counted_once)
{
    struct frame_stats stats;

    machine_make();
    CHECK_OK(name(MODULE_B_AT, MODULE_B_SIZE, FRAME_BOOT));
    CHECK_OK(name(MODULE_A_AT, MODULE_A_SIZE, FRAME_FRAMEBUFFER));
    stats = stats_now();
    CHECK_EQ(stats.by_kind[FRAME_FRAMEBUFFER], 3);
    CHECK_EQ(stats.by_kind[FRAME_BOOT], 0);
    CHECK_IS(0x302000, "a reserved frame (framebuffer)");
}

KTEST(frame_reserved, name_is_refused_when_memory_is_not_reserved)
{
    machine_make();
    CHECK_STATUS(name(0x180000, PAGE_SIZE, FRAME_BOOT), ERR_BAD_ARG);
    CHECK_STATUS(name(KERNEL_AT, KERNEL_SIZE + 1, FRAME_KERNEL_IMAGE), ERR_BAD_ARG);
    CHECK_STATUS(name(MODULE_A_AT - 1, 2, FRAME_BOOT), ERR_BAD_ARG);
    CHECK_STATUS(name(MAPPED_END, PAGE_SIZE, FRAME_BOOT), ERR_BAD_ARG); /* free, not yet mapped */
    CHECK_STATUS(name(KERNEL_AT, 0, FRAME_KERNEL_IMAGE), ERR_BAD_ARG);
    CHECK_STATUS(name(KERNEL_AT, UINT64_MAX, FRAME_KERNEL_IMAGE), ERR_BAD_ARG);
    CHECK_STATUS(name(UINT64_MAX - PAGE_SIZE, PAGE_SIZE + 1, FRAME_BOOT), ERR_BAD_ARG);
    CHECK_EQ(pool.reserved.count, 1);
    CHECK_OK(name(UINT64_MAX - PAGE_SIZE, PAGE_SIZE, FRAME_BOOT));
    check_stats_add_up();
}

KTEST(frame_reserved, name_is_refused_when_the_table_is_full)
{
    machine_make();
    for (size_t i = 1; i < FRAME_RESERVED_MAX; i++) {
        CHECK_OK(name(i * PAGE_SIZE, PAGE_SIZE, FRAME_LOW_MEMORY));
    }
    CHECK_STATUS(name(KERNEL_AT, KERNEL_SIZE, FRAME_KERNEL_IMAGE), ERR_FULL);
    CHECK_EQ(stats_now().by_kind[FRAME_LOW_MEMORY], FRAME_RESERVED_MAX - 1);
    CHECK_IS(KERNEL_AT, "a reserved frame (no name given)");
}

KTEST(frame_reserved, released_pages_can_be_given_out)
{
    machine_make();
    CHECK_OK(name(BOOT_AT, BOOT_SIZE, FRAME_BOOT));
    CHECK_OK(release(BOOT_AT, BOOT_SIZE));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + 1);
    CHECK_IS(BOOT_AT, "a free frame");
    CHECK_EQ(stats_now().by_kind[FRAME_BOOT], 0);
    CHECK_EQ(alloc_run(1, PAGE_SIZE, BOOT_AT + PAGE_SIZE), BOOT_AT);
    CHECK_EQ(frame_pool_free(&pool, paddr(BOOT_AT), FRAME_OTHER), FRAME_STATE_IN_USE);
}

KTEST(frame_reserved, a_page_that_two_share_follows_the_second_release)
{
    machine_make();
    CHECK_OK(name(MODULE_A_AT, MODULE_A_SIZE, FRAME_BOOT));
    CHECK_OK(name(MODULE_B_AT, MODULE_B_SIZE, FRAME_BOOT));
    CHECK_OK(release(MODULE_A_AT, MODULE_A_SIZE));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + 2);
    CHECK_IS(0x300000, "a free frame"); /* its other bytes were free */
    CHECK_IS(0x301000, "a free frame");
    CHECK_IS(0x302000, "a reserved frame (boot information and modules)");
    check_stats_add_up();
    CHECK_OK(release(MODULE_B_AT, MODULE_B_SIZE));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + 3);
    CHECK_EQ(alloc_run(0x100, PAGE_SIZE, 0x400000), 0x300000);
    check_stats_add_up();
}

KTEST(frame_reserved, release_works_from_above_downwards)
{
    machine_make();
    CHECK_OK(name(MODULE_A_AT, MODULE_A_SIZE, FRAME_BOOT));
    CHECK_OK(name(MODULE_B_AT, MODULE_B_SIZE, FRAME_BOOT));
    CHECK_OK(release(MODULE_B_AT, MODULE_B_SIZE));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK_OK(release(MODULE_A_AT, MODULE_A_SIZE));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + 3);
    check_stats_add_up();
}

KTEST(frame_reserved, release_is_refused_when_the_range_is_not_a_named_one)
{
    machine_make();
    CHECK_OK(name(KERNEL_AT, KERNEL_SIZE, FRAME_KERNEL_IMAGE));
    CHECK_OK(name(MODULE_A_AT, MODULE_A_SIZE, FRAME_BOOT));
    CHECK_STATUS(release(KERNEL_AT, KERNEL_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(release(BOOT_AT, BOOT_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(release(MACHINE_BITMAP, PAGE_SIZE), ERR_NOT_FOUND);
    CHECK_STATUS(release(MODULE_A_AT, MODULE_A_SIZE - 1), ERR_NOT_FOUND);
    CHECK_STATUS(release(MODULE_A_AT + 1, MODULE_A_SIZE - 1), ERR_NOT_FOUND);
    CHECK_STATUS(release(MODULE_A_AT, 0), ERR_NOT_FOUND);
    CHECK_OK(release(MODULE_A_AT, MODULE_A_SIZE));
    CHECK_STATUS(release(MODULE_A_AT, MODULE_A_SIZE), ERR_NOT_FOUND);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + 2);
}

KTEST(frame_reserved, release_is_refused_when_another_name_has_bytes_of_it)
{
    machine_make();
    CHECK_OK(name(BOOT_AT, BOOT_SIZE, FRAME_BOOT));
    CHECK_OK(name(BOOT_AT + 0x100, 1, FRAME_FRAMEBUFFER));
    CHECK_STATUS(release(BOOT_AT, BOOT_SIZE), ERR_EXISTS);
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE);
    CHECK_EQ(pool.reserved.count, 3);
    CHECK_EQ(stats_now().by_kind[FRAME_BOOT], 1);
}

KTEST(frame_reserved, release_is_refused_when_memory_is_not_there_or_not_mapped)
{
    maps_make_machine();
    memory_map_subtract(&free_memory, paddr(MAPPED_END), 0x2000);
    CHECK_OK(pool_make(MAPPED_END, MAPPED_END));
    CHECK_OK(name(MAPPED_END, 0x2000, FRAME_BOOT));
    CHECK_OK(name(LOW_END - 0x800, 0x1000, FRAME_BOOT));
    CHECK_STATUS(release(MAPPED_END, 0x2000), ERR_BAD_ARG);
    CHECK_STATUS(release(LOW_END - 0x800, 0x1000), ERR_BAD_ARG);
    CHECK_STATUS(release(BOOT_AT, UINT64_MAX), ERR_BAD_ARG);
    CHECK_EQ(pool.reserved.count, 3);
    frame_pool_extend(&pool, paddr(MEMORY_END));
    CHECK_OK(release(MAPPED_END, 0x2000));
    CHECK_EQ(frame_pool_free_count(&pool), MACHINE_FREE + PAGES(MEMORY_END - MAPPED_END));
    CHECK_EQ(alloc_run(4, PAGE_SIZE, MAPPED_END + 0x4000), MAPPED_END);
}

/* Free memory in pieces, as many as a map holds, and behind them one more page. */
KTEST(frame_reserved, release_is_refused_when_a_map_has_no_room)
{
    maps_clear();
    add_usable(0, 0x1000000);
    for (uint64_t i = 0; i < MEMORY_MAP_RANGES_MAX; i++) {
        add_usable_and_free(i * 0x4000, i * 0x4000 + 0x2000);
    }
    CHECK_OK(pool_make(0x800000, 0x1000000));
    CHECK_OK(name(0x900000, PAGE_SIZE, FRAME_BOOT));
    CHECK_STATUS(release(0x900000, PAGE_SIZE), ERR_FULL);
    CHECK_EQ(pool.reserved.count, 2);
    memory_map_subtract(&free_memory, paddr(0), 0x4000); /* room for one */
    CHECK_OK(pool_make(0x800000, 0x1000000));
    CHECK_OK(name(0x900000, PAGE_SIZE, FRAME_BOOT));
    CHECK_OK(name(0x902000, PAGE_SIZE, FRAME_BOOT));
    CHECK_OK(release(0x900000, PAGE_SIZE));
    CHECK_EQ(alloc(), 0x900000);
    CHECK_STATUS(release(0x902000, PAGE_SIZE), ERR_FULL);
    check_stats_add_up();
}

KTEST(frame_kind, every_kind_has_a_name)
{
    CHECK_STR_EQ(frame_kind_name(FRAME_UNNAMED), "no name given");
    CHECK_STR_EQ(frame_kind_name(FRAME_PAGE_TABLE), "page tables");
    CHECK_STR_EQ(frame_kind_name(FRAME_OTHER), "other");
    CHECK_STR_EQ(frame_kind_name(FRAME_KIND_COUNT), "?");
}
