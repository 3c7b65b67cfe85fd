/* SPDX-License-Identifier: MIT */
/* Numbers as the real-time clock writes them: every byte there is. */
#include "drivers/rtc_decode.h"
#include "tests/ktest.h"

#define UNTOUCHED 0xee

KTEST(rtc_decode, bcd_takes_two_decimal_digits_and_nothing_else)
{
    unsigned accepted = 0;

    for (unsigned value = 0; value < 256; value++) {
        uint8_t number = UNTOUCHED;

        if (rtc_decode((uint8_t)value, false, 100, &number)) {
            CHECK_EQ(value, number / 10 * 16U + number % 10);
            accepted++;
        } else {
            CHECK_EQ(number, UNTOUCHED);
        }
    }
    CHECK_EQ(accepted, 100);
}

KTEST(rtc_decode, binary_is_taken_as_it_is)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t number = UNTOUCHED;

        CHECK(rtc_decode((uint8_t)value, true, 256, &number));
        CHECK_EQ(number, value);
    }
}

KTEST(rtc_decode, numbers_from_the_limit_on_are_refused)
{
    uint8_t number = UNTOUCHED;

    CHECK(!rtc_decode(0x60, false, 60, &number));
    CHECK(!rtc_decode(60, true, 60, &number));
    CHECK_EQ(number, UNTOUCHED);
    CHECK(rtc_decode(0x59, false, 60, &number));
    CHECK_EQ(number, 59);
    CHECK(rtc_decode(58, true, 60, &number));
    CHECK_EQ(number, 58);
}
