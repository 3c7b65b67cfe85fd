/* SPDX-License-Identifier: MIT */
/*
 * Blocks aligned to more than 16 bytes: a block is cut out of the middle of a
 * free one, and the gap in front of it becomes a free block of its own.
 */
#include "lib/assert.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"
#include "mm/heap_space.h"

/* What is wanted: a block of `size`, with the byte at `offset` of its payload on `alignment`. */
struct wish {
    size_t size;
    size_t alignment;
    size_t offset;
};

/* Bytes to leave free at the front of a block: none, or enough for a free block. */
static size_t gap_before(const struct heap_block *block, const struct wish *wish)
{
    size_t gap = -((uintptr_t)&block->links + wish->offset) & (wish->alignment - 1);

    return gap != 0 && gap < HEAP_BLOCK_MIN ? gap + wish->alignment : gap;
}

static void *cut_from_free(struct heap *heap, struct heap_block *block, const struct wish *wish)
{
    size_t gap = gap_before(block, wish);
    size_t room = heap_free_size(block) - gap;

    heap_bins_remove(heap, block);
    if (gap == 0) {
        return heap_carve(heap, block, room, wish->size, 0);
    }
    heap_bins_insert(heap, block, gap);
    return heap_carve(heap, heap_block_at(block, gap), room, wish->size, HEAP_PREVIOUS_FREE);
}

static void *cut_from_top(struct heap *heap, const struct wish *wish)
{
    struct heap_block *block = heap->top;
    size_t gap = gap_before(block, wish);

    if (!heap_top_reserve(heap, gap + wish->size)) {
        return NULL;
    }
    if (gap == 0) {
        return heap_carve_top(heap, wish->size, 0);
    }
    heap_top_set(heap, heap_block_at(block, gap));
    heap_bins_insert(heap, block, gap);
    return heap_carve_top(heap, wish->size, HEAP_PREVIOUS_FREE);
}

/* Any free block in which the wished one has a place, by looking at all that are large enough. */
static struct heap_block *search_all(const struct heap *heap, const struct wish *wish)
{
    for (size_t bin = heap_bin_of(wish->size); bin < HEAP_BINS; bin++) {
        const struct heap_links *head = &heap->bins[bin];

        for (struct heap_links *links = head->next; links != head; links = links->next) {
            struct heap_block *block = heap_block_of(links);

            if (gap_before(block, wish) + wish->size <= heap_free_size(block)) {
                return block;
            }
        }
    }
    return NULL;
}

void *heap_alloc_aligned(struct heap *heap, size_t size, size_t alignment, size_t offset)
{
    ASSERT(alignment != 0);
    ASSERT_CMP(alignment & (alignment - 1), ==, 0);
    ASSERT_CMP(alignment, <=, HEAP_ALIGNMENT_MAX);
    ASSERT(IS_ALIGNED(offset, HEAP_ALIGNMENT));
    if (alignment <= HEAP_ALIGNMENT) {
        return heap_alloc(heap, size);
    }
    if (size > HEAP_PAYLOAD_MAX) {
        return NULL;
    }
    struct wish wish = {heap_size_for(size), alignment, offset};
    /* A block so large has room wherever it begins. */
    size_t ample = wish.size + alignment + HEAP_BLOCK_MIN - HEAP_UNIT;
    struct heap_block *block = heap_bins_find(heap, ample, HEAP_BIN_TRIES);

    if (block != NULL) {
        return cut_from_free(heap, block, &wish);
    }
    void *payload = cut_from_top(heap, &wish);

    if (payload != NULL) {
        return payload;
    }
    heap_quick_flush(heap);
    block = search_all(heap, &wish);
    return block != NULL ? cut_from_free(heap, block, &wish) : cut_from_top(heap, &wish);
}
