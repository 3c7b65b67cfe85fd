/* SPDX-License-Identifier: MIT */
/*
 * What a pool gets: its bitmap's place first, then free memory as far as it is
 * mapped, later the rest and what the boot has no more use for.
 */
#include "lib/string.h"
#include "mm/frame_pool.h"

struct bitmap_place {
    uint64_t start; /* bytes, page aligned */
    uint64_t bytes; /* whole pages */
    uint64_t frame_count; /* that it has bits for */
};

/* Whether all free memory is usable. */
static bool is_part_of(const struct memory_map *free, const struct memory_map *usable)
{
    for (size_t i = 0; i < free->count; i++) {
        const struct memory_range *range = &free->ranges[i];

        if (!memory_map_contains(usable, paddr(range->start), range->end - range->start)) {
            return false;
        }
    }
    return true;
}

/* The highest whole free pages below `limit` that hold the bitmap: low memory is for devices. */
static bool find_place(const struct memory_map *free, uint64_t limit, struct bitmap_place *place)
{
    for (size_t i = free->count; i-- > 0;) {
        uint64_t end = ALIGN_DOWN(MIN(free->ranges[i].end, limit), PAGE_SIZE);

        if (end >= place->bytes && end - place->bytes >= free->ranges[i].start) {
            place->start = end - place->bytes;
            return true;
        }
    }
    return false;
}

/*
 * Choose how far up the bitmap reaches, and where it lies: up to the highest
 * usable address, unless what lies up there is less memory than its part of
 * the bitmap takes away (a lone page at 1 TiB would cost 32 MiB).
 */
static bool choose_place(const struct memory_map *usable, const struct memory_map *free,
                         uint64_t mapped_end, struct bitmap_place *best)
{
    uint64_t best_gain = 0; /* frames, the bitmap's taken off */

    for (size_t i = usable->count; i-- > 0;) {
        uint64_t end = ALIGN_DOWN(usable->ranges[i].end, PAGE_SIZE);
        uint64_t gain = memory_map_pages_within(usable, paddr(0), paddr(end));
        struct bitmap_place place = {.frame_count = end / PAGE_SIZE};

        if (gain <= best_gain) {
            break; /* and so it is with all below */
        }
        place.bytes = ALIGN_UP(frame_bitmap_bytes(place.frame_count), PAGE_SIZE);
        /* Not in what it does not reach: that is counted as such, all of it. */
        if (gain > best_gain + place.bytes / PAGE_SIZE &&
            find_place(free, MIN(mapped_end, end), &place)) {
            best_gain = gain - place.bytes / PAGE_SIZE;
            *best = place;
        }
    }
    return best_gain != 0;
}

static bool is_managed(const struct frame_pool *pool, uint64_t number)
{
    return memory_map_contains(&pool->managed, paddr(number * PAGE_SIZE), PAGE_SIZE);
}

/* The bytes from `start` up to `end` become the pool's: each page that they complete is free. */
static void hand_over(struct frame_pool *pool, uint64_t start, uint64_t end)
{
    uint64_t first = start / PAGE_SIZE;
    uint64_t beyond = ALIGN_UP(end, PAGE_SIZE) / PAGE_SIZE;
    enum status status;

    if (start == end) {
        return;
    }
    status = memory_map_add(&pool->managed, paddr(start), end - start);
    ASSERT_OK(status);
    ASSERT_CMP(pool->managed.dropped_ranges, ==, 0);
    /* Only the outer two pages can have bytes that are not the pool's. */
    if (!is_managed(pool, first)) {
        first++;
    }
    if (first < beyond && !is_managed(pool, beyond - 1)) {
        beyond--;
    }
    if (first < beyond) {
        frame_bitmap_set_range(&pool->bitmap, first, beyond - first);
        pool->managed_frames += beyond - first;
    }
}

void frame_pool_extend(struct frame_pool *pool, paddr_t mapped_end)
{
    uint64_t from = pool->reach;
    uint64_t to = MIN(mapped_end.value, pool->bitmap.bit_count * PAGE_SIZE);

    ASSERT(pool->free != NULL);
    ASSERT(IS_ALIGNED(mapped_end.value, PAGE_SIZE));
    for (size_t i = memory_map_first_reaching(pool->free, paddr(from));
         i < pool->free->count && pool->free->ranges[i].start < to; i++) {
        uint64_t start = MAX(pool->free->ranges[i].start, from);
        uint64_t end = MIN(pool->free->ranges[i].end, to);

        /* Less than a page of a range is left behind the bitmap, if anything. */
        if (start <= pool->bitmap_start && pool->bitmap_start < end) {
            end = pool->bitmap_start;
        }
        hand_over(pool, start, end);
    }
    pool->reach = MAX(from, to);
}

enum status frame_pool_init(struct frame_pool *pool, const struct memory_map *usable,
                            const struct memory_map *free, void *direct_base, paddr_t mapped_end)
{
    struct bitmap_place place;

    if (!IS_ALIGNED(mapped_end.value, PAGE_SIZE) || !is_part_of(free, usable)) {
        return ERR_BAD_ARG;
    }
    if (!choose_place(usable, free, mapped_end.value, &place)) {
        return ERR_NO_MEMORY;
    }
    memset(pool, 0, sizeof(*pool));
    pool->usable = usable;
    pool->free = free;
    pool->bitmap_start = place.start;
    frame_bitmap_init(&pool->bitmap, (void *)((uintptr_t)direct_base + place.start),
                      place.frame_count);
    frame_pool_extend(pool, mapped_end);
    return frame_reserved_add(&pool->reserved, paddr(place.start), place.bytes, FRAME_BITMAP);
}

/* Whether start + size is an address. */
static bool is_range(paddr_t start, uint64_t size)
{
    return size <= UINT64_MAX - start.value;
}

/* Whether the map has any byte from `start` up to `end`. */
static bool has_bytes_of(const struct memory_map *map, paddr_t start, uint64_t end)
{
    size_t index = memory_map_first_reaching(map, start);

    return index < map->count && map->ranges[index].start < end;
}

enum status frame_pool_name_reserved(struct frame_pool *pool, paddr_t start, uint64_t size,
                                     enum frame_kind kind)
{
    ASSERT(pool->free != NULL);
    ASSERT_CMP(kind, <, ARRAY_SIZE(pool->allocated));
    if (size == 0 || !is_range(start, size) ||
        has_bytes_of(pool->free, start, start.value + size) ||
        has_bytes_of(&pool->managed, start, start.value + size)) {
        return ERR_BAD_ARG;
    }
    return frame_reserved_add(&pool->reserved, start, size, kind);
}

enum status frame_pool_release_reserved(struct frame_pool *pool, paddr_t start, uint64_t size)
{
    enum status status;

    ASSERT(pool->usable != NULL);
    if (!is_range(start, size) || start.value + size > pool->reach ||
        !memory_map_contains(pool->usable, start, size)) {
        return ERR_BAD_ARG;
    }
    /* More ranges than a map holds would cost one that is in use. */
    if (pool->free->count + pool->released_ranges >= MEMORY_MAP_RANGES_MAX) {
        return ERR_FULL;
    }
    status = frame_reserved_remove(&pool->reserved, start, size, FRAME_BOOT);
    if (status == OK) {
        pool->released_ranges++;
        hand_over(pool, start.value, start.value + size);
    }
    return status;
}
