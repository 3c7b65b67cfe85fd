/* SPDX-License-Identifier: MIT */
/*
 * A heap over the tests' large memory, whose window is watched: it must grow
 * and shrink at its end, by whole pages, and nothing outside it may change.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "mm/address.h"
#include "mm/heap.h"
#include "tests/ktest.h"
#include "tests/unit/failure_sweep.h"

struct heap_fixture {
    struct heap heap;
    uintptr_t base;
    uintptr_t end; /* of what was granted */
    uintptr_t limit;
    size_t grow_calls;
    size_t shrink_calls;
    struct failures failures; /* of grow calls */
    size_t grant_max; /* a call for more bytes fails */
    bool is_abused; /* a call was not at the end, not whole pages, or past the limit */
};

extern struct heap_fixture heap_fixture;

/* The window's callbacks, for tests that call heap_init() themselves. */
extern const struct heap_window heap_fixture_window;

/* Fill the memory with what nobody writes, and forget all that was granted. */
void heap_fixture_reset(size_t window_size);

/* The same, and make the heap over a window of so many bytes, whole pages. */
void heap_fixture_begin(size_t window_size);

/* Check that the heap is sound, its statistics add up, and nothing outside the window was written.
 */
void heap_fixture_check(void);

/* For failure_sweep(): plans failures of the window's growth. */
bool heap_fixture_fail_at(size_t k, bool last);

/* The bytes that a block for so many bytes of payload takes, in other words than the heap's. */
size_t heap_fixture_block_size(size_t payload_size);

/* Fill a payload with a pattern that depends on `seed`, or check that it is still there. */
void pattern_write(void *payload, size_t size, uint64_t seed);
bool pattern_is_whole(const void *payload, size_t size, uint64_t seed);
