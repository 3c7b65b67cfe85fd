/* SPDX-License-Identifier: MIT */
/* The kernel's heap, unchecked. The quick way is inline: it costs what heap_alloc() does. */
#include "mm/kmalloc.h"

#include "lib/string.h"
#include "mm/heap_quick.h"

static struct heap kernel_heap;

enum status kmalloc_init(uintptr_t base, uintptr_t limit, const struct heap_window *window,
                         const struct kmalloc_watch *watch)
{
    (void)watch;
    return heap_init(&kernel_heap, base, limit, window);
}

void *kmalloc(size_t size)
{
    void *block = heap_quick_take(&kernel_heap, size);

    return LIKELY(block != NULL) ? block : heap_alloc_slow(&kernel_heap, size);
}

void *kzalloc(size_t size)
{
    return heap_alloc_zeroed(&kernel_heap, size);
}

void *kmalloc_aligned(size_t size, size_t alignment)
{
    return heap_alloc_aligned(&kernel_heap, size, alignment, 0);
}

void *krealloc(void *block, size_t size)
{
    return heap_realloc(&kernel_heap, block, size);
}

void kfree(void *block)
{
    if (UNLIKELY(!heap_quick_put(&kernel_heap, block))) {
        heap_free_slow(&kernel_heap, block);
    }
}

void kmalloc_trim(void)
{
    heap_trim(&kernel_heap);
}

struct heap_statistics kmalloc_statistics(void)
{
    return heap_statistics(&kernel_heap);
}

struct heap_place kmalloc_find(uintptr_t address)
{
    return heap_find(&kernel_heap, address);
}

enum heap_fault kmalloc_check(struct heap_evidence *evidence)
{
    *evidence = (struct heap_evidence){.fault = HEAP_SOUND};
    evidence->fault = heap_check(&kernel_heap, &evidence->pointer);
    return evidence->fault;
}
