/* SPDX-License-Identifier: MIT */
/* Which block an address belongs to, in both heaps, damaged ones too. */
#include "mm/checked/heap_record.h"
#include "tests/unit/checked_fixture.h"

static struct heap_place find(const void *base, size_t offset)
{
    return heap_find(&heap_fixture.heap, (uintptr_t)base + offset);
}

static struct heap_place find_checked(const void *base, size_t offset)
{
    return heap_checked_find(&checked, (uintptr_t)base + offset);
}

KTEST(heap_find, every_byte_of_a_live_block_leads_to_it)
{
    uint8_t *blocks[8];

    heap_fixture_begin(64 * KIB);
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        blocks[i] = heap_alloc(&heap_fixture.heap, 16 * i + 8);
        REQUIRE(blocks[i] != NULL);
    }
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        for (size_t offset = 0; offset < 16 * i + 8; offset++) {
            struct heap_place place = find(blocks[i], offset);

            CHECK_EQ(place.state, HEAP_PLACE_LIVE);
            CHECK_EQ(place.block, (uintptr_t)blocks[i]);
            CHECK_EQ(place.size, heap_usable_size(blocks[i]));
        }
    }
}

KTEST(heap_find, what_is_free_or_outside_is_told_apart)
{
    heap_fixture_begin(64 * KIB);
    uint8_t *small = heap_alloc(&heap_fixture.heap, 24);
    uint8_t *large = heap_alloc(&heap_fixture.heap, 8000);
    uint8_t *last = heap_alloc(&heap_fixture.heap, 24);

    heap_free(&heap_fixture.heap, small);
    heap_free(&heap_fixture.heap, large);
    CHECK_EQ(find(small, 0).state, HEAP_PLACE_FREED); /* in a quick list, whole still */
    CHECK_EQ(find(small, 0).size, 24);
    CHECK_EQ(find(large, 4000).state, HEAP_PLACE_FREE);
    CHECK_EQ(find(last, 0).state, HEAP_PLACE_LIVE);
    CHECK_EQ(find(last, 64).state, HEAP_PLACE_FREE); /* the top */
    CHECK_EQ(find((void *)heap_fixture.end, 0).state, HEAP_PLACE_OUTSIDE);
    CHECK_EQ(find((void *)heap_fixture.end, -1UL).state, HEAP_PLACE_FREE);
    CHECK_EQ(find((void *)heap_fixture.base, 0).state, HEAP_PLACE_FREE);
    CHECK_EQ(find((void *)heap_fixture.base, -1UL).state, HEAP_PLACE_OUTSIDE);
}

KTEST(heap_find, heap_that_was_never_opened_has_nothing)
{
    static const struct heap closed;

    CHECK_EQ(heap_find(&closed, 0).state, HEAP_PLACE_OUTSIDE);
    CHECK_EQ(heap_find(&closed, 0x1000).state, HEAP_PLACE_OUTSIDE);
}

KTEST(heap_find, damaged_tag_ends_the_walk)
{
    static const uint64_t tags[] = {0, 8, 64 * KIB, UINT64_MAX & ~HEAP_FREE, HEAP_FREE};

    for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
        heap_fixture_begin(64 * KIB);
        uint8_t *first = heap_alloc(&heap_fixture.heap, 40);
        uint8_t *second = heap_alloc(&heap_fixture.heap, 40);

        heap_block_of(first)->tag = tags[i];
        CHECK_EQ(find(second, 0).state, HEAP_PLACE_UNKNOWN);
    }
}

KTEST(heap_find, checked_heap_knows_who_allocated_and_who_freed)
{
    checked_begin(64 * KIB);
    uint8_t *live = checked_allocate(64);
    uint8_t *freed = checked_allocate(100);
    struct heap_place place;

    checked_release(freed);
    place = find_checked(live, 8);
    CHECK_EQ(place.state, HEAP_PLACE_LIVE);
    CHECK_EQ(place.block, (uintptr_t)live);
    CHECK_EQ(place.size, 64);
    CHECK_EQ(place.allocated_by, ALLOCATOR);
    CHECK_EQ(place.freed_by, 0);
    place = find_checked(freed, 99);
    CHECK_EQ(place.state, HEAP_PLACE_FREED);
    CHECK_EQ(place.block, (uintptr_t)freed);
    CHECK_EQ(place.size, 100);
    CHECK_EQ(place.allocated_by, ALLOCATOR);
    CHECK_EQ(place.freed_by, FREER);
    CHECK_EQ(find_checked(live, -1UL).block, (uintptr_t)live); /* its zones are its own */
    CHECK_EQ(find_checked(live, 64).block, (uintptr_t)live);
}

KTEST(heap_find, block_without_its_record_is_not_known)
{
    checked_begin(64 * KIB);
    uint8_t *block = checked_allocate(64);
    uint64_t *mark = &heap_record_of(block)->mark;

    *mark ^= 1;
    CHECK_EQ(find_checked(block, 0).state, HEAP_PLACE_UNKNOWN);
    *mark ^= 1;
    CHECK_EQ(find_checked(block, 0).state, HEAP_PLACE_LIVE);
}

KTEST(heap_find, block_that_has_left_the_quarantine_is_free_memory)
{
    checked_begin(256 * KIB);
    uint8_t *block = checked_allocate(64);

    checked_release(block);
    CHECK_EQ(find_checked(block, 0).state, HEAP_PLACE_FREED);
    for (size_t released = 0; released <= HEAP_QUARANTINE_BYTES_MAX; released += 4 * KIB) {
        checked_release(checked_allocate(4 * KIB));
    }
    CHECK_EQ(find_checked(block, 0).state, HEAP_PLACE_FREE);
}
