/* SPDX-License-Identifier: MIT */
/*
 * Asks the kernel's parts who owns an address, the ones that need no memory
 * but constants first.
 */
#include "kernel/owner.h"

#include "kernel/probe.h"
#include "kernel/region.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "kernel/task_stack.h"
#include "lib/bits.h"
#include "mm/address.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"

/* The stack that an address is on, or whose guard page it is in. */
static bool find_stack(uint64_t address, struct owner *owner)
{
    const struct stack *stack = stack_containing(address);
    enum owner_kind kind = OWNER_STACK;

    if (stack == NULL) {
        kind = OWNER_GUARD;
        stack = stack_guarded_by(address);
    }
    if (stack == NULL) {
        stack = task_stack_guarded_by(address);
    }
    if (stack == NULL) {
        return false;
    }
    owner->kind = kind;
    probe_string(owner->name, sizeof(owner->name), stack->name);
    owner->start = stack->bottom;
    owner->is_task = stack->bottom >= STACK_WINDOW_BASE && stack->bottom < STACK_WINDOW_END;
    return true;
}

/* The function that a return address leads back to; NULL for none. */
static const char *function_of(uint64_t return_address)
{
    struct symbol symbol;

    return return_address != 0 && symbol_find(return_address - 1, &symbol) ? symbol.name : NULL;
}

static void find_in_heap(uint64_t address, struct owner *owner)
{
    struct heap_place place = kmalloc_find(address);

    switch (place.state) {
    case HEAP_PLACE_OUTSIDE:
        owner->kind = OWNER_HEAP_WINDOW;
        return;
    case HEAP_PLACE_LIVE:
        owner->kind = OWNER_BLOCK;
        break;
    case HEAP_PLACE_FREED:
        owner->kind = OWNER_FREED_BLOCK;
        break;
    default:
        owner->kind = OWNER_FREE_HEAP;
        return;
    }
    owner->start = place.block;
    owner->size = place.size;
    owner->allocated_by = function_of(place.allocated_by);
    owner->freed_by = function_of(place.freed_by);
}

static void find_in_image(uint64_t address, struct owner *owner)
{
    struct symbol symbol;

    owner->kind = symbol_is_code(address) ? OWNER_CODE : OWNER_DATA;
    if (symbol_find(address, &symbol)) {
        probe_string(owner->name, sizeof(owner->name), symbol.name);
        owner->start = address - symbol.offset;
    }
}

void owner_find(uint64_t address, struct owner *owner)
{
    *owner = (struct owner){.kind = OWNER_NOBODY, .address = address};
    if (!is_canonical(address)) {
        owner->kind = OWNER_NOT_CANONICAL;
    } else if (address < BIT(47)) {
        owner->kind = OWNER_LOW_HALF;
    } else if (address >= HEAP_WINDOW_BASE && address < HEAP_WINDOW_END) {
        find_in_heap(address, owner);
    } else if (address >= DIRECT_MAP_BASE && address < HEAP_WINDOW_BASE) {
        owner->kind = OWNER_DIRECT_MAP;
        frame_describe(paddr(ALIGN_DOWN(address - DIRECT_MAP_BASE, PAGE_SIZE)), owner->frame,
                       sizeof(owner->frame));
    } else if (address >= DEVICE_WINDOW_BASE && address < DEVICE_WINDOW_END) {
        owner->kind = OWNER_DEVICE;
    } else if (!find_stack(address, owner)) {
        owner->region = region_name(address);
        if (owner->region != NULL) {
            find_in_image(address, owner);
        }
    }
}
