/* SPDX-License-Identifier: MIT */
/*
 * Allocating and freeing: quick lists first, then bins, then the top. Each
 * step does a bounded amount of work; only when the window can grow no further
 * is everything that waits in quick lists merged, and all of a bin looked at.
 */
#include "mm/heap.h"

#include "lib/string.h"
#include "mm/address.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"
#include "mm/heap_space.h"

enum status heap_init(struct heap *heap, uintptr_t base, uintptr_t limit,
                      const struct heap_window *window)
{
    enum status status;

    if (!IS_ALIGNED(base | limit, PAGE_SIZE) || limit <= base) {
        return ERR_BAD_ARG;
    }
    status = window->grow(window->context, base, PAGE_SIZE);
    if (status != OK) {
        return status;
    }
    memset(heap, 0, sizeof(*heap));
    heap->base = base;
    heap->limit = limit;
    heap->window = *window;
    for (size_t bin = 0; bin < HEAP_BINS; bin++) {
        heap->bins[bin].next = &heap->bins[bin];
        heap->bins[bin].previous = &heap->bins[bin];
    }
    heap->top_last = (struct heap_block *)(base + PAGE_SIZE - HEAP_TAG_SIZE);
    heap_top_set(heap, heap_first_block(heap));
    return OK;
}

/* A block from the bins or the top as they are now; NULL when none fits. */
static inline void *take_fit(struct heap *heap, size_t size, size_t tries)
{
    struct heap_block *block = heap_bins_find(heap, size, tries);

    if (block != NULL) {
        heap_bins_remove(heap, block);
        return heap_carve(heap, block, heap_free_size(block), size, 0);
    }
    return heap_top_size(heap) >= size ? heap_carve_top(heap, size, 0) : NULL;
}

/* When nothing fits: grow; failing that, merge all that waits and look at everything. */
NOINLINE static void *take_more(struct heap *heap, size_t size)
{
    if (!heap_top_reserve(heap, size)) {
        heap_quick_flush(heap);
        void *payload = take_fit(heap, size, SIZE_MAX);

        if (payload != NULL || !heap_top_reserve(heap, size)) {
            return payload;
        }
    }
    return heap_carve_top(heap, size, 0);
}

void *heap_alloc_slow(struct heap *heap, size_t size)
{
    if (size > HEAP_PAYLOAD_MAX) {
        return NULL;
    }
    size_t block_size = heap_size_for(size);
    void *payload = take_fit(heap, block_size, HEAP_BIN_TRIES);

    return payload != NULL ? payload : take_more(heap, block_size);
}

void *heap_alloc(struct heap *heap, size_t size)
{
    void *payload = heap_quick_take(heap, size);

    return LIKELY(payload != NULL) ? payload : heap_alloc_slow(heap, size);
}

void *heap_alloc_zeroed(struct heap *heap, size_t size)
{
    void *payload = heap_alloc(heap, size);

    return payload != NULL ? memset(payload, 0, size) : NULL;
}

void heap_free_slow(struct heap *heap, void *payload)
{
    if (payload == NULL) {
        return;
    }
    heap_require_live(heap, payload);
    struct heap_block *block = heap_block_of(payload);
    size_t units = block->tag / HEAP_UNIT;

    heap->live_blocks--;
    heap->live_units -= units;
    heap_release(heap, block);
    if (units < HEAP_QUICK_LISTS) {
        heap_quick_age(heap);
    }
}

void heap_free(struct heap *heap, void *payload)
{
    if (UNLIKELY(!heap_quick_put(heap, payload))) {
        heap_free_slow(heap, payload);
    }
}

void heap_trim(struct heap *heap)
{
    heap_quick_flush(heap);
    heap_top_give_back(heap, 0);
}

size_t heap_usable_size(const void *payload)
{
    return heap_live_size(heap_block_of(payload)->tag) - HEAP_TAG_SIZE;
}
