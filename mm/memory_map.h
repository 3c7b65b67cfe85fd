/* SPDX-License-Identifier: MIT */
/*
 * Which bytes of physical memory are there to be used: a list of ranges in a
 * fixed array, because it is made before there is anything to allocate from.
 * Invariant: the ranges are sorted, not empty, and neither overlap nor touch.
 * A map of zero bytes, {0}, is an empty map.
 *
 * When the array is full, its smallest range is forgotten: memory is lost and
 * counted, but what was subtracted never comes back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

#define MEMORY_MAP_RANGES_MAX 512

/* The bytes from `start` up to, not including, `end`. */
struct memory_range {
    uint64_t start;
    uint64_t end;
};

struct memory_map {
    size_t count;
    size_t dropped_ranges; /* forgotten because the array was full */
    uint64_t dropped_bytes; /* in them, each as large as it was then */
    /* The last slot is in use only inside a call, between growing and forgetting. */
    struct memory_range ranges[MEMORY_MAP_RANGES_MAX + 1];
};

/* Whether a range runs past the end of the 64-bit address space; one may end just there. */
static inline bool memory_range_wraps(paddr_t start, uint64_t size)
{
    return size != 0 && start.value + (size - 1) < start.value;
}

/*
 * Make a range part of the map, merged with what it overlaps or touches.
 *
 * size  bytes; 0 changes nothing. The address space's very last byte is never
 *       part of a map: its end has no number.
 *
 * Returns OK           also when a range had to be forgotten for it
 *         ERR_BAD_ARG  the range wraps around 2^64; the map is untouched
 *
 * Context: any.
 */
MUST_CHECK enum status memory_map_add(struct memory_map *map, paddr_t start, uint64_t size);

/*
 * Carve a range out of the map, whether or not it is there.
 *
 * size  bytes; 0 changes nothing. A range that would wrap around 2^64 is cut
 *       there, so UINT64_MAX stands for "and all above".
 *
 * Context: any.
 */
void memory_map_subtract(struct memory_map *map, paddr_t start, uint64_t size);

/* Whether every byte of a range is in the map; an empty range always is. Context: any. */
bool memory_map_contains(const struct memory_map *map, paddr_t start, uint64_t size);

/* Bytes in the map. Context: any. */
uint64_t memory_map_total_bytes(const struct memory_map *map);

/* Pages of PAGE_SIZE that lie wholly in the map. Context: any. */
uint64_t memory_map_usable_pages(const struct memory_map *map);

/*
 * The same between two addresses.
 *
 * end  exclusive; PADDR_MAX for all above start
 *
 * Context: any.
 */
uint64_t memory_map_pages_within(const struct memory_map *map, paddr_t start, paddr_t end);

/* Index of the first range with a byte at `address` or above; count when none has. Context: any. */
size_t memory_map_first_reaching(const struct memory_map *map, paddr_t address);

/* One past the highest byte in the map, 0 for an empty one. Context: any. */
paddr_t memory_map_end(const struct memory_map *map);
