/* SPDX-License-Identifier: MIT */
/* Numbers to digits: each length a number can have, and nothing written beside it. */
#include "lib/digits.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define GUARD 0x5a

/* Room for the longest number between two guard bytes, the last digit against the second. */
static char field[1 + DIGITS_MAX + 2];
static char *const field_end = field + 1 + DIGITS_MAX;

static void field_prepare(void)
{
    memset(field, GUARD, sizeof(field));
    field[sizeof(field) - 1] = '\0';
}

/* The digits in `field` are `want`, as long as they should be and nothing around them. */
static void check_field(const char *first, const char *want)
{
    CHECK_EQ((size_t)(field_end - first), strlen(want));
    CHECK_EQ(first[-1], GUARD);
    CHECK_EQ(*field_end, GUARD);
    *field_end = '\0';
    CHECK_STR_EQ(first, want);
}

KTEST(digits, zero_has_one)
{
    field_prepare();
    check_field(digits_decimal(field_end, 0), "0");
    field_prepare();
    check_field(digits_octal(field_end, 0), "0");
    field_prepare();
    check_field(digits_hex(field_end, 0, "0123456789abcdef"), "0");
}

KTEST(digits, greatest_value_fits)
{
    field_prepare();
    check_field(digits_decimal(field_end, UINT64_MAX), "18446744073709551615");
    field_prepare();
    check_field(digits_octal(field_end, UINT64_MAX), "1777777777777777777777");
    field_prepare();
    check_field(digits_hex(field_end, UINT64_MAX, "0123456789ABCDEF"), "FFFFFFFFFFFFFFFF");
}

KTEST(digits, decimal_is_right_around_powers_of_ten)
{
    static const char nines[] = "9999999999999999999";
    static const char tens[] = "10000000000000000000";
    uint64_t power = 10;

    for (size_t zeros = 1; zeros <= 19; zeros++, power *= 10) {
        char want[sizeof(tens)];

        field_prepare();
        check_field(digits_decimal(field_end, power - 1), nines + sizeof(nines) - 1 - zeros);
        string_copy(want, sizeof(want), tens, zeros + 1);
        field_prepare();
        check_field(digits_decimal(field_end, power), want);
        want[zeros] = '1';
        field_prepare();
        check_field(digits_decimal(field_end, power + 1), want);
    }
}

KTEST(digits, decimal_has_every_pair)
{
    for (uint64_t value = 0; value < 10000; value++) {
        const char *first;

        field_prepare();
        first = digits_decimal(field_end, value + 10000);
        REQUIRE_EQ(field_end - first, 5);
        CHECK_EQ(first[1], '0' + (int)(value / 1000));
        CHECK_EQ(first[2], '0' + (int)(value / 100 % 10));
        CHECK_EQ(first[3], '0' + (int)(value / 10 % 10));
        CHECK_EQ(first[4], '0' + (int)(value % 10));
    }
}

KTEST(digits, hex_and_octal_have_every_digit_in_every_place)
{
    static const char nibbles[] = "0123456789abcdef";

    for (unsigned int shift = 0; shift < 64; shift += 4) {
        for (uint64_t digit = 1; digit < 16; digit++) {
            const char *first;

            field_prepare();
            first = digits_hex(field_end, digit << shift, nibbles);
            REQUIRE_EQ(field_end - first, 1 + shift / 4);
            CHECK_EQ(*first, nibbles[digit]);
        }
    }
    for (unsigned int shift = 0; shift < 63; shift += 3) {
        for (uint64_t digit = 1; digit < 8; digit++) {
            const char *first;

            field_prepare();
            first = digits_octal(field_end, digit << shift);
            REQUIRE_EQ(field_end - first, 1 + shift / 3);
            CHECK_EQ(*first, '0' + (int)digit);
        }
    }
}
