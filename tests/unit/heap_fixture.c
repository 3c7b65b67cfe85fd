/* SPDX-License-Identifier: MIT */
/* The watched heap. */
#include "tests/unit/heap_fixture.h"

#include "lib/string.h"
#include "tests/large_memory.h"

#define OUTSIDE 0xee /* memory the window does not have */
#define FRESH   0x5c /* memory just granted: anything but zeros */

struct heap_fixture heap_fixture;

static enum status grow(void *context, uintptr_t address, size_t size)
{
    struct heap_fixture *fixture = context;

    fixture->grow_calls++;
    if (address != fixture->end || size == 0 || !IS_ALIGNED(size, PAGE_SIZE) ||
        size > fixture->limit - fixture->end) {
        fixture->is_abused = true;
        return ERR_BAD_ARG;
    }
    if (failures_is_due(&fixture->failures) || size > fixture->grant_max) {
        return ERR_NO_MEMORY;
    }
    memset((void *)address, FRESH, size);
    fixture->end += size;
    return OK;
}

static void shrink(void *context, uintptr_t address, size_t size)
{
    struct heap_fixture *fixture = context;

    fixture->shrink_calls++;
    if (size == 0 || !IS_ALIGNED(size, PAGE_SIZE) || address + size != fixture->end ||
        address < fixture->base + PAGE_SIZE) {
        fixture->is_abused = true;
        return;
    }
    memset((void *)address, OUTSIDE, size);
    fixture->end = address;
}

const struct heap_window heap_fixture_window = {
    .grow = grow, .shrink = shrink, .context = &heap_fixture};

void heap_fixture_reset(size_t window_size)
{
    uint8_t *memory = large_memory();

    REQUIRE(window_size <= LARGE_MEMORY_SIZE);
    memset(memory, OUTSIDE, window_size);
    memset(&heap_fixture, 0, sizeof(heap_fixture));
    heap_fixture.base = (uintptr_t)memory;
    heap_fixture.end = heap_fixture.base;
    heap_fixture.limit = heap_fixture.base + window_size;
    heap_fixture.grant_max = SIZE_MAX;
}

void heap_fixture_begin(size_t window_size)
{
    heap_fixture_reset(window_size);
    REQUIRE_OK(
        heap_init(&heap_fixture.heap, heap_fixture.base, heap_fixture.limit, &heap_fixture_window));
}

void heap_fixture_check(void)
{
    struct heap_statistics now = heap_statistics(&heap_fixture.heap);
    const uint8_t *outside = (const uint8_t *)heap_fixture.end;
    size_t outside_size = heap_fixture.limit - heap_fixture.end;
    uintptr_t place = 0;
    enum heap_fault fault = heap_check(&heap_fixture.heap, &place);

    CHECK_STR_EQ(heap_fault_sentence(fault), heap_fault_sentence(HEAP_SOUND));
    CHECK_EQ(place, 0);
    CHECK_EQ(now.live_bytes + now.free_bytes + now.quick_bytes + HEAP_OVERHEAD, now.window_bytes);
    CHECK_EQ(now.window_bytes, heap_fixture.end - heap_fixture.base);
    CHECK_LE(now.largest_free_bytes, now.free_bytes);
    CHECK_LE(now.live_bytes, now.peak_bytes);
    CHECK(!heap_fixture.is_abused);
    if (outside_size > 0) {
        CHECK_EQ(outside[0], OUTSIDE);
        CHECK_EQ(memcmp(outside, outside + 1, outside_size - 1), 0);
    }
}

bool heap_fixture_fail_at(size_t k, bool last)
{
    return failures_plan(&heap_fixture.failures, k, last);
}

size_t heap_fixture_block_size(size_t payload_size)
{
    size_t size = 32; /* 24 bytes fit the smallest, 16 more each one size up */

    while (size - 8 < payload_size) {
        size += 16;
    }
    return size;
}

/* Any word of the pattern; each differs from its neighbours and from those of other seeds. */
static uint64_t pattern_word(uint64_t seed, size_t index)
{
    return (seed + 1) * 0x9e3779b97f4a7c15UL + index * 0xd1342543de82ef95UL;
}

void pattern_write(void *payload, size_t size, uint64_t seed)
{
    uint64_t *words = payload;
    uint64_t last = pattern_word(seed, size / 8);

    for (size_t i = 0; i < size / 8; i++) {
        words[i] = pattern_word(seed, i);
    }
    memcpy(words + size / 8, &last, size % 8);
}

bool pattern_is_whole(const void *payload, size_t size, uint64_t seed)
{
    const uint64_t *words = payload;
    uint64_t last = pattern_word(seed, size / 8);

    for (size_t i = 0; i < size / 8; i++) {
        if (words[i] != pattern_word(seed, i)) {
            return false;
        }
    }
    return memcmp(words + size / 8, &last, size % 8) == 0;
}
