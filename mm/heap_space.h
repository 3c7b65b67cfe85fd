/* SPDX-License-Identifier: MIT */
/*
 * Where blocks are cut from and where they return to: the bins, and the top
 * with the window behind it. Private to mm/heap*. Sizes are block sizes.
 */
#pragma once

#include <stdbool.h>

#include "mm/heap_block.h"

/* Bytes that can be cut off the top as the window is now. */
static inline size_t heap_top_size(const struct heap *heap)
{
    return (uintptr_t)heap->top_last - (uintptr_t)heap->top;
}

/* Put the top where it shall be, at most at top_last. */
static inline void heap_top_set(struct heap *heap, struct heap_block *top)
{
    heap->top = top;
    top->tag = HEAP_FREE;
}

/* Have at least `size` bytes at the top. Returns false when the window cannot grow that far. */
bool heap_top_reserve(struct heap *heap, size_t size);

/* Give back whole pages at the window's end, down to `keep` bytes at the top. */
void heap_top_give_back(struct heap *heap, size_t keep);

/*
 * Make `size` bytes of a block that is in no list a live one, and what is
 * behind them up to `room` a free one, or part of the live one if too small.
 *
 * flags  HEAP_PREVIOUS_FREE or 0
 */
void *heap_carve(struct heap *heap, struct heap_block *block, size_t room, size_t size,
                 uint64_t flags);

/* The same, off the top, which must have `size` bytes. */
void *heap_carve_top(struct heap *heap, size_t size, uint64_t flags);

/* Make a block free that is live or quick, but neither counted nor listed as such any more. */
void heap_release(struct heap *heap, struct heap_block *block);

/* Panic, saying what is wrong, unless this looks like a live block. */
void heap_require_live(const struct heap *heap, const void *payload);
