/* SPDX-License-Identifier: MIT */
/* Quoting: nothing gets through that would break a line, and nothing is lost unseen. */
#include "lib/quote.h"

#include "lib/string.h"
#include "tests/ktest.h"

static char buffer[64];

static const char *quoted(const char *text, size_t length)
{
    memset(buffer, 'Z', sizeof(buffer));
    quote(buffer, 32, text, length);
    CHECK_EQ(buffer[32], 'Z');
    return buffer;
}

KTEST(quote, printable_text_is_put_in_quotes)
{
    CHECK_STR_EQ(quoted("a b~", 99), "\"a b~\"");
    CHECK_STR_EQ(quoted("", 99), "\"\"");
    CHECK_STR_EQ(quoted(NULL, 99), "NULL");
}

KTEST(quote, smallest_buffer_is_enough)
{
    memset(buffer, 'Z', sizeof(buffer));
    quote(buffer, 16, "0123456789", 99);
    CHECK_STR_EQ(buffer, "\"0123456\"...");
    CHECK_EQ(buffer[16], 'Z');
}

KTEST(quote, length_ends_the_text_like_a_nul)
{
    CHECK_STR_EQ(quoted("abcdef", 3), "\"abc\"");
    CHECK_STR_EQ(quoted("abc", 0), "\"\"");
}

KTEST(quote, other_bytes_are_written_in_hexadecimal)
{
    CHECK_STR_EQ(quoted("a\n\x1b\x7f\xff", 99), "\"a\\x0a\\x1b\\x7f\\xff\"");
}

KTEST(quote, long_text_is_cut_and_says_so)
{
    CHECK_STR_EQ(quoted("0123456789012345678901234567890123456789", 99),
                 "\"01234567890123456789012\"...");
    CHECK_STR_EQ(quoted("01234567890123456789012", 99), "\"01234567890123456789012\"");
    CHECK_STR_EQ(quoted("\n\n\n\n\n\n\n\n\n", 99), "\"\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\"...");
}
