/* SPDX-License-Identifier: MIT */
/*
 * Memory maps. Every change replaces a run of neighbouring ranges by at most
 * two others, so there is one place where the array grows.
 */
#include "mm/memory_map.h"

#include "lib/bits.h"
#include "lib/string.h"

/* A range as start and end; cut where its end would have no number. */
static struct memory_range make_range(paddr_t start, uint64_t size)
{
    return (struct memory_range){
        .start = start.value,
        .end = start.value + MIN(size, UINT64_MAX - start.value),
    };
}

static uint64_t range_bytes(const struct memory_range *range)
{
    return range->end - range->start;
}

size_t memory_map_first_reaching(const struct memory_map *map, paddr_t address)
{
    size_t low = 0;
    size_t high = map->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->ranges[middle].end > address.value) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Of several smallest ranges the highest goes: low memory is what devices can reach. */
static void forget_smallest(struct memory_map *map)
{
    size_t smallest = 0;

    for (size_t i = 1; i < map->count; i++) {
        if (range_bytes(&map->ranges[i]) <= range_bytes(&map->ranges[smallest])) {
            smallest = i;
        }
    }
    map->dropped_ranges++;
    map->dropped_bytes += range_bytes(&map->ranges[smallest]);
    map->count--;
    memmove(&map->ranges[smallest], &map->ranges[smallest + 1],
            (map->count - smallest) * sizeof(map->ranges[0]));
}

/* Put `count` ranges, 2 at the most, where those from `first` up to `beyond` are. */
static void replace(struct memory_map *map, size_t first, size_t beyond,
                    const struct memory_range *ranges, size_t count)
{
    memmove(&map->ranges[first + count], &map->ranges[beyond],
            (map->count - beyond) * sizeof(map->ranges[0]));
    memcpy(&map->ranges[first], ranges, count * sizeof(map->ranges[0]));
    map->count = map->count - (beyond - first) + count;
    if (map->count > MEMORY_MAP_RANGES_MAX) {
        forget_smallest(map);
    }
}

enum status memory_map_add(struct memory_map *map, paddr_t start, uint64_t size)
{
    struct memory_range merged = make_range(start, size);
    size_t first;
    size_t beyond;

    if (memory_range_wraps(start, size)) {
        return ERR_BAD_ARG;
    }
    if (range_bytes(&merged) == 0) {
        return OK;
    }
    /* A range whose last byte is just below start touches it, and merges too. */
    first = memory_map_first_reaching(map, paddr(MAX(merged.start, 1UL) - 1));
    beyond = first;
    while (beyond < map->count && map->ranges[beyond].start <= merged.end) {
        merged.start = MIN(merged.start, map->ranges[beyond].start);
        merged.end = MAX(merged.end, map->ranges[beyond].end);
        beyond++;
    }
    replace(map, first, beyond, &merged, 1);
    return OK;
}

void memory_map_subtract(struct memory_map *map, paddr_t start, uint64_t size)
{
    struct memory_range hole = make_range(start, size);
    struct memory_range left[2];
    size_t left_count = 0;
    size_t first = memory_map_first_reaching(map, paddr(hole.start));
    size_t beyond = first;

    if (range_bytes(&hole) == 0) {
        return;
    }
    for (; beyond < map->count && map->ranges[beyond].start < hole.end; beyond++) {
        const struct memory_range *range = &map->ranges[beyond];

        if (range->start < hole.start) {
            left[left_count++] = (struct memory_range){range->start, hole.start};
        }
        if (range->end > hole.end) {
            left[left_count++] = (struct memory_range){hole.end, range->end};
        }
    }
    replace(map, first, beyond, left, left_count);
}

bool memory_map_contains(const struct memory_map *map, paddr_t start, uint64_t size)
{
    size_t index = memory_map_first_reaching(map, start);
    const struct memory_range *range = &map->ranges[index];

    if (size == 0) {
        return true;
    }
    return index < map->count && range->start <= start.value && size <= range->end - start.value;
}

uint64_t memory_map_total_bytes(const struct memory_map *map)
{
    uint64_t total = 0;

    for (size_t i = 0; i < map->count; i++) {
        total += range_bytes(&map->ranges[i]);
    }
    return total;
}

uint64_t memory_map_pages_within(const struct memory_map *map, paddr_t start, paddr_t end)
{
    uint64_t pages = 0;

    for (size_t i = memory_map_first_reaching(map, start);
         i < map->count && map->ranges[i].start < end.value; i++) {
        uint64_t low = MAX(map->ranges[i].start, start.value);
        uint64_t high = MIN(map->ranges[i].end, end.value);
        /* Page numbers, not rounded addresses: rounding up can pass 2^64. */
        uint64_t first = low / PAGE_SIZE + (low % PAGE_SIZE != 0);
        uint64_t beyond = high / PAGE_SIZE;

        pages += MAX(beyond, first) - first;
    }
    return pages;
}

uint64_t memory_map_usable_pages(const struct memory_map *map)
{
    return memory_map_pages_within(map, paddr(0), PADDR_MAX);
}

paddr_t memory_map_end(const struct memory_map *map)
{
    return paddr(map->count == 0 ? 0 : map->ranges[map->count - 1].end);
}
