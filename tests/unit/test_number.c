/* SPDX-License-Identifier: MIT */
/* Numbers as typed: what is one, what is none, and the largest of each kind. */
#include "lib/number.h"

#include "tests/ktest.h"

#define UNTOUCHED 0x5a5aUL

static uint64_t value;

static bool address(const char *text)
{
    value = UNTOUCHED;
    return number_parse_address(text, &value);
}

static bool count(const char *text)
{
    value = UNTOUCHED;
    return number_parse_count(text, &value);
}

static bool seconds(const char *text)
{
    value = UNTOUCHED;
    return number_parse_seconds(text, &value);
}

KTEST(number, address_is_hexadecimal_with_or_without_its_prefix)
{
    REQUIRE(address("b8000"));
    CHECK_EQ(value, 0xb8000);
    REQUIRE(address("0xFFFFffff80100000"));
    CHECK_EQ(value, 0xffffffff80100000);
    REQUIRE(address("0X10"));
    CHECK_EQ(value, 0x10);
    REQUIRE(address("0"));
    CHECK_EQ(value, 0);
    REQUIRE(address("ffffffffffffffff"));
    CHECK_EQ(value, UINT64_MAX);
}

KTEST(number, count_is_decimal_unless_prefixed)
{
    REQUIRE(count("64"));
    CHECK_EQ(value, 64);
    REQUIRE(count("0x40"));
    CHECK_EQ(value, 0x40);
    REQUIRE(count("0064"));
    CHECK_EQ(value, 64);
    REQUIRE(count("18446744073709551615"));
    CHECK_EQ(value, UINT64_MAX);
}

KTEST(number, seconds_may_have_nine_digits_behind_the_point)
{
    REQUIRE(seconds("3"));
    CHECK_EQ(value, 3000000000);
    REQUIRE(seconds("1.5"));
    CHECK_EQ(value, 1500000000);
    REQUIRE(seconds("0.000000001"));
    CHECK_EQ(value, 1);
    REQUIRE(seconds("18446744073.709551615"));
    CHECK_EQ(value, UINT64_MAX);
}

KTEST(number, what_is_not_wholly_a_number_is_none_and_changes_nothing)
{
    static const char *const none[] = {"", "0x", "x", "-1", "+1", " 1", "1 ", "1,5", "1g", "0x0x1"};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        CHECK(!address(none[i]));
        CHECK_EQ(value, UNTOUCHED);
        CHECK(!count(none[i]));
        CHECK_EQ(value, UNTOUCHED);
        CHECK(!seconds(none[i]));
        CHECK_EQ(value, UNTOUCHED);
    }
    CHECK(!count("a"));
    CHECK(!count("0xg"));
    CHECK(!seconds("1."));
    CHECK(!seconds(".5"));
    CHECK(!seconds("1.5.5"));
    CHECK(!seconds("0.0000000001"));
    CHECK_EQ(value, UNTOUCHED);
}

KTEST(number, what_does_not_fit_is_none)
{
    CHECK(!address("10000000000000000"));
    CHECK(!count("18446744073709551616"));
    CHECK(!count("18446744073709551620"));
    CHECK(!count("99999999999999999999999"));
    CHECK(!seconds("18446744074"));
    CHECK(!seconds("18446744073.709551616"));
}
