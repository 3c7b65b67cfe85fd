/* SPDX-License-Identifier: MIT */
/*
 * memcpy, memmove, memset and memcmp over alignments, lengths and overlaps.
 * What memory should hold is worked out byte by byte, guards on both sides
 * included; the barriers keep the compiler from doing that with the very
 * functions under test.
 */
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define ALIGNMENTS 16
#define SHORT_SIZE 80 /* every length up to this, at every alignment */
#define LONG_SIZE  4097
#define GUARD_SIZE 16
#define GUARD_BYTE 0x5a

static const size_t long_sizes[] = {81, 95, 127, 128, 129, 255, 256, 1000, 4095, 4096, LONG_SIZE};

static uint8_t source[LONG_SIZE + ALIGNMENTS] ALIGNED(64);
static uint8_t target[3 * LONG_SIZE + ALIGNMENTS + 2 * GUARD_SIZE] ALIGNED(64);

typedef void *copy_function(void *to, const void *from, size_t size);

/* Unlike their neighbours, near and far; with and without the top bit. */
static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 7 + i / 256 + 1);
}

static void lay_pattern(uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = pattern(i);
        COMPILER_BARRIER();
    }
}

static void lay_guards(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        target[i] = GUARD_BYTE;
        COMPILER_BARRIER();
    }
}

/* Copy between two arrays; the source is laid out already. */
static bool copies(copy_function *copy, size_t size, size_t to_offset, size_t from_offset)
{
    size_t start = GUARD_SIZE + to_offset;
    size_t count = start + size + GUARD_SIZE;

    lay_guards(count);
    CHECK_EQ(copy(target + start, source + from_offset, size), target + start);
    for (size_t i = 0; i < count; i++) {
        bool inside = i >= start && i < start + size;

        if (target[i] != (inside ? pattern(i - start + from_offset) : GUARD_BYTE)) {
            ktest_note("%zu bytes from +%zu to +%zu: byte %ld is 0x%02x", size, from_offset,
                       to_offset, (int64_t)(i - start), target[i]);
            return false;
        }
    }
    return true;
}

static void check_copy(copy_function *copy)
{
    lay_pattern(source, sizeof(source));
    for (size_t to = 0; to < ALIGNMENTS; to++) {
        for (size_t from = 0; from < ALIGNMENTS; from++) {
            for (size_t size = 0; size <= SHORT_SIZE; size++) {
                REQUIRE(copies(copy, size, to, from));
            }
        }
        for (size_t i = 0; i < ARRAY_SIZE(long_sizes); i++) {
            REQUIRE(copies(copy, long_sizes[i], to, 0));
            REQUIRE(copies(copy, long_sizes[i], 0, to));
            REQUIRE(copies(copy, long_sizes[i], to, to));
        }
    }
}

KTEST(string, memcpy_copies_at_any_alignment_and_length)
{
    check_copy(memcpy);
}

KTEST(string, memmove_copies_at_any_alignment_and_length)
{
    check_copy(memmove);
}

/* Move a block within one array, where the blocks may overlap. */
static bool moves(size_t size, size_t to, size_t from)
{
    size_t count = MAX(to, from) + size + GUARD_SIZE;

    lay_pattern(target, count);
    CHECK_EQ(memmove(target + to, target + from, size), target + to);
    for (size_t i = 0; i < count; i++) {
        bool inside = i >= to && i < to + size;

        if (target[i] != pattern(inside ? i - to + from : i)) {
            ktest_note("%zu bytes from %zu to %zu: byte %zu is 0x%02x", size, from, to, i,
                       target[i]);
            return false;
        }
    }
    return true;
}

KTEST(string, memmove_moves_up_and_down_at_every_distance)
{
    for (size_t size = 0; size <= SHORT_SIZE; size++) {
        for (size_t distance = 0; distance <= size + 1; distance++) {
            for (size_t offset = 0; offset < ALIGNMENTS; offset += 5) {
                size_t low = GUARD_SIZE + offset;

                REQUIRE(moves(size, low + distance, low));
                REQUIRE(moves(size, low, low + distance));
            }
        }
    }
}

