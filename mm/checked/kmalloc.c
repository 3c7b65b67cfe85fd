/* SPDX-License-Identifier: MIT */
/*
 * The kernel's heap, checked: every block is watched, each call is known by the
 * address it returns to, and none may come from an interrupt handler.
 */
#include "mm/kmalloc.h"

#include "lib/assert.h"
#include "lib/string.h"
#include "mm/checked/heap_checked.h"

/* Who called the function that this stands in. */
#define CALLER ((uintptr_t)__builtin_return_address(0))

static struct {
    struct heap_checked heap;
    struct kmalloc_watch watch;
} kernel;

/* The heap, for a caller who may use it. */
static struct heap_checked *heap_for_task(void)
{
    ASSERT(!kernel.watch.is_in_interrupt());
    return &kernel.heap;
}

enum status kmalloc_init(uintptr_t base, uintptr_t limit, const struct heap_window *window,
                         const struct kmalloc_watch *watch)
{
    kernel.watch = *watch;
    return heap_checked_init(&kernel.heap, base, limit, window, watch->report);
}

void *kmalloc(size_t size)
{
    return heap_checked_alloc(heap_for_task(), size, HEAP_ALIGNMENT, CALLER);
}

void *kzalloc(size_t size)
{
    void *block = heap_checked_alloc(heap_for_task(), size, HEAP_ALIGNMENT, CALLER);

    return block != NULL ? memset(block, 0, size) : NULL;
}

void *kmalloc_aligned(size_t size, size_t alignment)
{
    return heap_checked_alloc(heap_for_task(), size, alignment, CALLER);
}

void *krealloc(void *block, size_t size)
{
    return heap_checked_realloc(heap_for_task(), block, size, CALLER);
}

void kfree(void *block)
{
    heap_checked_free(heap_for_task(), block, CALLER);
}

void kmalloc_trim(void)
{
    heap_checked_trim(heap_for_task());
}

struct heap_statistics kmalloc_statistics(void)
{
    return heap_checked_statistics(&kernel.heap);
}

struct heap_place kmalloc_find(uintptr_t address)
{
    return heap_checked_find(&kernel.heap, address);
}

enum heap_fault kmalloc_check(struct heap_evidence *evidence)
{
    return heap_checked_check(&kernel.heap, evidence);
}

bool kmalloc_fail_at(size_t k, bool last)
{
    return heap_checked_fail_at(&kernel.heap, k, last);
}
