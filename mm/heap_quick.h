/* SPDX-License-Identifier: MIT */
/*
 * Quick lists: small blocks that were freed and not merged, one stack for each
 * size. Private to mm/heap* and mm/kmalloc.c, which have these few lines inline.
 */
#pragma once

#include <stdbool.h>

#include "lib/compiler.h"
#include "mm/heap_block.h"

#define HEAP_QUICK_FIRST (HEAP_BLOCK_MIN / HEAP_UNIT) /* lists below it stay empty */

static inline void heap_count_live(struct heap *heap, size_t units)
{
    heap->live_units += units;
    if (heap->live_units > heap->peak_units) {
        heap->peak_units = heap->live_units;
    }
}

/* Take a block for `size` bytes; NULL when that is too large or the list is empty. */
static inline void *heap_quick_take(struct heap *heap, size_t size)
{
    if (UNLIKELY(size > HEAP_QUICK_PAYLOAD_MAX)) {
        return NULL;
    }
    size_t units = heap_units_for(size);
    struct heap_links **list = &heap->quick[units];
    struct heap_links *links = *list;

    if (UNLIKELY(links == NULL)) {
        return NULL;
    }
    *list = links->next;
    heap->quick_units -= units;
    heap_block_of(links)->tag &= ~HEAP_QUICK;
    heap->live_blocks++;
    heap_count_live(heap, units);
    return links;
}

/*
 * Put a block away. Returns false, with nothing changed, when it is too large,
 * the lists are full, or the pointer is NULL or visibly not a live block's. A
 * state bit in its tag makes the size too large as well: one comparison sees
 * both.
 */
static inline bool heap_quick_put(struct heap *heap, void *payload)
{
    struct heap_links *links = payload;
    uintptr_t address = (uintptr_t)payload;

    if (UNLIKELY(address <= heap->base || address > (uintptr_t)heap->top ||
                 !IS_ALIGNED(address, HEAP_ALIGNMENT))) {
        return false;
    }
    uint64_t tag = heap_block_of(links)->tag;
    size_t units = tag / HEAP_UNIT;
    size_t quick_units = heap->quick_units + units;

    if (UNLIKELY(tag - HEAP_BLOCK_MIN >= HEAP_QUICK_LISTS * HEAP_UNIT - HEAP_BLOCK_MIN ||
                 quick_units > HEAP_QUICK_BYTES_MAX / HEAP_UNIT)) {
        return false;
    }
    struct heap_links **list = &heap->quick[units];

    links->next = *list;
    *list = links;
    heap->quick_units = quick_units;
    heap_block_of(links)->tag = tag | HEAP_QUICK;
    heap->live_blocks--;
    heap->live_units -= units;
    return true;
}

/* Merge all quick blocks. Takes longer the more there are. */
void heap_quick_flush(struct heap *heap);

/*
 * Merge at most one quick block, from the next list in turn. Done when a block
 * finds the lists full, lest they keep for ever what nobody asks for.
 */
void heap_quick_age(struct heap *heap);

/*
 * What heap_alloc() and heap_free() do when the quick lists do not help. Never
 * inline: the quick way would then save the registers that only these need.
 */
NOINLINE void *heap_alloc_slow(struct heap *heap, size_t size);
NOINLINE void heap_free_slow(struct heap *heap, void *payload);
