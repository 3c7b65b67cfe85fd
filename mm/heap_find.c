/* SPDX-License-Identifier: MIT */
/* From an address to its block, by the tags of all blocks before it. */
#include "mm/heap_block.h"

const struct heap_block *heap_block_around(const struct heap *heap, uintptr_t address)
{
    const struct heap_block *block = heap_first_block(heap);

    while (block < heap->top) {
        size_t size = heap_block_size(block->tag);

        if (size < HEAP_BLOCK_MIN || size > (uintptr_t)heap->top - (uintptr_t)block) {
            return NULL;
        }
        if (address < (uintptr_t)block + size) {
            return block;
        }
        block = heap_block_at(block, size);
    }
    return NULL;
}

struct heap_place heap_find(const struct heap *heap, uintptr_t address)
{
    struct heap_place place = {.state = HEAP_PLACE_OUTSIDE};
    const struct heap_block *block;

    if (heap->top == NULL || address < heap->base ||
        address >= (uintptr_t)heap->top_last + HEAP_TAG_SIZE) {
        return place;
    }
    if (address >= (uintptr_t)heap->top || address < (uintptr_t)heap_first_block(heap)) {
        place.state = HEAP_PLACE_FREE;
        return place;
    }
    block = heap_block_around(heap, address);
    if (block == NULL) {
        place.state = HEAP_PLACE_UNKNOWN;
    } else if ((block->tag & HEAP_FREE) != 0) {
        place.state = HEAP_PLACE_FREE;
    } else {
        place.state = (block->tag & HEAP_QUICK) != 0 ? HEAP_PLACE_FREED : HEAP_PLACE_LIVE;
        place.block = (uintptr_t)&block->links;
        place.size = heap_block_size(block->tag) - HEAP_TAG_SIZE;
    }
    return place;
}