KTEST(string, memmove_moves_long_blocks_up_and_down)
{
    for (size_t i = 0; i < ARRAY_SIZE(long_sizes); i++) {
        size_t size = long_sizes[i];
        const size_t distances[] = {1, 7, 8, 9, 16, 33, size / 2, size - 1, size, size + 1};

        for (size_t j = 0; j < ARRAY_SIZE(distances); j++) {
            REQUIRE(moves(size, GUARD_SIZE + distances[j], GUARD_SIZE));
            REQUIRE(moves(size, GUARD_SIZE, GUARD_SIZE + distances[j]));
            REQUIRE(moves(size, GUARD_SIZE + 3 + distances[j], GUARD_SIZE + 3));
            REQUIRE(moves(size, GUARD_SIZE + 3, GUARD_SIZE + 3 + distances[j]));
        }
    }
}

static bool fills(size_t size, size_t offset, int byte)
{
    size_t start = GUARD_SIZE + offset;
    size_t count = start + size + GUARD_SIZE;

    lay_guards(count);
    CHECK_EQ(memset(target + start, byte, size), target + start);
    for (size_t i = 0; i < count; i++) {
        bool inside = i >= start && i < start + size;

        if (target[i] != (inside ? (uint8_t)byte : GUARD_BYTE)) {
            ktest_note("%zu bytes at +%zu: byte %ld is 0x%02x", size, offset, (int64_t)(i - start),
                       target[i]);
            return false;
        }
    }
    return true;
}

KTEST(string, memset_fills_at_any_alignment_and_length)
{
    for (size_t offset = 0; offset < ALIGNMENTS; offset++) {
        for (size_t size = 0; size <= SHORT_SIZE; size++) {
            REQUIRE(fills(size, offset, 0));
            REQUIRE(fills(size, offset, 0xc3));
        }
        for (size_t i = 0; i < ARRAY_SIZE(long_sizes); i++) {
            REQUIRE(fills(long_sizes[i], offset, 0xff));
        }
    }
}

KTEST(string, memset_takes_the_low_byte_of_its_argument)
{
    for (size_t size = 0; size <= SHORT_SIZE; size++) {
        REQUIRE(fills(size, 1, 0x1c3));
        REQUIRE(fills(size, 1, -2));
    }
}

KTEST(string, memcmp_is_zero_when_equal_and_looks_no_further)
{
    lay_pattern(source, sizeof(source));
    for (size_t offset = 0; offset < ALIGNMENTS; offset++) {
        for (size_t size = 0; size <= SHORT_SIZE; size++) {
            uint8_t *block = target + GUARD_SIZE + offset;

            lay_pattern(block, size);
            block[size] = (uint8_t)~pattern(size);
            CHECK_EQ(memcmp(source, block, size), 0);
            CHECK_EQ(memcmp(block, source, size), 0);
            CHECK_NE(memcmp(block, source, size + 1), 0);
        }
    }
}

KTEST(string, memcmp_orders_by_the_first_unequal_byte_as_unsigned)
{
    for (size_t offset = 0; offset < ALIGNMENTS; offset += 3) {
        uint8_t *block = target + offset;

        for (size_t size = 1; size <= SHORT_SIZE; size++) {
            lay_pattern(source, size);
            lay_pattern(block, size);
            for (size_t at = size; at-- > 0;) {
                /* All behind `at` says the opposite by now. */
                source[at] = 0x7f;
                block[at] = 0x80;
                CHECK_LT(memcmp(source, block, size), 0);
                CHECK_GT(memcmp(block, source, size), 0);
                source[at] = 0xff;
                block[at] = 0;
                CHECK_GT(memcmp(source, block, size), 0);
                CHECK_LT(memcmp(block, source, size), 0);
            }
        }
    }
}
