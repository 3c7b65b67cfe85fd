/* SPDX-License-Identifier: MIT */
/* UTF-8: every scalar value there and back, and what malformed bytes become. */
#include "lib/utf8.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define BAD 0xfffd

/* Decode bytes to code points. Returns how many; -1 when a byte is cut off twice. */
static int decode(const char *bytes, size_t length, uint32_t *code_points)
{
    struct utf8_decoder decoder = {0};
    int count = 0;

    for (size_t i = 0; i < length; i++) {
        enum utf8_result result = utf8_decode(&decoder, (uint8_t)bytes[i], &code_points[count]);

        if (result == UTF8_CUT) {
            count++;
            result = utf8_decode(&decoder, (uint8_t)bytes[i], &code_points[count]);
            if (result == UTF8_CUT) {
                return -1;
            }
        }
        count += result == UTF8_CHARACTER;
    }
    return count;
}

KTEST(utf8, every_scalar_value_comes_back)
{
    for (uint32_t code_point = 0; code_point <= UTF8_LAST; code_point++) {
        char bytes[UTF8_BYTES_MAX];
        uint32_t back[UTF8_BYTES_MAX + 1];
        size_t length = utf8_encode(code_point, bytes);
        bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;

        REQUIRE_EQ(decode(bytes, length, back), 1);
        REQUIRE_EQ(back[0], is_surrogate ? BAD : code_point);
    }
}

KTEST(utf8, encoding_is_as_the_table_says)
{
    static const struct {
        uint32_t code_point;
        const char *bytes;
    } known[] = {
        {'A', "A"},
        {0x7f, "\x7f"},
        {0x80, "\xc2\x80"},
        {0x7ff, "\xdf\xbf"},
        {0x800, "\xe0\xa0\x80"},
        {0xffff, "\xef\xbf\xbf"},
        {0x20ac, "\xe2\x82\xac"},
        {0x10000, "\xf0\x90\x80\x80"},
        {0x10ffff, "\xf4\x8f\xbf\xbf"},
        {0x110000, "\xef\xbf\xbd"},
        {0xd800, "\xef\xbf\xbd"},
        {UINT32_MAX, "\xef\xbf\xbd"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        char bytes[UTF8_BYTES_MAX + 1] = {0};

        CHECK_EQ(utf8_encode(known[i].code_point, bytes), strlen(known[i].bytes));
        CHECK_STR_EQ(bytes, known[i].bytes);
    }
}

/* The Unicode Standard's own examples of maximal subparts, and more of their kind. */
KTEST(utf8, malformed_bytes_become_one_substitute_for_each_maximal_subpart)
{
    static const struct {
        const char *bytes;
        uint32_t code_points[10];
    } cases[] = {
        {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41", {BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, 'A'}},
        {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41", {BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, 'A'}},
        {"\xf4\x91\x92\x93\xff\x41\x80\xbf\x42", {BAD, BAD, BAD, BAD, BAD, 'A', BAD, BAD, 'B'}},
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", {BAD, BAD, BAD, BAD, 'A'}},
        {"a\xf1\x80\x80\xe1\x80\xc2"
         "b",
         {'a', BAD, BAD, BAD, 'b'}},
        {"\xe2\x82\xe2\x82\xac", {BAD, 0x20ac}},
        {"\xc3\x1b[", {BAD, 0x1b, '['}},
        {"\xf8\x88\x80\x80\x80", {BAD, BAD, BAD, BAD, BAD}},
        {"\xe2\x82", {0}}, /* might yet be continued */
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        uint32_t got[20] = {0};
        int count = decode(cases[i].bytes, strlen(cases[i].bytes), got);

        for (int k = 0; k < 10 && cases[i].code_points[k] != 0; k++) {
            CHECK_EQ(got[k], cases[i].code_points[k]);
            count--;
        }
        CHECK_EQ(count, 0);
    }
}

/* Two bytes of any value, then 'x': it is never lost, and nothing is made of overlong forms. */
KTEST(utf8, no_pair_of_bytes_swallows_what_follows)
{
    for (uint32_t pair = 0; pair < 0x10000; pair++) {
        const char bytes[] = {(char)(pair >> 8), (char)pair, 'x'};
        uint32_t got[6];
        int count = decode(bytes, sizeof(bytes), got);

        REQUIRE(count >= 2);
        REQUIRE_EQ(got[count - 1], (uint32_t)'x');
        for (int i = 0; i < count - 1; i++) {
            bool is_shortest = got[i] < 0x80 || (got[i] >= 0x80 && got[i] < 0x800 && count == 2);

            REQUIRE(is_shortest || got[i] == BAD);
            REQUIRE(got[i] >= 0x80 || got[i] == pair >> 8 || got[i] == (pair & 0xff));
        }
    }
}

KTEST(utf8, continuation_bytes_are_told_from_others)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        CHECK_EQ(utf8_is_continuation((char)byte), byte >= 0x80 && byte < 0xc0);
    }
}
