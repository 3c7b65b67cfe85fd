/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a pool that is set up: runs, the state of an address, and
 * where all frames are.
 */
#include "mm/frame_pool.h"

#include "lib/format.h"
#include "lib/string.h"

static const char *const state_phrases[] = {
#define FRAME_STATE_PHRASE(state, phrase) [state] = (phrase),
    FRAME_STATE_LIST(FRAME_STATE_PHRASE)
#undef FRAME_STATE_PHRASE
};

enum frame_state frame_pool_state(const struct frame_pool *pool, paddr_t frame)
{
    if (!IS_ALIGNED(frame.value, PAGE_SIZE)) {
        return FRAME_STATE_UNALIGNED;
    }
    if (memory_map_contains(&pool->managed, frame, PAGE_SIZE)) {
        struct frame_bitmap_spot spot = frame_bitmap_look(&pool->bitmap, frame.value / PAGE_SIZE);

        return frame_bitmap_is_set(spot) ? FRAME_STATE_FREE : FRAME_STATE_IN_USE;
    }
    if (pool->usable == NULL || frame.value >= memory_map_end(pool->usable).value) {
        return FRAME_STATE_BEYOND;
    }
    return memory_map_contains(pool->usable, frame, PAGE_SIZE) ? FRAME_STATE_RESERVED
                                                               : FRAME_STATE_HOLE;
}

void frame_pool_miscounted(enum frame_kind kind)
{
    panic("frame: freeing for %s: got more frames than were allocated for that",
          frame_kind_name(kind));
}

/* Make the managed range that a frame lies in the recent one. */
static void remember_range(struct frame_pool *pool, paddr_t frame)
{
    size_t index = memory_map_first_reaching(&pool->managed, frame);
    const struct memory_range *range = &pool->managed.ranges[index];

    /* The pool never gives up what it was handed, so this stays true. */
    pool->recent_start = ALIGN_UP(range->start, PAGE_SIZE);
    pool->recent_bytes = ALIGN_DOWN(range->end, PAGE_SIZE) - pool->recent_start;
}

enum frame_state frame_pool_free(struct frame_pool *pool, paddr_t frame, enum frame_kind kind)
{
    enum frame_state state = FRAME_STATE_IN_USE;

    if (!frame_pool_try_free(pool, frame, kind)) {
        state = frame_pool_state(pool, frame);
        if (state == FRAME_STATE_IN_USE) {
            bool is_freed;

            remember_range(pool, frame);
            is_freed = frame_pool_try_free(pool, frame, kind);
            ASSERT(is_freed);
        }
    }
    return state;
}

/* What holds a frame that is usable, but not the pool's. */
static enum frame_kind reserved_kind(const struct frame_pool *pool, paddr_t frame)
{
    const struct frame_reserved_range *range =
        frame_reserved_find(&pool->reserved, frame, paddr(frame.value + PAGE_SIZE));

    if (range != NULL) {
        return range->kind;
    }
    return memory_map_contains(pool->free, frame, PAGE_SIZE) ? FRAME_OUT_OF_REACH : FRAME_UNNAMED;
}

size_t frame_pool_describe(const struct frame_pool *pool, paddr_t frame, char *buffer, size_t size)
{
    enum frame_state state = frame_pool_state(pool, frame);

    if (state != FRAME_STATE_RESERVED) {
        return ksnprintf(buffer, size, "%s", state_phrases[state]);
    }
    return ksnprintf(buffer, size, "%s (%s)", state_phrases[state],
                     frame_kind_name(reserved_kind(pool, frame)));
}

enum status frame_pool_alloc_run(struct frame_pool *pool, size_t count, uint64_t alignment,
                                 paddr_t limit, enum frame_kind kind, paddr_t *first)
{
    uint64_t number;

    ASSERT(pool->bitmap.level_count != 0);
    ASSERT_CMP(kind, <, ARRAY_SIZE(pool->allocated));
    if (count == 0 || alignment < PAGE_SIZE || (alignment & (alignment - 1)) != 0) {
        return ERR_BAD_ARG;
    }
    if (!frame_bitmap_find_run(&pool->bitmap, count, alignment / PAGE_SIZE, limit.value / PAGE_SIZE,
                               &number)) {
        return ERR_NO_MEMORY;
    }
    frame_bitmap_clear_range(&pool->bitmap, number, count);
    pool->allocated[kind] += count;
    *first = paddr(number * PAGE_SIZE);
    return OK;
}

/* Whether `count` frames, 1 or more, are all in use. */
static bool is_run_in_use(const struct frame_pool *pool, paddr_t first, size_t count)
{
    return IS_ALIGNED(first.value, PAGE_SIZE) && count <= UINT64_MAX / PAGE_SIZE &&
           memory_map_contains(&pool->managed, first, count * PAGE_SIZE) &&
           !frame_bitmap_has_any(&pool->bitmap, first.value / PAGE_SIZE, count);
}

enum frame_state frame_pool_free_run(struct frame_pool *pool, paddr_t first, size_t count,
                                     enum frame_kind kind, paddr_t *culprit)
{
    ASSERT_CMP(count, >, 0);
    if (!is_run_in_use(pool, first, count)) {
        paddr_t frame = first;

        while (frame_pool_state(pool, frame) == FRAME_STATE_IN_USE) {
            frame.value += PAGE_SIZE;
        }
        *culprit = frame;
        return frame_pool_state(pool, frame);
    }
    frame_pool_count_freed(pool, kind, count);
    frame_bitmap_set_range(&pool->bitmap, first.value / PAGE_SIZE, count);
    return FRAME_STATE_IN_USE;
}

uint64_t frame_pool_free_count(const struct frame_pool *pool)
{
    uint64_t count = pool->managed_frames;

    for (size_t kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        count -= pool->allocated[kind];
    }
    return count;
}

/* Count the whole usable pages that named ranges touch, each for the lowest range that does. */
static uint64_t count_named(const struct frame_pool *pool, uint64_t *by_kind)
{
    uint64_t total = 0;
    uint64_t counted = 0; /* up to this address */

    for (size_t i = 0; i < pool->reserved.count; i++) {
        const struct frame_reserved_range *range = &pool->reserved.ranges[i];
        uint64_t start = MAX(ALIGN_DOWN(range->start, PAGE_SIZE), counted);
        uint64_t end = ALIGN_UP(range->end, PAGE_SIZE);

        if (start < end) {
            uint64_t pages = memory_map_pages_within(pool->usable, paddr(start), paddr(end));

            by_kind[range->kind] += pages;
            total += pages;
            counted = end;
        }
    }
    return total;
}

void frame_pool_stats(const struct frame_pool *pool, struct frame_stats *stats)
{
    uint64_t unreached;
    uint64_t named;

    memset(stats, 0, sizeof(*stats));
    if (pool->usable == NULL) {
        return;
    }
    memcpy(stats->by_kind, pool->allocated, sizeof(stats->by_kind));
    named = count_named(pool, stats->by_kind);
    unreached = memory_map_pages_within(pool->free, paddr(pool->reach), PADDR_MAX);
    stats->usable = memory_map_usable_pages(pool->usable);
    stats->free = frame_pool_free_count(pool);
    stats->by_kind[FRAME_OUT_OF_REACH] += unreached;
    stats->by_kind[FRAME_UNNAMED] += stats->usable - pool->managed_frames - named - unreached;
}
