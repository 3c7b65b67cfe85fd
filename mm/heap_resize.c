/* SPDX-License-Identifier: MIT */
/* Changing a block's size. */
#include "lib/string.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"
#include "mm/heap_space.h"

/* Cut a live block down to `size`; what is too small for a block stays. */
static void shrink(struct heap *heap, struct heap_block *block, size_t size)
{
    size_t excess = heap_live_size(block->tag) - size;

    if (excess >= HEAP_BLOCK_MIN) {
        struct heap_block *tail = heap_block_at(block, size);

        block->tag -= excess;
        tail->tag = excess;
        heap->live_units -= excess / HEAP_UNIT;
        heap_release(heap, tail);
    }
}

/* Extend a live block to `size` over the free block or the top behind it. */
static bool extend(struct heap *heap, struct heap_block *block, size_t size)
{
    size_t old_size = heap_live_size(block->tag);
    struct heap_block *next = heap_block_at(block, old_size);

    if (next == heap->top) {
        if (!heap_top_reserve(heap, size - old_size)) {
            return false;
        }
        heap_top_set(heap, heap_block_at(block, size));
        block->tag += size - old_size;
        heap_count_live(heap, (size - old_size) / HEAP_UNIT);
        return true;
    }
    if ((next->tag & HEAP_FREE) == 0 || old_size + heap_free_size(next) < size) {
        return false;
    }
    heap_bins_remove(heap, next);
    /* The carving counts a new live block: this one is the old one's successor. */
    heap->live_blocks--;
    heap->live_units -= old_size / HEAP_UNIT;
    heap_carve(heap, block, old_size + heap_free_size(next), size, block->tag & HEAP_PREVIOUS_FREE);
    return true;
}

NOINLINE static void *realloc_slow(struct heap *heap, void *payload, size_t size)
{
    struct heap_block *block = heap_block_of(payload);
    size_t block_size = heap_size_for(size);
    size_t old_size;
    void *moved;

    heap_require_live(heap, payload);
    old_size = heap_live_size(block->tag);
    if (block_size <= old_size) {
        shrink(heap, block, block_size);
        return payload;
    }
    if (extend(heap, block, block_size)) {
        return payload;
    }
    moved = heap_alloc(heap, size);
    if (moved == NULL) {
        /* The attempt has merged whatever could be; the room may be right behind. */
        return extend(heap, block, block_size) ? payload : NULL;
    }
    memcpy(moved, payload, old_size - HEAP_TAG_SIZE);
    heap_free(heap, payload);
    return moved;
}

void *heap_realloc(struct heap *heap, void *payload, size_t size)
{
    if (UNLIKELY(payload == NULL)) {
        return heap_alloc(heap, size);
    }
    if (UNLIKELY(size > HEAP_PAYLOAD_MAX)) {
        return NULL;
    }
    /*
     * The last block before the top, to grow within the window: a vector that
     * is being filled. A wrong pointer fails the first comparison, a smaller
     * size the second, where the difference wraps round.
     */
    struct heap_block *block = heap_block_of(payload);
    size_t old_size = heap_live_size(block->tag);
    size_t growth = heap_size_for(size) - old_size;

    if (heap_block_at(block, old_size) == heap->top && growth <= heap_top_size(heap)) {
        heap_top_set(heap, heap_block_at(heap->top, growth));
        block->tag += growth;
        heap_count_live(heap, growth / HEAP_UNIT);
        return payload;
    }
    return realloc_slow(heap, payload, size);
}
