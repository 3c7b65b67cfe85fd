/* SPDX-License-Identifier: MIT */
/* The checked heap under test. */
#include "tests/unit/checked_fixture.h"

#include "lib/string.h"

struct heap_checked checked;
struct checked_reports reported;

void checked_report(const struct heap_evidence *evidence)
{
    reported.count++;
    reported.last = *evidence;
}

void checked_begin(size_t window_size)
{
    memset(&reported, 0, sizeof(reported));
    heap_fixture_reset(window_size);
    REQUIRE_OK(heap_checked_init(&checked, heap_fixture.base, heap_fixture.limit,
                                 &heap_fixture_window, checked_report));
}

uint8_t *checked_allocate(size_t size)
{
    return heap_checked_alloc(&checked, size, HEAP_ALIGNMENT, ALLOCATOR);
}

void checked_release(void *payload)
{
    heap_checked_free(&checked, payload, FREER);
}

void check_sound(void)
{
    struct heap_evidence evidence;
    enum heap_fault fault = heap_checked_check(&checked, &evidence);

    CHECK_STR_EQ(heap_fault_sentence(fault), heap_fault_sentence(HEAP_SOUND));
    CHECK_EQ(evidence.fault, HEAP_SOUND);
    CHECK_EQ(reported.count, 0);
    CHECK(!heap_fixture.is_abused);
}

void check_reported(enum heap_fault fault, const void *pointer, const void *block, size_t size)
{
    CHECK_EQ(reported.count, 1);
    CHECK_STR_EQ(heap_fault_sentence(reported.last.fault), heap_fault_sentence(fault));
    CHECK_EQ(reported.last.pointer, (uintptr_t)pointer);
    CHECK_EQ(reported.last.block, (uintptr_t)block);
    CHECK_EQ(reported.last.size, size);
    reported.count = 0;
}

void check_callers(uintptr_t allocated_by, uintptr_t freed_by, uintptr_t now_by)
{
    CHECK_EQ(reported.last.allocated_by, allocated_by);
    CHECK_EQ(reported.last.freed_by, freed_by);
    CHECK_EQ(reported.last.now_by, now_by);
}
