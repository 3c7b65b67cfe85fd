/* SPDX-License-Identifier: MIT */
/* Check bytes: the standard's example, and what makes a code word of all others. */
#include "lib/reed_solomon.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define DATA_MAX 117U /* of a block of a QR code up to version 9 */

KTEST(reed_solomon, example_of_the_standard)
{
    /* ISO/IEC 18004, "Symbol encoding example": 01234567 in version 1-M. */
    static const uint8_t data[] = {0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11,
                                   0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11};
    static const uint8_t want[] = {0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55};
    uint8_t check[sizeof(want)];

    reed_solomon_check(data, sizeof(data), check, sizeof(check));
    CHECK_MEM_EQ(check, want, sizeof(want));
}

/* Times 2, `times` times, in the field. */
static unsigned shifted(unsigned value, size_t times)
{
    while (times-- > 0) {
        value <<= 1;
        value ^= value > 0xff ? 0x11d : 0;
    }
    return value;
}

KTEST(reed_solomon, every_root_is_a_zero_of_data_and_checks_together)
{
    uint64_t random = 1;
    uint8_t word[DATA_MAX + REED_SOLOMON_CHECK_MAX] = {0};

    for (size_t checks = 1; checks <= REED_SOLOMON_CHECK_MAX; checks++) {
        size_t length = checks * DATA_MAX / REED_SOLOMON_CHECK_MAX;

        for (size_t i = 0; i < length; i++) {
            word[i] = (uint8_t)pseudo_random(&random);
        }
        reed_solomon_check(word, length, word + length, checks);
        for (size_t root = 0; root < checks; root++) {
            unsigned value = 0;

            for (size_t i = 0; i < length + checks; i++) {
                value = shifted(value, root) ^ word[i];
            }
            CHECK_EQ(value, 0U);
        }
    }
}

KTEST(reed_solomon, nothing_behind_the_checks_is_written)
{
    uint8_t check[REED_SOLOMON_CHECK_MAX + 1];

    for (size_t count = 1; count <= REED_SOLOMON_CHECK_MAX; count++) {
        memset(check, 0x5a, sizeof(check));
        reed_solomon_check((const uint8_t *)"\xff", 1, check, count);
        CHECK_EQ(check[count], 0x5a);
    }
}
