/* SPDX-License-Identifier: MIT */
/* Numbers as typed: what is one, what is none, and the largest of each kind. */
#include "lib/number.h"

#include "lib/bits.h"
#include "tests/ktest.h"

#define UNTOUCHED 0x5a5aUL

typedef bool parser(const char *text, uint64_t *number);

/* The number that a text is taken for, or UNTOUCHED. */
static uint64_t taken(parser *parse, const char *text)
{
    uint64_t number = UNTOUCHED;
    bool is_number = parse(text, &number);

    CHECK_EQ(is_number, number != UNTOUCHED);
    return number;
}

static uint64_t address(const char *text)
{
    return taken(number_parse_address, text);
}

static uint64_t count(const char *text)
{
    return taken(number_parse_count, text);
}

static uint64_t seconds(const char *text)
{
    return taken(number_parse_seconds, text);
}

KTEST(number, address_is_hexadecimal_with_or_without_its_prefix)
{
    CHECK_EQ(address("b8000"), 0xb8000);
    CHECK_EQ(address("0xFFFFffff80100000"), 0xffffffff80100000);
    CHECK_EQ(address("0X10"), 0x10);
    CHECK_EQ(address("0"), 0);
    CHECK_EQ(address("ffffffffffffffff"), UINT64_MAX);
}

KTEST(number, count_is_decimal_unless_prefixed)
{
    CHECK_EQ(count("64"), 64);
    CHECK_EQ(count("0x40"), 0x40);
    CHECK_EQ(count("0064"), 64);
    CHECK_EQ(count("18446744073709551615"), UINT64_MAX);
}

KTEST(number, seconds_may_have_nine_digits_behind_the_point)
{
    CHECK_EQ(seconds("3"), 3000000000);
    CHECK_EQ(seconds("1.5"), 1500000000);
    CHECK_EQ(seconds("0.000000001"), 1);
    CHECK_EQ(seconds("18446744073.709551615"), UINT64_MAX);
}

KTEST(number, what_is_not_wholly_a_number_is_none_and_changes_nothing)
{
    static const char *const none[] = {"", "0x", "x", "-1", "+1", " 1", "1 ", "1,5", "1g", "0x0x1"};

    for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
        CHECK_EQ(address(none[i]), UNTOUCHED);
        CHECK_EQ(count(none[i]), UNTOUCHED);
        CHECK_EQ(seconds(none[i]), UNTOUCHED);
    }
    CHECK_EQ(count("a"), UNTOUCHED);
    CHECK_EQ(count("0xg"), UNTOUCHED);
    CHECK_EQ(seconds("1."), UNTOUCHED);
    CHECK_EQ(seconds(".5"), UNTOUCHED);
    CHECK_EQ(seconds("1.5.5"), UNTOUCHED);
    CHECK_EQ(seconds("0.0000000001"), UNTOUCHED);
}

KTEST(number, what_does_not_fit_is_none)
{
    CHECK_EQ(address("10000000000000000"), UNTOUCHED);
    CHECK_EQ(count("18446744073709551616"), UNTOUCHED);
    CHECK_EQ(count("18446744073709551620"), UNTOUCHED);
    CHECK_EQ(count("99999999999999999999999"), UNTOUCHED);
    CHECK_EQ(seconds("18446744074"), UNTOUCHED);
    CHECK_EQ(seconds("18446744073.709551616"), UNTOUCHED);
}
