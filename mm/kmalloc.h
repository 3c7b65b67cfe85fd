/* SPDX-License-Identifier: MIT */
/*
 * The kernel's heap. Two files bring these functions: mm/kmalloc.c as fast as
 * may be, mm/checked/kmalloc.c with every block checked; which one is linked
 * decides. In both, a wrong pointer panics; the checked one names the fault
 * and those who allocated and freed the block.
 *
 * Context: tasks and boot, never an interrupt handler: handlers do not
 * allocate, so on one CPU nothing here masks interrupts. No function waits.
 * Sizes as in mm/heap.h: 0 gives a block of its own, too much gives NULL.
 */
#pragma once

#include <stdbool.h>

#include "mm/heap.h"

/* What the checked heap asks of the kernel; the other takes no notice of it. */
struct kmalloc_watch {
    /* Told of each fault; not to return. Makes no heap calls. */
    void (*report)(const struct heap_evidence *evidence);
    /* Whether the caller is an interrupt handler, which is a broken contract. */
    bool (*is_in_interrupt)(void);
};

/*
 * Open the kernel's heap.
 *
 * base, limit, window  as heap_init() has them, and so are the answers
 * watch                copied
 *
 * Context: once at boot, before any other function here.
 */
MUST_CHECK enum status kmalloc_init(uintptr_t base, uintptr_t limit,
                                    const struct heap_window *window,
                                    const struct kmalloc_watch *watch);

/* Allocate bytes, aligned to 16: any contents, or zeros. NULL when there is no room. */
MUST_CHECK void *kmalloc(size_t size);
MUST_CHECK void *kzalloc(size_t size);

/* Allocate with the address a multiple of `alignment`, a power of two up to HEAP_ALIGNMENT_MAX. */
MUST_CHECK void *kmalloc_aligned(size_t size, size_t alignment);

/*
 * Change a block's size, in place where possible; the contents stay up to the
 * smaller size. NULL for block: as kmalloc(). Returns where it is now; NULL
 * when there is no room, with the block as it was. Making it smaller succeeds.
 */
MUST_CHECK void *krealloc(void *block, size_t size);

/* Give a block back. NULL does nothing. */
void kfree(void *block);

/* Give all memory at the end that no block needs back to whoever lent it. */
void kmalloc_trim(void);

/* heap_statistics(); in the checked heap its records and zones are in the sizes. */
struct heap_statistics kmalloc_statistics(void);

/*
 * Look at the whole heap for damage.
 *
 * evidence  out: always filled in
 *
 * Returns HEAP_SOUND or what is wrong. Never panics.
 */
enum heap_fault kmalloc_check(struct heap_evidence *evidence);

/* heap_find(), on the kernel's heap; the checked one knows who allocated and freed. Any context. */
struct heap_place kmalloc_find(uintptr_t address);

/*
 * Let the k-th allocation from now answer NULL, k from 1, and where `last` is
 * set all behind it; 0 takes that back. Making a block smaller never fails.
 * Only in the checked heap, for tests of what happens when memory runs out.
 *
 * Returns whether a failure asked for earlier has not come yet.
 */
bool kmalloc_fail_at(size_t k, bool last);
