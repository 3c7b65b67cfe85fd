/* SPDX-License-Identifier: MIT */
/* The checked heap in wrong use: each fault is found, named with its block, and with who did it. */
#include "lib/string.h"
#include "mm/checked/heap_record.h"
#include "tests/unit/checked_fixture.h"

KTEST(heap_checked, double_free_is_named_with_all_three_callers)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(40);

    checked_release(block);
    heap_checked_free(&checked, block, LATER);
    check_reported(HEAP_DOUBLE_FREE, block, block, 40);
    check_callers(ALLOCATOR, FREER, LATER);
    check_sound();
    CHECK_EQ(heap_checked_realloc(&checked, block, 80, LATER), NULL);
    check_reported(HEAP_DOUBLE_FREE, block, block, 40);
    check_sound();
}

KTEST(heap_checked, double_free_is_a_wrong_pointer_when_the_quarantine_has_let_go)
{
    checked_begin(512 * KIB);
    uint8_t *block = checked_allocate(40);

    checked_release(block);
    for (size_t i = 0; i < 70; i++) {
        checked_release(checked_allocate(1000));
    }
    heap_checked_free(&checked, block, LATER);
    check_reported(HEAP_WRONG_POINTER, block, NULL, 0);
    check_callers(0, 0, LATER);
    check_sound();
}

KTEST(heap_checked, wrong_pointers_are_named_with_the_block_they_are_in)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(100);
    uint8_t *freed = checked_allocate(100);
    static const size_t offsets[] = {1, 8, 15, 16, 32, 64, 99, 100};

    for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
        heap_checked_free(&checked, block + offsets[i], LATER);
        check_reported(HEAP_WRONG_POINTER, block + offsets[i], block, 100);
        check_callers(ALLOCATOR, 0, LATER);
        CHECK_EQ(heap_checked_realloc(&checked, block + offsets[i], 8, LATER), NULL);
        check_reported(HEAP_WRONG_POINTER, block + offsets[i], block, 100);
    }
    heap_checked_free(&checked, block - 16, LATER); /* into its own record */
    check_reported(HEAP_WRONG_POINTER, block - 16, block, 100);
    /* The tag of struct heap before a record is that block's, too. */
    heap_checked_free(&checked, freed - sizeof(struct heap_record) - 8, LATER);
    check_reported(HEAP_WRONG_POINTER, freed - sizeof(struct heap_record) - 8, freed, 100);
    checked_release(freed);
    heap_checked_free(&checked, freed + 16, LATER);
    check_reported(HEAP_WRONG_POINTER, freed + 16, freed, 100);
    check_callers(ALLOCATOR, FREER, LATER);
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, wrong_pointers_outside_any_block_are_named)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(100);
    uint8_t *base = (uint8_t *)heap_fixture.base;
    uint64_t local = 0;
    void *const pointers[] = {&local,
                              base - 16,
                              base,
                              base + 1,
                              base + 16,
                              base + 48,
                              base + sizeof(struct heap_record),
                              (uint8_t *)checked.heap.top + 8,
                              (uint8_t *)heap_fixture.end - 16,
                              (uint8_t *)heap_fixture.end,
                              (void *)16,
                              (void *)-16L};

    for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
        heap_checked_free(&checked, pointers[i], LATER);
        CHECK_EQ(reported.count, 1);
        CHECK_EQ(reported.last.fault, HEAP_WRONG_POINTER);
        CHECK_EQ(reported.last.pointer, (uintptr_t)pointers[i]);
        CHECK_EQ(reported.last.now_by, LATER);
        reported.count = 0;
    }
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, copy_of_a_record_is_no_record)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(300);
    uint8_t *inside = block + 160;

    memcpy(inside - sizeof(struct heap_record), block - sizeof(struct heap_record),
           sizeof(struct heap_record));
    heap_checked_free(&checked, inside, LATER);
    check_reported(HEAP_WRONG_POINTER, inside, block, 300);
}

KTEST(heap_checked, write_past_the_end_is_found_to_the_byte)
{
    for (size_t size = 0; size <= 40; size++) {
        for (size_t beyond = 0; beyond < 16; beyond++) {
            checked_begin(8 * KIB);
            uint8_t *block = checked_allocate(size);
            uint8_t kept = block[size + beyond];
            struct heap_evidence evidence;

            memset(block, HEAP_FILL_ZONE, size); /* the zone only seems to begin earlier */
            block[size + beyond] = 0x41;
            CHECK_EQ(heap_checked_inspect(&checked, block, &evidence), HEAP_OVERRUN);
            heap_checked_free(&checked, block, LATER);
            check_reported(HEAP_OVERRUN, block + size + beyond, block, size);
            check_callers(ALLOCATOR, 0, LATER);
            CHECK_EQ(reported.last.found, 0x41);
            /* The block is still there, and can be freed once it is whole. */
            block[size + beyond] = kept;
            checked_release(block);
            check_sound();
        }
    }
}

KTEST(heap_checked, zone_that_one_byte_fills_is_found)
{
    checked_begin(8 * KIB);
    uint8_t *block = checked_allocate(24);
    size_t zone = heap_usable_size(heap_record_of(block)) - sizeof(struct heap_record) - 24;

    memset(block + 24, 0x41, zone);
    checked_release(block);
    check_reported(HEAP_OVERRUN, block + 24, block, 24);
    memset(block + 24, HEAP_FILL_ZONE, zone);
    checked_release(block);
    memset(block, 0, 24 + zone);
    heap_checked_trim(&checked);
    check_reported(HEAP_USE_AFTER_FREE, block, block, 24);
}

