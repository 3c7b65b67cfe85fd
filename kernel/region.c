/* SPDX-License-Identifier: MIT */
/* The regions of docs/design.md, "Virtual memory", and the sections of the image. */
#include "kernel/region.h"

#include "kernel/image.h"
#include "kernel/stacks.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "mm/layout.h"

/* 64 TiB of RAM at the most: the heap's window comes next. */
#define DIRECT_MAP_END HEAP_WINDOW_BASE

static const struct {
    uint64_t start;
    uint64_t end; /* exclusive */
    const char *name;
} regions[] = {
    {DIRECT_MAP_BASE, DIRECT_MAP_END, "direct map"},
    {HEAP_WINDOW_BASE, HEAP_WINDOW_END, "heap"},
    {DEVICE_WINDOW_BASE, DEVICE_WINDOW_END, "device memory"},
    {(uint64_t)__text_start, (uint64_t)__text_end, ".text"},
    {(uint64_t)__rodata_start, (uint64_t)__rodata_end, ".rodata"},
    {(uint64_t)__data_start, (uint64_t)__bss_start, ".data"},
    {(uint64_t)__bss_start, (uint64_t)__bss_end, ".bss"},
};

const char *region_name(uint64_t address)
{
    for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
        if (address >= regions[i].start && address < regions[i].end) {
            return regions[i].name;
        }
    }
    return NULL;
}

const char *region_describe(char *buffer, size_t size, uint64_t address)
{
    const struct stack *stack = stack_containing(address);
    const char *name = region_name(address);

    if (stack != NULL) {
        ksnprintf(buffer, size, "%s stack", stack->name);
    } else {
        ksnprintf(buffer, size, "%s", name != NULL ? name : "no region");
    }
    return buffer;
}
