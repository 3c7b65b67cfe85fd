/* SPDX-License-Identifier: MIT */
/*
 * The frame allocator against its slow model, on the memory of real machines:
 * every frame of each, and two million random operations. Host only. Physical
 * memory is address space with nothing behind it until it is touched, so it is
 * also seen that the allocator touches its bitmap and no more.
 */
#define _DEFAULT_SOURCE /* mincore */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/host/frame_model.h"
#include "tests/unit/multiboot2_builder.h"
#include "tests/unit/pseudo_random.h"

#define MAPPED_END     (4 * GIB)
#define EVERYTHING     ALIGN_DOWN(UINT64_MAX, PAGE_SIZE)
#define STEPS          91000 /* random operations on each of 22 machines */
#define FEW_FRAMES     BIT(20) /* 4 GiB: on machines up to this size nothing is abridged */
#define BOUNDED_FRAMES 4096 /* 16 MiB: from here on bitmaps are bound to 1/30000 */
#define STRIDE         61 /* of the frames that are looked at singly, on larger machines */

static void *memory; /* physical address 0 */
static struct frame_pool pool;
static struct frame_model model;
static uint64_t random_state;

/* Runs that are allocated, in no order. */
static struct run {
    uint64_t first;
    uint64_t count;
} * held;
static size_t held_count;

static uint64_t below(uint64_t limit)
{
    return pseudo_random_below(&random_state, limit);
}

static uint64_t count_touched_pages(void)
{
    static unsigned char is_touched[MAPPED_END / PAGE_SIZE];
    uint64_t count = 0;

    CHECK_EQ(mincore(memory, MAPPED_END, is_touched), 0);
    for (size_t i = 0; i < sizeof(is_touched); i++) {
        count += is_touched[i] & 1;
    }
    return count;
}

static void machine_end(void)
{
    CHECK_EQ(munmap(memory, MAPPED_END), 0);
    frame_model_destroy(&model);
}

/* Set the machine up; false when its map has nothing to give. */
static bool machine_begin(const struct e820_map *map)
{
    uint64_t bitmap_pages;
    uint64_t place;
    enum status status;

    random_state = 0x0dd5e7f4a3e5;
    e820_parse(map);
    frame_model_make(&model, map, block_size);
    CHECK_EQ(model.usable, map->usable_pages);
    memory = mmap(NULL, MAPPED_END, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory != MAP_FAILED);
    status = frame_pool_init(&pool, &parsed.usable, &parsed.free, memory, paddr(MAPPED_END));
    if (model.free == 0) {
        CHECK_STATUS(status, ERR_NO_MEMORY);
        machine_end();
        return false;
    }
    CHECK_OK(status);
    CHECK_EQ(pool.bitmap.bit_count, model.highest_usable + 1);
    bitmap_pages = (frame_bitmap_bytes(pool.bitmap.bit_count) + PAGE_SIZE - 1) / PAGE_SIZE;
    place = frame_model_find_run(&model, bitmap_pages, 1, MAPPED_END / PAGE_SIZE);
    CHECK_EQ(pool.bitmap_start / PAGE_SIZE, place);
    frame_model_mark(&model, place, bitmap_pages, FRAME_STATE_RESERVED);
    CHECK_EQ(count_touched_pages(), bitmap_pages);
    return true;
}

/* Whether every frame's bit is set just where the model has it free. */
static void check_every_bit(uint64_t limit)
{
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < pool.bitmap.bit_count; i += 64) {
        uint64_t word = 0;

        for (uint64_t j = MIN(model.frame_count - i, 64UL); j-- > 0;) {
            word = word << 1 | (model.frames[i + j] == FRAME_STATE_FREE && i + j < limit);
        }
        wrong += word != pool.bitmap.levels[0][i / 64];
    }
    CHECK_EQ(wrong, 0);
}

static void check_states(void)
{
    uint64_t wrong = 0;
    uint64_t step = model.frame_count > FEW_FRAMES ? STRIDE : 1;

    for (uint64_t i = 0; i < model.frame_count + 100; i += step) {
        wrong += frame_pool_state(&pool, paddr(i * PAGE_SIZE)) != frame_model_state(&model, i);
    }
    CHECK_EQ(wrong, 0);
}

/* Allocate in runs, each the highest of its length below `limit`, until only short ones are left.
 */
