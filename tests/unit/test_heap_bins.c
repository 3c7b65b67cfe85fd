/* SPDX-License-Identifier: MIT */
/* Bins: which sizes they hold, and how far one is searched. */
#include "mm/heap_bins.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

KTEST(heap, bins_below_2_kib_hold_one_size_each)
{
    for (size_t size = 32; size < 2048; size += 16) {
        CHECK_EQ(heap_bin_of(size), size / 16);
    }
}

KTEST(heap, bins_above_are_eighths_of_powers_of_two)
{
    size_t bin = 128;

    for (size_t power = 2048; bin < HEAP_BINS; power *= 2) {
        for (size_t eighth = 0; eighth < 8; eighth++, bin++) {
            size_t least = power + eighth * power / 8;

            CHECK_EQ(heap_bin_of(least), bin);
            CHECK_EQ(heap_bin_of(least - 16), bin - 1);
        }
    }
}

KTEST(heap, last_bin_holds_whatever_is_larger)
{
    CHECK_EQ(heap_bin_of(1UL << 35), HEAP_BINS - 1);
    CHECK_EQ(heap_bin_of(1UL << 36), HEAP_BINS - 1);
    CHECK_EQ(heap_bin_of(HEAP_PAYLOAD_MAX / 16 * 16), HEAP_BINS - 1);
}

/* Free blocks of one bin: so many too small for 5000 bytes, then one that is not, which is
 * returned. */
static void *fill_bin(size_t too_small)
{
    void *blocks[16];
    size_t count = 0;

    heap_fixture_begin(256 * KIB);
    for (; count <= too_small; count++) {
        blocks[count] = heap_alloc(heap, count < too_small ? 4700 : 5000);
        (void)heap_alloc(heap, 1); /* keeps them apart */
    }
    for (size_t i = 0; i < count; i++) {
        heap_free(heap, blocks[i]);
    }
    CHECK_EQ(heap_bin_of(heap_fixture_block_size(4700)),
             heap_bin_of(heap_fixture_block_size(5000)));
    return blocks[too_small];
}

KTEST(heap, search_of_a_bin_goes_eight_blocks_deep)
{
    void *last = fill_bin(HEAP_BIN_TRIES - 1);

    CHECK_EQ(heap_alloc(heap, 5000), last);
    last = fill_bin(HEAP_BIN_TRIES);
    CHECK_NE(heap_alloc(heap, 5000), last);
    heap_fixture_check();
}

KTEST(heap, search_of_a_bin_goes_to_its_end_before_null_is_answered)
{
    void *last = fill_bin(HEAP_BIN_TRIES + 4);

    heap_fixture.grant_max = 0;
    while (heap_statistics(heap).largest_free_bytes >= 6000) {
        REQUIRE(heap_alloc(heap, 5990) != NULL); /* takes the top, from which nothing is left */
    }
    CHECK_EQ(heap_alloc(heap, 5000), last);
    CHECK_EQ(heap_alloc(heap, 5000), NULL);
    heap_fixture_check();
}
