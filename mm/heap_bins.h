/* SPDX-License-Identifier: MIT */
/*
 * Segregated lists of free blocks. Private to mm/heap*.
 *
 * Below HEAP_EXACT_UNITS units each size has a bin of its own, so the first
 * block of a bin that is not empty fits best. Above, each power of two is cut
 * into 8 bins; the last also takes whatever is larger. A map with a bit for
 * each bin finds the next one that is not empty.
 */
#pragma once

#include "lib/bits.h"
#include "lib/compiler.h"
#include "mm/heap_block.h"

#define HEAP_EXACT_LOG2  7
#define HEAP_EXACT_UNITS BIT(HEAP_EXACT_LOG2)
#define HEAP_STEPS_LOG2  3 /* bins for each power of two */

/* Blocks of a bin of several sizes that are looked at before a larger bin is taken. */
#define HEAP_BIN_TRIES 8

static inline size_t heap_bin_of(size_t size)
{
    size_t units = size / HEAP_UNIT;

    if (LIKELY(units < HEAP_EXACT_UNITS)) {
        return units;
    }
    /* The leading one and the three bits behind it, with the power above them. */
    size_t power = highest_bit(units);
    size_t step = units >> (power - HEAP_STEPS_LOG2);
    size_t bin = ((power - HEAP_EXACT_LOG2 - 1) << HEAP_STEPS_LOG2) + step + HEAP_EXACT_UNITS;

    return MIN(bin, HEAP_BINS - 1);
}

/* Make `size` bytes a free block, and the last of its bin: who waits longest has merged most. */
static inline void heap_bins_insert(struct heap *heap, struct heap_block *block, size_t size)
{
    size_t bin = heap_bin_of(size);
    struct heap_links *head = &heap->bins[bin];
    struct heap_links *last = head->previous;

    block->tag = size | HEAP_FREE;
    *heap_end_tag(block, size) = size;
    block->links.next = head;
    block->links.previous = last;
    last->next = &block->links;
    head->previous = &block->links;
    if (last == head) {
        heap->bin_map[bin / 64] |= BIT(bin % 64);
    }
}

/* Take a free block out of its bin. Its tags stay as they are. */
static inline void heap_bins_remove(struct heap *heap, struct heap_block *block)
{
    struct heap_links *next = block->links.next;
    struct heap_links *previous = block->links.previous;

    previous->next = next;
    next->previous = previous;
    /* Both neighbours are one only when it is the head. */
    if (next == previous) {
        size_t bin = (size_t)(next - heap->bins);

        heap->bin_map[bin / 64] &= ~BIT(bin % 64);
    }
}

/*
 * Find a free block of `size` bytes or more; NULL for none. In a bin of more
 * than one size at most `tries` blocks are looked at; those above all fit.
 */
static inline struct heap_block *heap_bins_find(const struct heap *heap, size_t size, size_t tries)
{
    size_t bin = heap_bin_of(size);

    if (bin >= HEAP_EXACT_UNITS) {
        const struct heap_links *head = &heap->bins[bin];

        for (struct heap_links *links = head->next; links != head && tries > 0;
             links = links->next, tries--) {
            struct heap_block *block = heap_block_of(links);

            if (heap_free_size(block) >= size) {
                return block;
            }
        }
        if (++bin == HEAP_BINS) {
            return NULL;
        }
    }
    size_t word = bin / 64;
    uint64_t map = heap->bin_map[word] & (UINT64_MAX << (bin % 64));

    while (map == 0) {
        if (++word == HEAP_BIN_WORDS) {
            return NULL;
        }
        map = heap->bin_map[word];
    }
    return heap_block_of(heap->bins[word * 64 + (size_t)__builtin_ctzl(map)].next);
}