static void take_runs(uint64_t limit)
{
    uint64_t wrong = 0;

    for (uint64_t count = 4095; count > 63; count /= 2) {
        uint64_t next = limit; /* above the last one of a length, there is none left */

        while ((next = frame_model_find_run(&model, count, 1, next)) != MODEL_NONE) {
            paddr_t first = PADDR_MAX;

            wrong += frame_pool_alloc_run(&pool, count, PAGE_SIZE, paddr(limit * PAGE_SIZE),
                                          FRAME_OTHER, &first) != OK ||
                     first.value != next * PAGE_SIZE;
            frame_model_mark(&model, next, count, FRAME_STATE_IN_USE);
        }
    }
    CHECK_EQ(wrong, 0);
}

/* Allocate all there is below `limit`; above, all is allocated. */
static void take_everything(uint64_t limit)
{
    uint64_t wrong = 0;
    uint64_t next = limit;
    paddr_t frame;

    if (model.frame_count > FEW_FRAMES) {
        take_runs(limit);
    }
    while ((next = frame_model_find_run(&model, 1, 1, next)) != MODEL_NONE) {
        wrong +=
            frame_pool_alloc(&pool, FRAME_OTHER, &frame) != OK || frame.value != next * PAGE_SIZE;
        frame_model_mark(&model, next, 1, FRAME_STATE_IN_USE);
    }
    CHECK_EQ(wrong, 0);
    CHECK_STATUS(frame_pool_alloc(&pool, FRAME_OTHER, &frame), ERR_NO_MEMORY);
}

/* Free all there is, from the lowest up, by turns singly and in runs. */
static void free_everything(void)
{
    uint64_t wrong = 0;
    uint64_t next = 0;
    uint64_t length;
    paddr_t culprit;

    while ((length = frame_model_next_in_use(&model, &next)) != 0) {
        uint64_t count = MIN(length, 1 + below(8192));

        if (count % 8 != 0) {
            wrong += frame_pool_free_run(&pool, paddr(next * PAGE_SIZE), count, FRAME_OTHER,
                                         &culprit) != FRAME_STATE_IN_USE;
        } else {
            for (uint64_t i = 0; i < count; i++) {
                wrong += frame_pool_free(&pool, paddr((next + i) * PAGE_SIZE), FRAME_OTHER) !=
                         FRAME_STATE_IN_USE;
            }
        }
        frame_model_mark(&model, next, count, FRAME_STATE_FREE);
    }
    CHECK_EQ(wrong, 0);
}

static void check_totals(void)
{
    struct frame_stats stats;
    uint64_t sum;

    frame_pool_stats(&pool, &stats);
    sum = stats.free;
    for (size_t kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        sum += stats.by_kind[kind];
    }
    CHECK_EQ(sum, model.usable);
    CHECK_EQ(stats.usable, model.usable);
    CHECK_EQ(stats.free, model.free);
    if (model.frame_count >= BOUNDED_FRAMES) {
        CHECK_LE(frame_bitmap_bytes(pool.bitmap.bit_count) * 30000,
                 pool.bitmap.bit_count * PAGE_SIZE);
    }
}

static void check_every_frame(struct e820_map *map)
{
    if (!machine_begin(map)) {
        return;
    }
    check_every_bit(MAPPED_END / PAGE_SIZE);
    take_everything(MAPPED_END / PAGE_SIZE);
    frame_pool_extend(&pool, paddr(EVERYTHING));
    check_every_bit(model.frame_count);
    take_everything(model.frame_count);
    CHECK_EQ(model.free, 0);
    check_states();
    free_everything();
    check_every_bit(model.frame_count);
    check_states();
    check_totals();
    CHECK_EQ(count_touched_pages() * PAGE_SIZE,
             ALIGN_UP(frame_bitmap_bytes(pool.bitmap.bit_count), PAGE_SIZE));
    machine_end();
}

static void hold(uint64_t first, uint64_t count)
{
    frame_model_mark(&model, first, count, FRAME_STATE_IN_USE);
    held[held_count++] = (struct run){first, count};
}

static void alloc_one(void)
{
    paddr_t frame = PADDR_MAX;
    uint64_t expected = frame_model_find_run(&model, 1, 1, model.frame_count);
    enum status status = frame_pool_alloc(&pool, FRAME_OTHER, &frame);

    CHECK_STATUS(status, expected == MODEL_NONE ? ERR_NO_MEMORY : OK);
    CHECK_EQ(frame.value, expected == MODEL_NONE ? UINT64_MAX : expected * PAGE_SIZE);
    if (status == OK) {
        hold(expected, 1);
    }
}

