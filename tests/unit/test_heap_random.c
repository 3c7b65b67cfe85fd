/* SPDX-License-Identifier: MIT */
/*
 * Random sequences against a shadow: what was allocated and not freed is known
 * with address, size and contents, and must be there, apart, and unchanged.
 */
#include "tests/unit/heap_fixture.h"
#include "tests/unit/pseudo_random.h"

#define heap (&heap_fixture.heap)

#define OPERATIONS (__STDC_HOSTED__ ? 10000000UL : 1000000UL)

#define CHECK_INTERVAL 25000UL

#define SLOTS 512

static struct slot {
    uint8_t *block; /* NULL: nothing there */
    size_t size;
    uint64_t seed; /* of the pattern in it */
} slots[SLOTS];

static struct shadow {
    uint64_t random;
    uint64_t next_seed;
    size_t live_blocks;
    size_t live_bytes; /* as blocks */
    size_t refusals; /* NULL where there may have been no room */
    bool is_wrong; /* stop: one line of failure is enough */
} shadow;

static void wrong(const char *what, const struct slot *slot)
{
    ktest_note("%s: slot %zu, block 0x%lx of %zu bytes", what, (size_t)(slot - slots),
               (uint64_t)slot->block, slot->size);
    shadow.is_wrong = true;
}

/* Mostly small, now and then some pages. */
static size_t random_size(void)
{
    uint64_t kind = pseudo_random_below(&shadow.random, 64);
    size_t most = kind < 48 ? 128 : kind < 60 ? 700 : kind < 63 ? 3000 : 20000;

    return pseudo_random_below(&shadow.random, most + 1);
}

/* The block is now this one: mark it, and count what the heap says it takes. */
static void slot_set(struct slot *slot, void *block, size_t size)
{
    slot->block = block;
    slot->size = size;
    slot->seed = shadow.next_seed++;
    pattern_write(block, size, slot->seed);
    shadow.live_blocks++;
    shadow.live_bytes += heap_usable_size(block) + 8;
    if (heap_usable_size(block) < size || !IS_ALIGNED((uintptr_t)block, HEAP_ALIGNMENT)) {
        wrong("too small or not aligned", slot);
    }
}

static void slot_verify(const struct slot *slot)
{
    if (!pattern_is_whole(slot->block, slot->size, slot->seed)) {
        wrong("contents changed", slot);
    }
}

static void slot_clear(struct slot *slot)
{
    slot_verify(slot);
    shadow.live_blocks--;
    shadow.live_bytes -= heap_usable_size(slot->block) + 8;
}

static void try_alloc(struct slot *slot)
{
    size_t size = random_size();
    size_t alignment = 1;
    void *block;

    if (pseudo_random_below(&shadow.random, 16) == 0) {
        alignment <<= pseudo_random_below(&shadow.random, 11);
        block = heap_alloc_aligned(heap, size, alignment, 0);
    } else {
        block = heap_alloc(heap, size);
    }
    if (block == NULL) {
        shadow.refusals++;
        return;
    }
    slot_set(slot, block, size);
    if (!IS_ALIGNED((uintptr_t)block, alignment)) {
        wrong("not aligned as asked", slot);
    }
}

static void try_realloc(struct slot *slot)
{
    struct slot old = *slot;
    size_t size = random_size();
    bool is_smaller = size <= heap_usable_size(old.block);

    slot_clear(slot);
    void *block = heap_realloc(heap, old.block, size);

    if (block == NULL) {
        if (is_smaller) {
            wrong("did not shrink", slot);
        }
        shadow.refusals++;
        shadow.live_blocks++;
        shadow.live_bytes += heap_usable_size(old.block) + 8;
        slot_verify(slot);
        return;
    }
    size_t kept = MIN(size, old.size) / 8 * 8; /* whole words: the last one differs by size */

    if (!pattern_is_whole(block, kept, old.seed) || (is_smaller && block != old.block)) {
        wrong("realloc lost contents or moved when it shrank", slot);
    }
    slot_set(slot, block, size);
}

static void step(void)
{
    struct slot *slot = &slots[pseudo_random_below(&shadow.random, SLOTS)];

    if (slot->block == NULL) {
        try_alloc(slot);
    } else if (pseudo_random_below(&shadow.random, 4) == 0) {
        try_realloc(slot);
    } else {
        slot_clear(slot);
        heap_free(heap, slot->block);
        slot->block = NULL;
    }
}

static void compare(void)
{
    struct heap_statistics now = heap_statistics(heap);

    CHECK_EQ(now.live_blocks, shadow.live_blocks);
    CHECK_EQ(now.live_bytes, shadow.live_bytes);
    heap_fixture_check();
}

static void run(size_t window_size, uint64_t operations, uint64_t seed)
{
    heap_fixture_begin(window_size);
    for (size_t i = 0; i < SLOTS; i++) {
        slots[i].block = NULL;
    }
    shadow = (struct shadow){.random = seed};
    for (uint64_t i = 1; i <= operations && !shadow.is_wrong; i++) {
        step();
        if (i % CHECK_INTERVAL == 0) {
            compare();
        }
    }
    CHECK(!shadow.is_wrong);
    compare();
    for (size_t i = 0; i < SLOTS; i++) {
        if (slots[i].block != NULL) {
            slot_clear(&slots[i]);
            heap_free(heap, slots[i].block);
        }
    }
    heap_trim(heap);
    compare();
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
}

KTEST(heap, random_operations_agree_with_a_shadow)
{
    run(512 * KIB, OPERATIONS * 3 / 4, 0x20261122);
    CHECK_EQ(shadow.refusals, 0);
}

KTEST(heap, random_operations_agree_with_a_shadow_when_room_is_short)
{
    run(64 * KIB, OPERATIONS / 4, 0x4f445953);
    CHECK_GT(shadow.refusals, OPERATIONS / 1000);
}
