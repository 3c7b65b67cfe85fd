/* SPDX-License-Identifier: MIT */
/*
 * The heap's window in the kernel's address space. Invariant: between its base
 * and its end each page is mapped to a frame of kind FRAME_HEAP, and to a
 * different one.
 */
#include "kernel/kernel_heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/panic.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "lib/assert.h"
#include "lib/format.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/paging.h"

static enum status page_add(uintptr_t address)
{
    paddr_t frame;
    enum status status = frame_alloc(FRAME_HEAP, &frame);

    if (status != OK) {
        return status;
    }
    status = paging_map(address, frame, PAGE_SIZE, PAGE_WRITE);
    if (status != OK) {
        frame_free(frame, FRAME_HEAP);
    }
    return status;
}

static void page_remove(uintptr_t address)
{
    paddr_t frame;
    bool was_mapped = paging_translate(address, &frame) && paging_unmap(address, PAGE_SIZE) == OK;

    ASSERT(was_mapped);
    frame_free(frame, FRAME_HEAP);
}

static void window_shrink(void *context, uintptr_t address, size_t size)
{
    (void)context;
    for (uintptr_t end = address + size; end > address; end -= PAGE_SIZE) {
        page_remove(end - PAGE_SIZE);
    }
}

static enum status window_grow(void *context, uintptr_t address, size_t size)
{
    /* What cannot be is not tried frame by frame. */
    if (size / PAGE_SIZE > frame_free_count()) {
        return ERR_NO_MEMORY;
    }
    for (size_t done = 0; done < size; done += PAGE_SIZE) {
        enum status status = page_add(address + done);

        if (status != OK) {
            window_shrink(context, address, done);
            return status;
        }
    }
    return OK;
}

/* A call is looked up, not what lies behind it: that may be the next function. */
static size_t caller_write(char *buffer, size_t size, uintptr_t return_address)
{
    struct symbol symbol;

    if (!symbol_find(return_address - 1, &symbol)) {
        return ksnprintf(buffer, size, "0x%lx", return_address);
    }
    return ksnprintf(buffer, size, "%s+0x%lx", symbol.name, symbol.offset + 1);
}

size_t kernel_heap_describe(char *buffer, size_t size, const struct heap_evidence *evidence)
{
    return heap_evidence_describe(buffer, size, evidence, caller_write);
}

void kernel_heap_report(const struct heap_evidence *evidence)
{
    char text[256];

    kernel_heap_describe(text, sizeof(text), evidence);
    panic("heap: %s", text);
}

static bool is_in_interrupt(void)
{
    const struct stack *stack = stack_containing((uint64_t)__builtin_frame_address(0));

    return stack != NULL && stack->top == stack_top(STACK_INTERRUPT);
}

enum status kernel_heap_init(void)
{
    static const struct heap_window window = {.grow = window_grow, .shrink = window_shrink};
    static const struct kmalloc_watch watch = {.report = kernel_heap_report,
                                               .is_in_interrupt = is_in_interrupt};

    return kmalloc_init(HEAP_WINDOW_BASE, HEAP_WINDOW_END, &window, &watch);
}