static void alloc_run(void)
{
    uint64_t count = 1 + below(BIT(below(10)));
    uint64_t alignment = BIT(below(10));
    uint64_t limit = below(2) == 0 ? UINT64_MAX : below(model.frame_count * PAGE_SIZE);
    uint64_t expected = frame_model_find_run(&model, count, alignment, limit / PAGE_SIZE);
    paddr_t first = PADDR_MAX;
    enum status status = frame_pool_alloc_run(&pool, count, alignment * PAGE_SIZE, paddr(limit),
                                              FRAME_OTHER, &first);

    CHECK_STATUS(status, expected == MODEL_NONE ? ERR_NO_MEMORY : OK);
    CHECK_EQ(first.value, expected == MODEL_NONE ? UINT64_MAX : expected * PAGE_SIZE);
    if (status == OK) {
        hold(expected, count);
    }
}

static void free_held(void)
{
    size_t index = below(held_count);
    struct run run = held[index];
    paddr_t culprit;

    held[index] = held[--held_count];
    frame_model_mark(&model, run.first, run.count, FRAME_STATE_FREE);
    if (below(2) == 0) {
        CHECK_EQ(frame_pool_free_run(&pool, paddr(run.first * PAGE_SIZE), run.count, FRAME_OTHER,
                                     &culprit),
                 FRAME_STATE_IN_USE);
        return;
    }
    for (uint64_t i = run.first; i < run.first + run.count; i++) {
        CHECK_EQ(frame_pool_free(&pool, paddr(i * PAGE_SIZE), FRAME_OTHER), FRAME_STATE_IN_USE);
    }
}

/* Free a run that is not all in use: the lowest such frame is named, and nothing changes. */
static void free_wrongly(void)
{
    uint64_t bad = model.frame_count;
    uint64_t first;
    uint64_t before = below(16); /* frames of the run that are in use */
    paddr_t culprit;

    for (size_t tries = 0; tries < 20; tries++) {
        uint64_t frame = below(model.frame_count + 100);

        if (frame_model_state(&model, frame) != FRAME_STATE_IN_USE) {
            bad = frame;
            break;
        }
    }
    for (first = bad; before > 0 && first > 0; first--, before--) {
        if (frame_model_state(&model, first - 1) != FRAME_STATE_IN_USE) {
            break;
        }
    }
    CHECK_EQ(frame_pool_free_run(&pool, paddr(first * PAGE_SIZE), bad - first + 1 + below(3),
                                 FRAME_OTHER, &culprit),
             frame_model_state(&model, bad));
    CHECK_EQ(culprit.value, bad * PAGE_SIZE);
    CHECK_EQ(frame_pool_free(&pool, culprit, FRAME_OTHER), frame_model_state(&model, bad));
    CHECK_EQ(frame_pool_free_count(&pool), model.free);
}

/* Make a small machine full but for one frame in a thousand; on others the bitmap's top is enough.
 */
static void fill_up(void)
{
    if (model.frame_count > FEW_FRAMES) {
        return;
    }
    take_everything(model.frame_count);
    for (uint64_t i = 0; i < model.frame_count; i++) {
        if (model.frames[i] == FRAME_STATE_IN_USE) {
            held[held_count++] = (struct run){i, 1};
        }
    }
    for (size_t i = held_count / 1000; i-- > 0;) {
        free_held();
    }
}

static void check_random_operations(struct e820_map *map)
{
    if (!machine_begin(map)) {
        return;
    }
    frame_pool_extend(&pool, paddr(EVERYTHING));
    held_count = 0;
    held = malloc((FEW_FRAMES + STEPS) * sizeof(held[0]));
    CHECK(held != NULL);
    fill_up();
    for (size_t step = 0; step < STEPS; step++) {
        uint64_t what = below(100);

        if (what < 6) {
            alloc_run();
        } else if (what < 12) {
            free_wrongly();
        } else if (what < 56 || held_count == 0) {
            alloc_one();
        } else {
            free_held();
        }
    }
    check_states();
    check_totals();
    while (held_count != 0) {
        free_held();
    }
    check_totals();
    free(held);
    machine_end();
}

KTEST(frame_model, every_frame_of_every_machine_is_what_the_model_says)
{
    e820_for_each(check_every_frame);
}

KTEST(frame_model, two_million_random_operations_agree_with_the_model)
{
    e820_for_each(check_random_operations);
}
