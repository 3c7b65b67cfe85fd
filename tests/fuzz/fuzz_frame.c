/* SPDX-License-Identifier: MIT */
/*
 * The frame allocator against an array with a state for each frame, on memory
 * whose ranges the input draws. It gives the highest frame or run there is,
 * takes back only what is in use, says of every frame what it is, and its
 * counts are the array's.
 */
#include <string.h>

#include "lib/bits.h"
#include "mm/frame_pool.h"
#include "tests/fuzz/fuzz.h"

#define FRAMES       1024
#define RANGES_MOST  6
#define KIND         FRAME_OTHER
#define RUN_MOST     40
#define NO_FRAME     UINT64_MAX
#define MEMORY_BYTES (FRAMES * PAGE_SIZE)

static uint8_t memory[MEMORY_BYTES] ALIGNED(PAGE_SIZE);
static struct memory_map usable;
static struct frame_pool pool;
static enum frame_state state[FRAMES];

/* Ranges of whole pages, some of which are usable and not free. */
static bool draw_machine(struct fuzz_input *input)
{
    static struct memory_map free_ranges;
    uint32_t ranges = fuzz_between(input, 1, RANGES_MOST);

    memset(&usable, 0, sizeof(usable));
    memset(&free_ranges, 0, sizeof(free_ranges));
    while (ranges-- > 0) {
        uint64_t first = fuzz_byte(input) * 4UL;
        uint64_t count = MIN(fuzz_byte(input) * 4UL, FRAMES - first);
        bool is_free = fuzz_byte(input) % 4 != 0;

        if (memory_map_add(&usable, paddr(first * PAGE_SIZE), count * PAGE_SIZE) != OK ||
            (is_free &&
             memory_map_add(&free_ranges, paddr(first * PAGE_SIZE), count * PAGE_SIZE) != OK)) {
            return false;
        }
    }
    if (frame_pool_init(&pool, &usable, &free_ranges, memory, paddr(MEMORY_BYTES)) != OK) {
        return false;
    }
    for (uint64_t i = 0; i < FRAMES; i++) {
        state[i] = frame_pool_state(&pool, paddr(i * PAGE_SIZE));
        ASSERT_CMP(state[i] == FRAME_STATE_FREE, <=,
                   memory_map_contains(&free_ranges, paddr(i * PAGE_SIZE), PAGE_SIZE));
    }
    return true;
}

/* The first frame of the highest run that is free, aligned and below a limit. */
static uint64_t highest_run(uint64_t count, uint64_t alignment, uint64_t limit)
{
    for (uint64_t first = MIN(limit, (uint64_t)FRAMES); first-- > 0;) {
        uint64_t i = 0;

        if (first % alignment != 0 || first + count > limit || first + count > FRAMES) {
            continue;
        }
        while (i < count && state[first + i] == FRAME_STATE_FREE) {
            i++;
        }
        if (i == count) {
            return first;
        }
    }
    return NO_FRAME;
}

static void mark(uint64_t first, uint64_t count, enum frame_state now)
{
    for (uint64_t i = first; i < first + count; i++) {
        state[i] = now;
    }
}

static void alloc_run(uint64_t count, uint64_t alignment, uint64_t limit)
{
    uint64_t want = highest_run(count, alignment, limit);
    paddr_t got = {NO_FRAME};
    enum status status = frame_pool_alloc_run(&pool, count, alignment * PAGE_SIZE,
                                              paddr(limit * PAGE_SIZE), KIND, &got);

    ASSERT_CMP(status == OK, ==, want != NO_FRAME);
    ASSERT_CMP(got.value, ==, want == NO_FRAME ? NO_FRAME : want * PAGE_SIZE);
    if (status == OK) {
        mark(want, count, FRAME_STATE_IN_USE);
    }
}

static void alloc_one(void)
{
    uint64_t want = highest_run(1, 1, FRAMES);
    paddr_t got = {NO_FRAME};

    ASSERT_CMP(frame_pool_alloc(&pool, KIND, &got) == OK, ==, want != NO_FRAME);
    if (want != NO_FRAME) {
        ASSERT_CMP(got.value, ==, want * PAGE_SIZE);
        mark(want, 1, FRAME_STATE_IN_USE);
    }
}

/* Whatever it is: only what is in use is taken back, the lowest other is named. */
static void free_run(uint64_t first, uint64_t count)
{
    paddr_t culprit = {NO_FRAME};
    enum frame_state want = FRAME_STATE_IN_USE;
    uint64_t bad = first;

    while (bad < MIN(first + count, (uint64_t)FRAMES) && state[bad] == FRAME_STATE_IN_USE) {
        bad++;
    }
    if (bad < first + count) {
        want = bad < FRAMES ? state[bad] : frame_pool_state(&pool, paddr(bad * PAGE_SIZE));
    }
    ASSERT_CMP(
        (unsigned)frame_pool_free_run(&pool, paddr(first * PAGE_SIZE), count, KIND, &culprit), ==,
        (unsigned)want);
    if (want == FRAME_STATE_IN_USE) {
        mark(first, count, FRAME_STATE_FREE);
    } else {
        ASSERT_CMP(culprit.value, ==, bad * PAGE_SIZE);
    }
}

static void free_one(uint64_t frame)
{
    paddr_t address = paddr(frame * PAGE_SIZE);

    if (frame_pool_try_free(&pool, address, KIND)) {
        ASSERT_CMP((unsigned)state[frame], ==, (unsigned)FRAME_STATE_IN_USE);
    } else {
        ASSERT_CMP((unsigned)frame_pool_free(&pool, address, KIND), ==, (unsigned)state[frame]);
    }
    if (state[frame] == FRAME_STATE_IN_USE) {
        state[frame] = FRAME_STATE_FREE;
    }
}

static void step(struct fuzz_input *input)
{
    uint8_t operation = fuzz_byte(input);
    uint64_t count = fuzz_between(input, 1, RUN_MOST);
    uint64_t frame = fuzz_byte(input) * 4UL + (operation >> 6);

    switch (operation % 8) {
    case 0:
    case 1:
        alloc_run(count, 1UL << (operation >> 5), frame);
        break;
    case 2:
        free_run(frame, count);
        break;
    case 3:
        free_one(frame);
        break;
    case 4:
        for (uint64_t i = 0; i < count; i++) {
            alloc_one();
        }
        break;
    default:
        alloc_one();
        break;
    }
}

static void compare(void)
{
    struct frame_stats stats;
    uint64_t counts[FRAME_STATE_UNALIGNED + 1] = {0};

    for (uint64_t i = 0; i < FRAMES; i++) {
        ASSERT_CMP((unsigned)frame_pool_state(&pool, paddr(i * PAGE_SIZE)), ==, (unsigned)state[i]);
        counts[state[i]]++;
    }
    frame_pool_stats(&pool, &stats);
    ASSERT_CMP(stats.free, ==, counts[FRAME_STATE_FREE]);
    ASSERT_CMP(stats.free, ==, frame_pool_free_count(&pool));
    ASSERT_CMP(stats.by_kind[KIND], ==, counts[FRAME_STATE_IN_USE]);
    ASSERT_CMP(stats.usable, ==, memory_map_usable_pages(&usable));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};

    if (!draw_machine(&input)) {
        return 0;
    }
    while (input.size > 0) {
        step(&input);
    }
    compare();
    return 0;
}