KTEST(heap_checked, write_before_the_block_is_found)
{
    for (size_t before = 1; before <= sizeof(((struct heap_record *)NULL)->zone); before++) {
        checked_begin(8 * KIB);
        uint8_t *block = checked_allocate(10);
        uint8_t *victim = block - before;
        uint8_t kept = *victim;

        *victim = 0x42;
        heap_checked_free(&checked, block, LATER);
        check_reported(HEAP_UNDERRUN, victim, block, 10);
        check_callers(ALLOCATOR, 0, LATER);
        CHECK_EQ(reported.last.found, 0x42);
        *victim = kept;
        checked_release(block);
        check_sound();
    }
}

KTEST(heap_checked, lost_record_is_found)
{
    checked_begin(8 * KIB);
    uint8_t *block = checked_allocate(10);
    uint8_t kept[sizeof(struct heap_record)];

    memcpy(kept, block - sizeof(kept), sizeof(kept));
    memset(block - sizeof(kept), 0, sizeof(kept));
    heap_checked_free(&checked, block, LATER);
    check_reported(HEAP_UNDERRUN, block - sizeof(kept), block, 0);
    heap_checked_free(&checked, block + 16, LATER); /* whose block is not known */
    check_reported(HEAP_WRONG_POINTER, block + 16, NULL, 0);
    struct heap_evidence evidence;

    CHECK_EQ(heap_checked_check(&checked, &evidence), HEAP_UNDERRUN);
    CHECK_EQ(evidence.block, (uintptr_t)block);
    memcpy(block - sizeof(kept), kept, sizeof(kept));
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, tag_that_leads_astray_is_found_before_it_is_followed)
{
    checked_begin(8 * KIB);
    uint8_t *block = checked_allocate(10);
    uint64_t *tag = &heap_block_of(heap_record_of(block))->tag;
    const uint64_t whole = *tag;
    const uint64_t values[] = {0, 32, 64, 80, whole - 16, MIB, UINT64_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        *tag = values[i];
        heap_checked_free(&checked, block, LATER);
        check_reported(HEAP_BAD_BLOCK, tag, block, 10);
        struct heap_evidence evidence;

        CHECK_EQ(heap_checked_check(&checked, &evidence), HEAP_BAD_BLOCK);
        heap_checked_free(&checked, block + 16, LATER); /* whose block is searched for */
        CHECK_EQ(reported.last.fault, HEAP_WRONG_POINTER);
        CHECK(values[i] != MIB || reported.last.block == 0);
        reported.count = 0;
    }
    *tag = whole;
    checked_release(block);
    check_sound();
}

KTEST(heap_checked, write_after_free_is_found_by_a_check)
{
    struct heap_evidence evidence;

    checked_begin(64 * KIB);
    for (size_t offset = 0; offset < 70; offset++) {
        uint8_t *block = checked_allocate(70);

        checked_release(block);
        block[offset] = 0x43;
        memset(&evidence, 0xff, sizeof(evidence));
        CHECK_EQ(heap_checked_check(&checked, &evidence), HEAP_USE_AFTER_FREE);
        CHECK_EQ(evidence.pointer, (uintptr_t)block + offset);
        CHECK_EQ(evidence.block, (uintptr_t)block);
        CHECK_EQ(evidence.size, 70);
        CHECK_EQ(evidence.found, 0x43);
        CHECK_EQ(evidence.allocated_by, ALLOCATOR);
        CHECK_EQ(evidence.freed_by, FREER);
        CHECK_EQ(evidence.now_by, 0);
        block[offset] = HEAP_FILL_FREED;
        check_sound();
    }
}

KTEST(heap_checked, write_after_free_is_found_when_the_block_leaves_the_quarantine)
{
    checked_begin(512 * KIB);
    uint8_t *block = checked_allocate(70);

    checked_release(block);
    block[3] = 0x44;
    size_t frees = 0;

    while (reported.count == 0 && frees < 200) {
        heap_checked_free(&checked, checked_allocate(1000), LATER);
        frees++;
    }
    check_reported(HEAP_USE_AFTER_FREE, block + 3, block, 70);
    check_callers(ALLOCATOR, FREER, 0);
    CHECK_GT(frees, 50);
    /* It is never given out again: somebody still writes to it. */
    heap_checked_trim(&checked);
    CHECK_EQ(heap_checked_statistics(&checked).live_blocks, 1);
}

KTEST(heap_checked, quarantine_goes_on_when_a_tag_in_it_was_overwritten)
{
    checked_begin(512 * KIB);
    uint8_t *block = checked_allocate(70);
    uint64_t *tag = &heap_block_of(heap_record_of(block))->tag;
    const uint64_t whole = *tag;

    checked_release(block);
    *tag = whole + 256 * KIB; /* more than all that waits */
    for (size_t i = 0; i < 200; i++) {
        checked_release(checked_allocate(1000));
    }
    check_reported(HEAP_BAD_BLOCK, tag, block, 70);
    *tag = whole;
    CHECK_GT(checked.quarantine_blocks, 1);
    check_sound();
}
