/* SPDX-License-Identifier: MIT */
/* The heap's space: cutting blocks off, merging them again, moving the window's end. */
#include "mm/heap_space.h"

#include "lib/panic.h"
#include "mm/address.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"

/* The window grows by this much if it can, so that not each block costs a call. */
#define GROW_STEP (64 * KIB)

/* A top of more than this after a free is given back, down to a step. */
#define TOP_KEPT_MAX (256 * KIB)

static bool window_grow(struct heap *heap, size_t size)
{
    uintptr_t end = (uintptr_t)heap->top_last + HEAP_TAG_SIZE;

    if (heap->window.grow(heap->window.context, end, size) != OK) {
        return false;
    }
    heap->top_last = heap_block_at(heap->top_last, size);
    return true;
}

bool heap_top_reserve(struct heap *heap, size_t size)
{
    if (heap_top_size(heap) >= size) {
        return true;
    }
    size_t room = heap->limit - ((uintptr_t)heap->top_last + HEAP_TAG_SIZE);
    size_t needed = ALIGN_UP(size - heap_top_size(heap), PAGE_SIZE);
    size_t generous = MIN(MAX(needed, GROW_STEP), room);

    return needed <= room &&
           (window_grow(heap, generous) || (needed < generous && window_grow(heap, needed)));
}

void heap_top_give_back(struct heap *heap, size_t keep)
{
    size_t size = ALIGN_DOWN(heap_top_size(heap) - keep, PAGE_SIZE);

    if (size > 0 && heap->window.shrink != NULL) {
        heap->top_last = heap_block_at(heap->top_last, -size);
        heap->window.shrink(heap->window.context, (uintptr_t)heap->top_last + HEAP_TAG_SIZE, size);
    }
}

void *heap_carve(struct heap *heap, struct heap_block *block, size_t room, size_t size,
                 uint64_t flags)
{
    if (room - size >= HEAP_BLOCK_MIN) {
        heap_bins_insert(heap, heap_block_at(block, size), room - size);
    } else {
        size = room;
        heap_block_at(block, size)->tag &= ~HEAP_PREVIOUS_FREE;
    }
    block->tag = size | flags;
    heap->live_blocks++;
    heap_count_live(heap, size / HEAP_UNIT);
    return &block->links;
}

void *heap_carve_top(struct heap *heap, size_t size, uint64_t flags)
{
    struct heap_block *block = heap->top;

    heap_top_set(heap, heap_block_at(block, size));
    block->tag = size | flags;
    heap->live_blocks++;
    heap_count_live(heap, size / HEAP_UNIT);
    return &block->links;
}

void heap_release(struct heap *heap, struct heap_block *block)
{
    size_t size = heap_block_size(block->tag);

    if ((block->tag & HEAP_PREVIOUS_FREE) != 0) {
        block->tag |= HEAP_FREE; /* no block any more; who frees it again is to be found out */
        block = heap_block_previous(block);
        size += heap_free_size(block);
        heap_bins_remove(heap, block);
    }
    struct heap_block *next = heap_block_at(block, size);

    if ((next->tag & HEAP_FREE) == 0) {
        next->tag |= HEAP_PREVIOUS_FREE;
    } else if (next != heap->top) {
        size += heap_free_size(next);
        heap_bins_remove(heap, next);
    } else {
        heap_top_set(heap, block);
        if (heap_top_size(heap) > TOP_KEPT_MAX) {
            heap_top_give_back(heap, GROW_STEP);
        }
        return;
    }
    heap_bins_insert(heap, block, size);
}

void heap_require_live(const struct heap *heap, const void *payload)
{
    uintptr_t address = (uintptr_t)payload;

    if (!IS_ALIGNED(address, HEAP_ALIGNMENT) || address <= heap->base ||
        address > (uintptr_t)heap->top) {
        panic("heap: free or realloc: got 0x%lx, which is no block's address", address);
    }
    uint64_t tag = heap_block_of(payload)->tag;
    size_t size = heap_live_size(tag);

    if ((tag & (HEAP_FREE | HEAP_QUICK)) != 0) {
        panic("heap: free or realloc: got 0x%lx, which is free already", address);
    }
    if (size < HEAP_BLOCK_MIN || size > (uintptr_t)heap->top - (address - HEAP_TAG_SIZE)) {
        panic("heap: free or realloc: got 0x%lx with the tag 0x%lx, want a live block's", address,
              tag);
    }
}
