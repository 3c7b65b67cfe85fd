/* SPDX-License-Identifier: MIT */
/*
 * The machine that the tests of frames play on.
 */
#include "tests/unit/frame_fixture.h"

#define UNTOUCHED 0xa5

struct memory_map usable_memory;
struct memory_map free_memory;
struct frame_pool pool;

static uint8_t window[WINDOW_SIZE] ALIGNED(4096);
static uint64_t window_start; /* physical */

void maps_clear(void)
{
    memset(&usable_memory, 0, sizeof(usable_memory));
    memset(&free_memory, 0, sizeof(free_memory));
}

void add_usable(uint64_t start, uint64_t end)
{
    CHECK_OK(memory_map_add(&usable_memory, paddr(start), end - start));
}

void add_usable_and_free(uint64_t start, uint64_t end)
{
    add_usable(start, end);
    CHECK_OK(memory_map_add(&free_memory, paddr(start), end - start));
}

void maps_make_machine(void)
{
    maps_clear();
    add_usable(0, LOW_END);
    add_usable_and_free(KERNEL_AT, HOLE_AT);
    add_usable_and_free(HOLE_END, MEMORY_END);
    memory_map_subtract(&free_memory, paddr(KERNEL_AT), KERNEL_SIZE);
    memory_map_subtract(&free_memory, paddr(BOOT_AT), BOOT_SIZE);
    memory_map_subtract(&free_memory, paddr(MODULE_A_AT), MODULE_A_SIZE);
    memory_map_subtract(&free_memory, paddr(MODULE_B_AT), MODULE_B_SIZE);
}

enum status pool_make(uint64_t window_end, uint64_t mapped_end)
{
    memset(window, UNTOUCHED, sizeof(window));
    window_start = window_end - WINDOW_SIZE;
    return frame_pool_init(&pool, &usable_memory, &free_memory,
                           (void *)((uintptr_t)window - window_start), paddr(mapped_end));
}

void machine_make(void)
{
    maps_make_machine();
    CHECK_OK(pool_make(MAPPED_END, MAPPED_END));
}

bool is_window_clean(void)
{
    uint64_t bitmap_start = pool.bitmap_start - window_start;
    uint64_t bitmap_end = bitmap_start + frame_bitmap_bytes(pool.bitmap.bit_count);

    for (uint64_t i = 0; i < WINDOW_SIZE; i++) {
        if ((i < bitmap_start || i >= bitmap_end) && window[i] != UNTOUCHED) {
            return false;
        }
    }
    return true;
}

uint64_t alloc(void)
{
    paddr_t frame = PADDR_MAX;
    enum status status = frame_pool_alloc(&pool, FRAME_OTHER, &frame);

    CHECK_STATUS(status, frame.value != UINT64_MAX ? OK : ERR_NO_MEMORY);
    return frame.value;
}

enum frame_state free_frame(uint64_t address)
{
    return frame_pool_free(&pool, paddr(address), FRAME_OTHER);
}

uint64_t alloc_run(size_t count, uint64_t alignment, uint64_t limit)
{
    paddr_t first = PADDR_MAX;
    enum status status =
        frame_pool_alloc_run(&pool, count, alignment, paddr(limit), FRAME_OTHER, &first);

    CHECK_STATUS(status, first.value != UINT64_MAX ? OK : ERR_NO_MEMORY);
    return first.value;
}

const char *describe(uint64_t address)
{
    static char text[80];

    frame_pool_describe(&pool, paddr(address), text, sizeof(text));
    return text;
}

struct frame_stats stats_now(void)
{
    struct frame_stats stats;
    uint64_t sum = 0;

    frame_pool_stats(&pool, &stats);
    for (size_t kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        sum += stats.by_kind[kind];
    }
    CHECK_EQ(sum + stats.free, stats.usable);
    CHECK_EQ(stats.free, frame_pool_free_count(&pool));
    CHECK_EQ(stats.usable, memory_map_usable_pages(&usable_memory));
    return stats;
}

void check_stats_add_up(void)
{
    (void)stats_now();
}
