/* SPDX-License-Identifier: MIT */
/*
 * Looking at a whole heap. The check trusts no byte of the window: a size is
 * followed only after it proved possible, a link only if it lies within, and
 * no list for longer than there are blocks.
 */
#include "mm/address.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"
#include "mm/heap_space.h"

/* What is found on the way, block by block, to be compared with lists and counters. */
struct tally {
    size_t blocks;
    size_t units;
};

struct census {
    const struct heap *heap;
    struct tally live;
    struct tally quick;
    struct tally free;
    uintptr_t place; /* of the damage */
};

static void tally_add(struct tally *tally, size_t size)
{
    tally->blocks++;
    tally->units += size / HEAP_UNIT;
}

static bool tally_is_equal(const struct tally *left, const struct tally *right)
{
    return left->blocks == right->blocks && left->units == right->units;
}

static enum heap_fault at(struct census *census, const struct heap_block *block,
                          enum heap_fault fault)
{
    census->place = (uintptr_t)&block->links;
    return fault;
}

/* Whether the corners of the window are where they can be. */
static bool bounds_hold(const struct heap *heap)
{
    uintptr_t top = (uintptr_t)heap->top;
    uintptr_t end = (uintptr_t)heap->top_last + HEAP_TAG_SIZE;

    return IS_ALIGNED(end, PAGE_SIZE) && end > heap->base && end <= heap->limit &&
           IS_ALIGNED(top + HEAP_TAG_SIZE, HEAP_UNIT) && top >= (uintptr_t)heap_first_block(heap) &&
           heap->top <= heap->top_last;
}

static enum heap_fault check_block(struct census *census, const struct heap_block *block,
                                   bool previous_is_free)
{
    size_t size = heap_block_size(block->tag);
    uint64_t state = block->tag & (HEAP_FREE | HEAP_QUICK);
    bool says_free = (block->tag & HEAP_PREVIOUS_FREE) != 0;

    if (size < HEAP_BLOCK_MIN || size > (uintptr_t)census->heap->top - (uintptr_t)block ||
        block->tag != (size | state | (block->tag & HEAP_PREVIOUS_FREE)) ||
        state == (HEAP_FREE | HEAP_QUICK)) {
        return at(census, block, HEAP_BAD_BLOCK);
    }
    if (says_free != (previous_is_free && state != HEAP_FREE) ||
        (state == HEAP_FREE && (previous_is_free || *heap_end_tag(block, size) != size))) {
        return at(census, block, HEAP_BAD_NEIGHBOURS);
    }
    tally_add(state == 0            ? &census->live
              : state == HEAP_QUICK ? &census->quick
                                    : &census->free,
              size);
    return HEAP_SOUND;
}

static enum heap_fault check_blocks(struct census *census)
{
    const struct heap_block *block = heap_first_block(census->heap);
    bool previous_is_free = false;

    while (block != census->heap->top) {
        enum heap_fault fault = check_block(census, block, previous_is_free);

        if (fault != HEAP_SOUND) {
            return fault;
        }
        previous_is_free = (block->tag & HEAP_FREE) != 0;
        block = heap_block_at(block, heap_block_size(block->tag));
    }
    if (block->tag != HEAP_FREE || previous_is_free) {
        return at(census, block, HEAP_BAD_NEIGHBOURS);
    }
    return HEAP_SOUND;
}

/* Whether a link can be a block's. */
static bool is_block_link(const struct heap *heap, const struct heap_links *links)
{
    uintptr_t address = (uintptr_t)links;

    return IS_ALIGNED(address, HEAP_ALIGNMENT) &&
           address >= (uintptr_t)&heap_first_block(heap)->links && address < (uintptr_t)heap->top;
}

static enum heap_fault check_bin(struct census *census, size_t bin, struct tally *listed)
{
    const struct heap *heap = census->heap;
    const struct heap_links *head = &heap->bins[bin];
    const struct heap_links *previous = head;
    const struct heap_links *links = head->next;

    for (; links != head; previous = links, links = links->next) {
        if (!is_block_link(heap, links)) {
            return HEAP_BAD_LIST; /* previous, if a block, is the place */
        }
        const struct heap_block *block = heap_block_of(links);
        size_t size = heap_free_size(block);

        census->place = (uintptr_t)links;
        if (heap_bin_of(size) != bin || links->previous != previous ||
            listed->blocks == census->free.blocks) {
            return HEAP_BAD_LIST;
        }
        tally_add(listed, size);
    }
    bool is_marked = (heap->bin_map[bin / 64] & BIT(bin % 64)) != 0;

