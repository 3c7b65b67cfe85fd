/* SPDX-License-Identifier: MIT */
/* How quick lists let go of blocks. */
#include "mm/heap_quick.h"

#include "mm/heap_space.h"

static void release_one(struct heap *heap, size_t units)
{
    struct heap_links *links = heap->quick[units];

    heap->quick[units] = links->next;
    heap->quick_units -= units;
    heap_release(heap, heap_block_of(links));
}

void heap_quick_flush(struct heap *heap)
{
    for (size_t units = HEAP_QUICK_FIRST; units < HEAP_QUICK_LISTS; units++) {
        while (heap->quick[units] != NULL) {
            release_one(heap, units);
        }
    }
}

void heap_quick_age(struct heap *heap)
{
    size_t units = heap->quick_hand;

    heap->quick_hand = units + 1 < HEAP_QUICK_LISTS ? units + 1 : HEAP_QUICK_FIRST;
    if (heap->quick[units] != NULL) {
        release_one(heap, units);
    }
}
