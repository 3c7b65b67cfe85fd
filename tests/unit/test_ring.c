/* SPDX-License-Identifier: MIT */
/* The byte ring: order, both ends of its fill, and counters that wrap. */
#include "lib/ring.h"
#include "tests/ktest.h"

#define RING_SIZE 8

/* A ring whose counters start anywhere, as if that many bytes had gone through it. */
static struct ring ring_at(uint8_t (*bytes)[RING_SIZE], uint32_t passed)
{
    struct ring ring = RING_INIT(*bytes);

    ring.head = passed;
    ring.tail = passed;
    return ring;
}

KTEST(ring, init_takes_the_arrays_size)
{
    static uint8_t bytes[64];
    static struct ring ring = RING_INIT(bytes);

    CHECK_EQ(ring.size, 64);
    CHECK_EQ(ring.bytes, bytes);
    CHECK_EQ(ring.dropped, 0);
    CHECK(ring_is_empty(&ring));
}

KTEST(ring, get_leaves_byte_untouched_when_empty)
{
    uint8_t bytes[RING_SIZE];
    struct ring ring = ring_at(&bytes, 0);
    uint8_t byte = 0x5a;

    CHECK(!ring_get(&ring, &byte));
    CHECK_EQ(byte, 0x5a);
    REQUIRE(ring_put(&ring, 1));
    REQUIRE(ring_get(&ring, &byte));
    byte = 0x5a;
    CHECK(!ring_get(&ring, &byte));
    CHECK_EQ(byte, 0x5a);
}

KTEST(ring, bytes_come_out_in_the_order_they_went_in)
{
    uint8_t bytes[RING_SIZE];
    struct ring ring = ring_at(&bytes, 0);
    uint8_t byte = 0;

    /* Three in, two out, so that the positions drift over the array's end again and again. */
    for (uint8_t round = 0; round < 100; round++) {
        uint8_t first = (uint8_t)(2 * round);

        REQUIRE(ring_put(&ring, first));
        REQUIRE(ring_put(&ring, (uint8_t)(first + 1)));
        CHECK(!ring_is_empty(&ring));
        REQUIRE(ring_get(&ring, &byte));
        CHECK_EQ(byte, first);
        REQUIRE(ring_get(&ring, &byte));
        CHECK_EQ(byte, first + 1);
        CHECK(ring_is_empty(&ring));
        REQUIRE(ring_put(&ring, 0xff));
        REQUIRE(ring_get(&ring, &byte));
        CHECK_EQ(byte, 0xff);
    }
    CHECK_EQ(ring.dropped, 0);
}

KTEST(ring, put_refuses_and_counts_when_full)
{
    uint8_t bytes[RING_SIZE];
    struct ring ring = ring_at(&bytes, 5);
    uint8_t byte = 0;

    for (uint8_t i = 0; i < RING_SIZE; i++) {
        REQUIRE(ring_put(&ring, i));
    }
    CHECK_EQ(ring.dropped, 0);
    CHECK(!ring_put(&ring, 0xee));
    CHECK(!ring_put(&ring, 0xee));
    CHECK_EQ(ring.dropped, 2);

    /* One out makes room for exactly one. */
    REQUIRE(ring_get(&ring, &byte));
    CHECK_EQ(byte, 0);
    CHECK(ring_put(&ring, RING_SIZE));
    CHECK(!ring_put(&ring, 0xee));
    CHECK_EQ(ring.dropped, 3);
    for (uint8_t i = 1; i <= RING_SIZE; i++) {
        REQUIRE(ring_get(&ring, &byte));
        CHECK_EQ(byte, i);
    }
    CHECK(ring_is_empty(&ring));
}

KTEST(ring, full_and_empty_differ_when_counters_wrap)
{
    /* Each start puts the wrap at 2^32 at another place of a full ring. */
    for (uint32_t before = 0; before <= RING_SIZE; before++) {
        uint8_t bytes[RING_SIZE];
        struct ring ring = ring_at(&bytes, UINT32_MAX - before + 1);
        uint8_t byte = 0;

        CHECK(ring_is_empty(&ring));
        CHECK(!ring_get(&ring, &byte));
        for (uint8_t i = 0; i < RING_SIZE; i++) {
            REQUIRE(ring_put(&ring, (uint8_t)(i + 1)));
            CHECK(!ring_is_empty(&ring));
        }
        CHECK(!ring_put(&ring, 0xee));
        CHECK_EQ(ring.dropped, 1);
        for (uint8_t i = 0; i < RING_SIZE; i++) {
            REQUIRE(ring_get(&ring, &byte));
            CHECK_EQ(byte, i + 1);
        }
        CHECK(ring_is_empty(&ring));
    }
}

KTEST(ring, a_ring_of_one_byte_works)
{
    uint8_t bytes[1];
    struct ring ring = RING_INIT(bytes);
    uint8_t byte = 0;

    CHECK(ring_put(&ring, 7));
    CHECK(!ring_put(&ring, 8));
    REQUIRE(ring_get(&ring, &byte));
    CHECK_EQ(byte, 7);
    CHECK(ring_is_empty(&ring));
    CHECK_EQ(ring.dropped, 1);
}