    return head->previous == previous && is_marked == (head->next != head) ? HEAP_SOUND
                                                                           : HEAP_BAD_LIST;
}

static enum heap_fault check_quick_list(struct census *census, size_t units, struct tally *listed)
{
    const struct heap *heap = census->heap;

    for (const struct heap_links *links = heap->quick[units]; links != NULL; links = links->next) {
        if (!is_block_link(heap, links)) {
            return HEAP_BAD_LIST;
        }
        const struct heap_block *block = heap_block_of(links);

        census->place = (uintptr_t)links;
        if ((block->tag & ~HEAP_PREVIOUS_FREE) != (units * HEAP_UNIT | HEAP_QUICK) ||
            listed->blocks == census->quick.blocks) {
            return HEAP_BAD_LIST;
        }
        tally_add(listed, units * HEAP_UNIT);
    }
    return HEAP_SOUND;
}

static enum heap_fault check_lists(struct census *census)
{
    struct tally free = {0};
    struct tally quick = {0};
    enum heap_fault fault = HEAP_SOUND;

    for (size_t bin = 0; bin < HEAP_BINS && fault == HEAP_SOUND; bin++) {
        census->place = 0;
        fault = check_bin(census, bin, &free);
    }
    for (size_t units = 0; units < HEAP_QUICK_LISTS && fault == HEAP_SOUND; units++) {
        census->place = 0;
        fault = check_quick_list(census, units, &quick);
    }
    if (fault != HEAP_SOUND) {
        return fault;
    }
    census->place = 0;
    return tally_is_equal(&free, &census->free) && tally_is_equal(&quick, &census->quick)
               ? HEAP_SOUND
               : HEAP_BAD_LIST;
}

static enum heap_fault check_counts(const struct census *census)
{
    const struct heap *heap = census->heap;

    return heap->live_blocks == census->live.blocks && heap->live_units == census->live.units &&
                   heap->quick_units == census->quick.units && heap->peak_units >= heap->live_units
               ? HEAP_SOUND
               : HEAP_BAD_COUNT;
}

enum heap_fault heap_check(const struct heap *heap, uintptr_t *place)
{
    struct census census = {.heap = heap};
    enum heap_fault fault = bounds_hold(heap) ? check_blocks(&census) : HEAP_BAD_COUNT;

    if (fault == HEAP_SOUND) {
        fault = check_lists(&census);
    }
    if (fault == HEAP_SOUND) {
        fault = check_counts(&census);
    }
    if (fault != HEAP_SOUND) {
        *place = census.place;
    }
    return fault;
}

/* The largest block in the bins, which are in the order of sizes: the last bin has it. */
static size_t largest_in_bins(const struct heap *heap)
{
    size_t largest = 0;

    for (size_t bin = HEAP_BINS; bin-- > 0 && largest == 0;) {
        const struct heap_links *head = &heap->bins[bin];

        for (const struct heap_links *links = head->next; links != head; links = links->next) {
            largest = MAX(largest, heap_free_size(heap_block_of(links)));
        }
    }
    return largest;
}

struct heap_statistics heap_statistics(const struct heap *heap)
{
    struct heap_statistics statistics = {
        .live_blocks = heap->live_blocks,
        .live_bytes = heap->live_units * HEAP_UNIT,
        .peak_bytes = heap->peak_units * HEAP_UNIT,
        .quick_bytes = heap->quick_units * HEAP_UNIT,
        .largest_free_bytes = MAX(largest_in_bins(heap), heap_top_size(heap)),
        .window_bytes = (uintptr_t)heap->top_last + HEAP_TAG_SIZE - heap->base,
    };

    statistics.free_bytes =
        statistics.window_bytes - HEAP_OVERHEAD - statistics.live_bytes - statistics.quick_bytes;
    for (size_t units = HEAP_QUICK_FIRST; units < HEAP_QUICK_LISTS; units++) {
        for (const struct heap_links *links = heap->quick[units]; links != NULL;
             links = links->next) {
            statistics.quick_blocks++;
        }
    }
    return statistics;
}
