/* SPDX-License-Identifier: MIT */
/* Division of polynomials; without tables, as few bytes are ever coded. */
#include "lib/reed_solomon.h"

#include "lib/assert.h"
#include "lib/string.h"

#define FIELD_POLYNOMIAL 0x11dU
#define FIELD_GENERATOR  2U /* every element but 0 is a power of it */

static uint8_t multiply(unsigned left, unsigned right)
{
    unsigned product = 0;

    for (; right != 0; right >>= 1) {
        product ^= (right & 1) != 0 ? left : 0;
        left = left << 1 ^ ((left & 0x80) != 0 ? FIELD_POLYNOMIAL : 0);
    }
    return (uint8_t)product;
}

/* (x - 2^0)(x - 2^1)...: the highest coefficient first, without that of x^count, which is 1. */
static void make_generator(uint8_t *generator, size_t count)
{
    uint8_t root = 1;

    memset(generator, 0, count);
    generator[count - 1] = 1;
    for (size_t factor = 0; factor < count; factor++) {
        for (size_t i = 0; i < count; i++) {
            uint8_t next = i + 1 < count ? generator[i + 1] : 0;

            generator[i] = multiply(generator[i], root) ^ next;
        }
        root = multiply(root, FIELD_GENERATOR);
    }
}

void reed_solomon_check(const uint8_t *data, size_t length, uint8_t *check, size_t check_count)
{
    uint8_t generator[REED_SOLOMON_CHECK_MAX];

    ASSERT_CMP(check_count, >=, 1);
    ASSERT_CMP(check_count, <=, sizeof(generator));
    make_generator(generator, check_count);
    memset(check, 0, check_count);
    for (size_t at = 0; at < length; at++) {
        uint8_t factor = data[at] ^ check[0];

        for (size_t i = 0; i < check_count; i++) {
            uint8_t next = i + 1 < check_count ? check[i + 1] : 0;

            check[i] = next ^ multiply(generator[i], factor);
        }
    }
}
