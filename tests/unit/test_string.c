/* SPDX-License-Identifier: MIT */
/* Functions on text: its end, its order, what is found in it and copied from it. */
#include "lib/string.h"

#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "tests/ktest.h"

#define ALIGNMENTS 16
#define LENGTH_MAX 80

static char buffer[ALIGNMENTS + LENGTH_MAX + 16];

/* Text of `length` bytes, with and without their top bit, and more text behind its NUL. */
static char *lay_text(size_t offset, size_t length)
{
    for (size_t i = 0; i < sizeof(buffer); i++) {
        buffer[i] = (char)(i % 255 + 1);
        COMPILER_BARRIER();
    }
    buffer[offset + length] = '\0';
    return buffer + offset;
}

KTEST(string, strlen_counts_at_any_alignment_and_length)
{
    for (size_t offset = 0; offset < ALIGNMENTS; offset++) {
        for (size_t length = 0; length <= LENGTH_MAX; length++) {
            CHECK_EQ(strlen(lay_text(offset, length)), length);
        }
    }
    CHECK_EQ(strlen("\x80\xff"), 2);
}

KTEST(string, strnlen_counts_up_to_its_limit)
{
    for (size_t offset = 0; offset < ALIGNMENTS; offset++) {
        for (size_t length = 0; length <= LENGTH_MAX; length++) {
            char *text = lay_text(offset, length);

            CHECK_EQ(strnlen(text, 0), 0);
            CHECK_EQ(strnlen(text, length / 2), length / 2);
            CHECK_EQ(strnlen(text, length), length);
            CHECK_EQ(strnlen(text, length + 1), length);
            CHECK_EQ(strnlen(text, SIZE_MAX), length);
        }
    }
}

KTEST(string, strnlen_reads_nothing_past_its_limit)
{
    char unterminated[3] = {'a', 'b', 'c'}; /* the sanitizer watches its end */

    CHECK_EQ(strnlen(unterminated, sizeof(unterminated)), 3);
    CHECK_EQ(strnlen(unterminated + 3, 0), 0);
}

KTEST(string, strcmp_orders_text)
{
    CHECK_EQ(strcmp("", ""), 0);
    CHECK_EQ(strcmp("frame", "frame"), 0);
    CHECK_LT(strcmp("", "a"), 0);
    CHECK_GT(strcmp("a", ""), 0);
    CHECK_LT(strcmp("frame", "frames"), 0);
    CHECK_GT(strcmp("frames", "frame"), 0);
    CHECK_LT(strcmp("abcz", "abda"), 0);
    CHECK_GT(strcmp("abda", "abcz"), 0);
    CHECK_LT(strcmp("A", "a"), 0);
    CHECK_EQ(strcmp("same\0left", "same\0right"), 0);
}

KTEST(string, strcmp_takes_bytes_as_unsigned)
{
    CHECK_LT(strcmp("\x7f", "\x80"), 0);
    CHECK_GT(strcmp("\x80", "\x7f"), 0);
    CHECK_LT(strcmp("", "\x80"), 0);
    CHECK_GT(strcmp("\xff", ""), 0);
    CHECK_LT(strcmp("\x80", "\xff"), 0);
}

KTEST(string, strncmp_stops_at_its_limit)
{
    CHECK_EQ(strncmp("a", "b", 0), 0);
    CHECK_EQ(strncmp("abcx", "abcy", 3), 0);
    CHECK_LT(strncmp("abcx", "abcy", 4), 0);
    CHECK_GT(strncmp("abcy", "abcx", 4), 0);
    CHECK_LT(strncmp("abc", "abcd", 4), 0);
    CHECK_EQ(strncmp("abc", "abcd", 3), 0);
    CHECK_EQ(strncmp("abc\0x", "abc\0y", 5), 0);
    CHECK_LT(strncmp("\x7f", "\x80", 1), 0);
    CHECK_GT(strncmp("\xff", "\x01", SIZE_MAX), 0);
}

KTEST(string, strncmp_reads_nothing_past_its_limit)
{
    char left[2] = {'a', 'b'};
    char right[2] = {'a', 'b'};

    CHECK_EQ(strncmp(left, right, sizeof(left)), 0);
}

KTEST(string, strchr_finds_the_first)
{
    static const char text[] = "a/b/c\xff";

    CHECK_EQ(strchr(text, 'a'), text);
    CHECK_EQ(strchr(text, '/'), text + 1);
    CHECK_EQ(strchr(text, 'c'), text + 4);
    CHECK_EQ(strchr(text, 0xff), text + 5);
    CHECK_EQ(strchr(text, -1), text + 5);
    CHECK_EQ(strchr(text, 0x100 + '/'), text + 1); /* converted to char */
    CHECK_EQ(strchr(text, '\0'), text + 6);
    CHECK_EQ(strchr(text, 'x'), NULL);
    CHECK_EQ(strchr("", 'a'), NULL);
    CHECK_EQ(strchr("ab\0c", 'c'), NULL);
}

KTEST(string, string_copy_cuts_and_terminates)
{
    for (size_t size = 1; size <= 8; size++) {
        char copy[10];
        size_t kept = MIN(size - 1, 5UL);

        memset(copy, 0x5a, sizeof(copy));
        CHECK_EQ(string_copy(copy, size, "hello", SIZE_MAX), kept);
        CHECK_MEM_EQ(copy, "hello", kept);
        CHECK_EQ(copy[kept], '\0');
        CHECK_EQ(copy[kept + 1], 0x5a);
    }
}

KTEST(string, string_copy_stops_at_its_length)
{
    char unterminated[3] = {'a', 'b', 'c'};
    char copy[8];

    CHECK_EQ(string_copy(copy, sizeof(copy), unterminated, sizeof(unterminated)), 3);
    CHECK_STR_EQ(copy, "abc");
    CHECK_EQ(string_copy(copy, sizeof(copy), unterminated, 2), 2);
    CHECK_STR_EQ(copy, "ab");
    CHECK_EQ(string_copy(copy, sizeof(copy), unterminated, 0), 0);
    CHECK_STR_EQ(copy, "");
    CHECK_EQ(string_copy(copy, sizeof(copy), "a\0b", 3), 1);
    CHECK_STR_EQ(copy, "a");
    CHECK_EQ(string_copy(copy, 3, unterminated, sizeof(unterminated)), 2);
    CHECK_STR_EQ(copy, "ab");
}
