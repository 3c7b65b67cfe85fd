/* SPDX-License-Identifier: MIT */
/* An owner in words. */
#include "kernel/owner.h"

#include "lib/format.h"
#include "mm/layout.h"

static void stack_describe(char *buffer, size_t size, const struct owner *owner, const char *before)
{
    if (owner->is_task) {
        ksnprintf(buffer, size, "%sthe stack of task `%s`", before, owner->name);
    } else {
        ksnprintf(buffer, size, "%sthe %s stack", before, owner->name);
    }
}

static void image_describe(char *buffer, size_t size, const struct owner *owner)
{
    if (owner->name[0] != '\0') {
        ksnprintf(buffer, size, "%s, %lu bytes into `%s`", owner->region,
                  owner->address - owner->start, owner->name);
    } else {
        ksnprintf(buffer, size, "%s", owner->region);
    }
}

/* Where the address lies as seen from its block's payload; nothing for its first byte. */
static void place_describe(char *buffer, size_t size, const struct owner *owner)
{
    uint64_t end = owner->start + owner->size;

    if (owner->address < owner->start) {
        ksnprintf(buffer, size, "%lu bytes before ", owner->start - owner->address);
    } else if (owner->address >= end && end != owner->start) {
        ksnprintf(buffer, size, "%lu bytes behind ", owner->address - end);
    } else if (owner->address > owner->start) {
        ksnprintf(buffer, size, "%lu bytes into ", owner->address - owner->start);
    } else {
        buffer[0] = '\0';
    }
}

static void block_describe(char *buffer, size_t size, const struct owner *owner)
{
    bool is_freed = owner->kind == OWNER_FREED_BLOCK;
    const char *function = is_freed ? owner->freed_by : owner->allocated_by;
    char place[40];

    place_describe(place, sizeof(place), owner);
    if (function != NULL) {
        ksnprintf(buffer, size, "%sa %lu-byte heap block %s by `%.*s`", place, owner->size,
                  is_freed ? "freed" : "allocated", OWNER_NAME_MAX, function);
    } else {
        ksnprintf(buffer, size, "%sa %lu-byte heap block%s", place, owner->size,
                  is_freed ? " that is free" : "");
    }
}

const char *owner_describe(char *buffer, size_t size, const struct owner *owner)
{
    switch (owner->kind) {
    case OWNER_NOT_CANONICAL:
        ksnprintf(buffer, size, "no memory at all: the address is not canonical");
        break;
    case OWNER_LOW_HALF:
        ksnprintf(buffer, size, "the low half, where this kernel has nothing");
        break;
    case OWNER_CODE:
    case OWNER_DATA:
        image_describe(buffer, size, owner);
        break;
    case OWNER_STACK:
        stack_describe(buffer, size, owner, "");
        break;
    case OWNER_GUARD:
        stack_describe(buffer, size, owner, "the guard page below ");
        break;
    case OWNER_BLOCK:
    case OWNER_FREED_BLOCK:
        block_describe(buffer, size, owner);
        break;
    case OWNER_FREE_HEAP:
        ksnprintf(buffer, size, "the heap, in no block");
        break;
    case OWNER_HEAP_WINDOW:
        ksnprintf(buffer, size, "beyond the heap's end");
        break;
    case OWNER_DIRECT_MAP:
        ksnprintf(buffer, size, "the direct map, physical 0x%lx, %s",
                  owner->address - DIRECT_MAP_BASE, owner->frame);
        break;
    case OWNER_DEVICE:
        ksnprintf(buffer, size, "the window for device memory");
        break;
    case OWNER_UNKNOWN:
        ksnprintf(buffer, size, "an unknown place");
        break;
    case OWNER_NOBODY:
        ksnprintf(buffer, size, "no region of this kernel");
        break;
    }
    return buffer;
}
