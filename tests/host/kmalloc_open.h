/* SPDX-License-Identifier: MIT */
/*
 * Opens a kernel heap on the host, whichever the names stand for where this is
 * included, over memory that is there from the start.
 */
#pragma once

#include <stdint.h>

#include "lib/bits.h"
#include "lib/panic.h"
#include "mm/address.h"
#include "mm/kmalloc.h"

static inline enum status kmalloc_window_grow(void *context, uintptr_t address, size_t size)
{
    (void)context;
    (void)address;
    (void)size;
    return OK;
}

static inline void kmalloc_report(const struct heap_evidence *evidence)
{
    char text[256];

    heap_evidence_describe(text, sizeof(text), evidence, NULL);
    panic("heap: %s", text);
}

static bool kmalloc_is_in_interrupt; /* what the heap is told */

static inline bool kmalloc_read_is_in_interrupt(void)
{
    return kmalloc_is_in_interrupt;
}

/* Returns false when the heap cannot be opened. */
static inline bool kmalloc_open(void)
{
    static const struct heap_window window = {.grow = kmalloc_window_grow};
    static const struct kmalloc_watch watch = {.report = kmalloc_report,
                                               .is_in_interrupt = kmalloc_read_is_in_interrupt};
    static uint8_t memory[MIB] ALIGNED(PAGE_SIZE);
    static bool is_open;

    if (!is_open) {
        uintptr_t base = (uintptr_t)memory;

        is_open = kmalloc_init(base, base + sizeof(memory), &window, &watch) == OK;
    }
    return is_open;
}
