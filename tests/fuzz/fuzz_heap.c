/* SPDX-License-Identifier: MIT */
/*
 * The heap against a shadow. Blocks keep what was written to them, are aligned
 * and apart; what the heap counts is what the shadow counted; the structure is
 * sound; memory comes and goes at the window's end only, and where it is
 * refused nothing is lost.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/bits.h"
#include "mm/address.h"
#include "mm/heap.h"
#include "tests/fuzz/fuzz.h"

#define WINDOW_PAGES 64
#define SLOTS        64
#define OPERATIONS   8

static uint8_t window[WINDOW_PAGES * PAGE_SIZE] ALIGNED(PAGE_SIZE);
static size_t granted; /* bytes of it that the heap has */
static size_t grant_most;

static struct slot {
    uint8_t *block; /* NULL: nothing there */
    size_t size;
    uint8_t mark; /* in all of its bytes */
} slots[SLOTS];

static enum status grow(void *context, uintptr_t address, size_t size)
{
    (void)context;
    ASSERT_CMP(address, ==, (uintptr_t)window + granted);
    ASSERT(size != 0 && IS_ALIGNED(size, PAGE_SIZE));
    ASSERT_CMP(size, <=, sizeof(window) - granted);
    if (size > grant_most) {
        return ERR_NO_MEMORY;
    }
    memset(window + granted, 0x5c, size);
    granted += size;
    return OK;
}

static void shrink(void *context, uintptr_t address, size_t size)
{
    (void)context;
    ASSERT(size != 0 && IS_ALIGNED(size, PAGE_SIZE));
    ASSERT_CMP(size, <, granted);
    ASSERT_CMP(address + size, ==, (uintptr_t)window + granted);
    granted -= size;
    memset(window + granted, 0xee, size);
}

static void verify(const struct slot *slot, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ASSERT_CMP(slot->block[i], ==, slot->mark);
    }
}

static void set(struct slot *slot, void *block, size_t size, size_t alignment)
{
    slot->block = block;
    if (block == NULL) {
        return;
    }
    ASSERT(IS_ALIGNED((uintptr_t)block, alignment));
    ASSERT_CMP(size, <=, heap_usable_size(block));
    slot->size = size;
    slot->mark = (uint8_t)(slot->mark * 5 + 17);
    memset(block, slot->mark, size);
}

/* Small for the most part; sometimes pages, sometimes more than there can be. */
static size_t read_size(struct fuzz_input *input)
{
    uint8_t kind = fuzz_byte(input);
    size_t size = fuzz_byte(input);

    if (kind < 0xc0) {
        return size;
    }
    return kind < 0xfe ? size << (kind & 7) : SIZE_MAX - size;
}

static void resize(struct heap *heap, struct slot *slot, size_t size)
{
    struct slot old = *slot;
    uint8_t *block = heap_realloc(heap, old.block, size);

    if (block == NULL) {
        ASSERT_CMP(size, >, heap_usable_size(old.block)); /* shrinking always works */
        verify(&old, old.size);
        return;
    }
    slot->block = block;
    verify(slot, MIN(size, old.size));
    set(slot, block, size, HEAP_ALIGNMENT);
}

static void free_slot(struct heap *heap, struct slot *slot)
{
    if (slot->block != NULL) {
        verify(slot, slot->size);
    }
    heap_free(heap, slot->block);
    slot->block = NULL;
}

static void step(struct heap *heap, struct fuzz_input *input)
{
    uint8_t operation = fuzz_byte(input) % OPERATIONS;
    struct slot *slot = &slots[fuzz_byte(input) % SLOTS];
    size_t alignment = 1UL << fuzz_between(input, 0, 14);

    switch (operation) {
    case 0:
        grant_most = fuzz_byte(input) * PAGE_SIZE;
        break;
    case 1:
        heap_trim(heap);
        ASSERT_CMP(heap_statistics(heap).quick_blocks, ==, 0U);
        break;
    case 2:
        if (slot->block != NULL) {
            resize(heap, slot, read_size(input));
        }
        break;
    case 3:
        if (slot->block == NULL) {
            size_t size = read_size(input);

            set(slot, heap_alloc_aligned(heap, size, alignment, 0), size, alignment);
        }
        break;
    default:
        if (slot->block != NULL) {
            free_slot(heap, slot);
        } else {
            size_t size = read_size(input);

            set(slot, heap_alloc(heap, size), size, HEAP_ALIGNMENT);
        }
        break;
    }
}

static void compare(const struct heap *heap)
{
    struct heap_statistics now = heap_statistics(heap);
    uintptr_t place = 0;
    size_t live = 0;

    ASSERT_CMP((unsigned)heap_check(heap, &place), ==, (unsigned)HEAP_SOUND);
    for (size_t i = 0; i < SLOTS; i++) {
        live += slots[i].block != NULL;
    }
    ASSERT_CMP(now.live_blocks, ==, live);
    ASSERT_CMP(now.window_bytes, ==, granted);
    ASSERT_CMP(now.live_bytes + now.free_bytes + now.quick_bytes + HEAP_OVERHEAD, ==, granted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct heap heap;
    const struct heap_window callbacks = {.grow = grow, .shrink = shrink};
    struct fuzz_input input = {data, size};

    granted = 0;
    grant_most = sizeof(window);
    memset(slots, 0, sizeof(slots));
    ASSERT_OK(heap_init(&heap, (uintptr_t)window, (uintptr_t)window + sizeof(window), &callbacks));
    while (input.size > 0) {
        step(&heap, &input);
        compare(&heap);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        free_slot(&heap, &slots[i]);
    }
    heap_trim(&heap);
    compare(&heap);
    ASSERT_CMP(granted, ==, PAGE_SIZE);
    return 0;
}
