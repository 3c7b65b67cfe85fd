/* SPDX-License-Identifier: MIT */
/*
 * The window of task stacks is cut into regions, one for each size, and a
 * region into slots: a guard page and a stack. Which slots are in use is
 * written nowhere but in the page tables.
 */
#include "kernel/task_stack.h"

#include <stdbool.h>

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/paging.h"

/* 4 KiB to 256 KiB. */
#define SIZE_CLASSES 7

#define REGION_SIZE (1UL << 40)

/* What a stack is filled with when it is mapped: bytes that differ have been used. */
#define PAINT_BYTE 0xa5
#define PAINT_WORD 0xa5a5a5a5a5a5a5a5UL

_Static_assert(PAGE_SIZE << (SIZE_CLASSES - 1) == TASK_STACK_BYTES_MAX, "the largest stack");
_Static_assert(SIZE_CLASSES *REGION_SIZE <= STACK_WINDOW_END - STACK_WINDOW_BASE, "all fit");
_Static_assert(IS_ALIGNED(sizeof(struct task_stack), 16), "RSP begins below it, aligned");

static struct {
    struct task_stack *kept; /* the last one given back first: its lines are in the cache */
    uint64_t next_slot; /* where to look for a free one */
} classes[SIZE_CLASSES];

static uint64_t class_bytes(unsigned size_class)
{
    return PAGE_SIZE << size_class;
}

static uint64_t slot_bytes(unsigned size_class)
{
    return PAGE_SIZE + class_bytes(size_class);
}

static uint64_t region_base(unsigned size_class)
{
    return STACK_WINDOW_BASE + size_class * REGION_SIZE;
}

static unsigned class_of(const struct task_stack *stack)
{
    return (unsigned)((stack->range.bottom - STACK_WINDOW_BASE) / REGION_SIZE);
}

static struct task_stack *descriptor_at(uint64_t bottom, unsigned size_class)
{
    return (struct task_stack *)(bottom + class_bytes(size_class)) - 1;
}

static void unmap_page(uint64_t address)
{
    paddr_t frame;
    bool was_mapped = paging_translate(address, &frame) && paging_unmap(address, PAGE_SIZE) == OK;

    ASSERT(was_mapped);
    frame_free(frame, FRAME_STACK);
}

static enum status map_page(uint64_t address)
{
    paddr_t frame;
    enum status status = frame_alloc(FRAME_STACK, &frame);

    if (status == OK) {
        status = paging_map(address, frame, PAGE_SIZE, PAGE_WRITE);
        if (status != OK) {
            frame_free(frame, FRAME_STACK);
        }
    }
    return status;
}

static enum status map_stack(uint64_t bottom, uint64_t bytes)
{
    for (uint64_t mapped = 0; mapped < bytes; mapped += PAGE_SIZE) {
        enum status status = map_page(bottom + mapped);

        if (status != OK) {
            while (mapped > 0) {
                mapped -= PAGE_SIZE;
                unmap_page(bottom + mapped);
            }
            return status;
        }
    }
    memset((void *)bottom, PAINT_BYTE, bytes);
    return OK;
}

/* Take a stack's memory back. */
static void unmap_stack(uint64_t bottom, uint64_t bytes)
{
    for (uint64_t unmapped = 0; unmapped < bytes; unmapped += PAGE_SIZE) {
        unmap_page(bottom + unmapped);
    }
}

/* The next slot, in a circle, that has no stack. */
static uint64_t free_slot_bottom(unsigned size_class)
{
    const uint64_t slots = REGION_SIZE / slot_bytes(size_class);
    uint64_t bottom;
    paddr_t frame;

    do {
        uint64_t slot = classes[size_class].next_slot++ % slots;

        bottom = region_base(size_class) + slot * slot_bytes(size_class) + PAGE_SIZE;
    } while (paging_translate(bottom, &frame));
    return bottom;
}

static enum status map_new(unsigned size_class, struct task_stack **stack)
{
    uint64_t bottom = free_slot_bottom(size_class);
    uint64_t bytes = class_bytes(size_class);
    enum status status = map_stack(bottom, bytes);

    if (status == ERR_NO_MEMORY) {
        task_stack_trim();
        status = map_stack(bottom, bytes);
    }
    if (status == OK) {
        *stack = descriptor_at(bottom, size_class);
        (*stack)->range = (struct stack){.bottom = bottom, .top = bottom + bytes};
    }
    return status;
}

enum status task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack)
{
    unsigned size_class = 0;
    struct task_stack *kept;

    if (bytes == 0 || bytes > TASK_STACK_BYTES_MAX) {
        return ERR_BAD_ARG;
    }
    while (class_bytes(size_class) < bytes) {
        size_class++;
    }
    kept = classes[size_class].kept;
    if (kept != NULL) {
        classes[size_class].kept = kept->next_kept;
        *stack = kept;
    } else {
        enum status status = map_new(size_class, stack);

        if (status != OK) {
            return status;
        }
    }
    (*stack)->range.name = name;
    return OK;
}

void task_stack_free(struct task_stack *stack)
{
    unsigned size_class = class_of(stack);
    struct task_stack *kept = classes[size_class].kept;
    size_t kept_below = kept != NULL ? kept->kept_below : 0;

    if (kept_below >= TASK_STACKS_KEPT) {
        unmap_stack(stack->range.bottom, class_bytes(size_class));
        return;
    }
    stack->range.name = "no task's";
    stack->next_kept = kept;
    stack->kept_below = kept_below + 1;
    classes[size_class].kept = stack;
}

size_t task_stack_high_water(const struct task_stack *stack)
{
    const uint64_t *word = (const uint64_t *)stack->range.bottom;

    while (*word == PAINT_WORD) {
        word++; /* ends at the descriptor at the latest */
    }
    return stack->range.top - (uint64_t)word;
}

void task_stack_trim(void)
{
    for (unsigned size_class = 0; size_class < SIZE_CLASSES; size_class++) {
        while (classes[size_class].kept != NULL) {
            struct task_stack *stack = classes[size_class].kept;

            classes[size_class].kept = stack->next_kept;
            unmap_stack(stack->range.bottom, class_bytes(size_class));
        }
    }
}

/* The stack of the slot that holds an address, or NULL where there is none. */
static const struct stack *stack_of_slot(uint64_t address)
{
    if (address < STACK_WINDOW_BASE || address >= region_base(SIZE_CLASSES)) {
        return NULL;
    }
    unsigned size_class = (unsigned)((address - STACK_WINDOW_BASE) / REGION_SIZE);
    uint64_t base = region_base(size_class);
    uint64_t slot = (address - base) / slot_bytes(size_class);
    uint64_t bottom = base + slot * slot_bytes(size_class) + PAGE_SIZE;
    paddr_t frame;

    return paging_translate(bottom, &frame) ? &descriptor_at(bottom, size_class)->range : NULL;
}

const struct stack *task_stack_containing(uint64_t address)
{
    const struct stack *stack = stack_of_slot(address);

    return stack != NULL && address >= stack->bottom ? stack : NULL;
}

const struct stack *task_stack_guarded_by(uint64_t address)
{
    const struct stack *stack = stack_of_slot(address);

    return stack != NULL && address < stack->bottom ? stack : NULL;
}
