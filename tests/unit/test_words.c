/* SPDX-License-Identifier: MIT */
/* Splitting a line: every kind of quote, every way to be wrong, and nothing beyond the line. */
#include "lib/words.h"

#include "lib/format.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

static char line[256];
static struct words words;

static enum status split(const char *text)
{
    string_copy(line, sizeof(line), text, sizeof(line) - 1);
    return words_split(line, &words);
}

/* The words with a bar behind each, and the & that was not one. */
static const char *joined(const char *text)
{
    static char buffer[256];
    size_t used = 0;

    buffer[0] = '\0';
    if (split(text) != OK) {
        return "(refused)";
    }
    for (size_t i = 0; i < words.count; i++) {
        used += ksnprintf(buffer + used, sizeof(buffer) - used, "%s|", words.at[i]);
    }
    if (words.in_background) {
        ksnprintf(buffer + used, sizeof(buffer) - used, "&");
    }
    return buffer;
}

KTEST(words, blanks_separate_and_are_nothing_else)
{
    CHECK_STR_EQ(joined("peek 0x10 64"), "peek|0x10|64|");
    CHECK_STR_EQ(joined(" \t a  \t b \t"), "a|b|");
    CHECK_STR_EQ(joined(""), "");
    CHECK_STR_EQ(joined("  \t "), "");
}

KTEST(words, quotes_keep_blanks_and_each_other)
{
    CHECK_STR_EQ(joined("echo 'a  b' \"c  d\""), "echo|a  b|c  d|");
    CHECK_STR_EQ(joined("'\"' \"'\" '&' \"&\""), "\"|'|&|&|");
    CHECK_STR_EQ(joined("a'b c'd\"e f\""), "ab cde f|");
    CHECK_STR_EQ(joined("'' a \"\""), "|a||");
}

KTEST(words, backslash_keeps_a_character_but_not_in_single_quotes)
{
    CHECK_STR_EQ(joined("a\\ b \\& \\\\ \\'"), "a b|&|\\|'|");
    CHECK_STR_EQ(joined("\"a\\\"b\" 'c\\d'"), "a\"b|c\\d|");
    CHECK_STR_EQ(joined("'a\\' b"), "a\\|b|");
}

KTEST(words, ampersand_at_the_end_asks_for_the_background)
{
    CHECK_STR_EQ(joined("sleep 5 &"), "sleep|5|&");
    CHECK_STR_EQ(joined("sleep 5&  "), "sleep|5|&");
    CHECK_STR_EQ(joined("\"sleep\"&"), "sleep|&");
}

KTEST(words, refused_when_a_quote_or_backslash_is_open)
{
    CHECK_STATUS(split("echo 'a"), ERR_CORRUPT);
    CHECK_STATUS(split("echo \"a'"), ERR_CORRUPT);
    CHECK_STATUS(split("echo a\\"), ERR_CORRUPT);
    CHECK_STATUS(split("echo \"a\\\""), ERR_CORRUPT);
}

KTEST(words, refused_when_an_ampersand_stands_elsewhere)
{
    CHECK_STATUS(split("&"), ERR_CORRUPT);
    CHECK_STATUS(split("  & "), ERR_CORRUPT);
    CHECK_STATUS(split("a & b"), ERR_CORRUPT);
    CHECK_STATUS(split("a&&"), ERR_CORRUPT);
    CHECK_STATUS(split("a&b"), ERR_CORRUPT);
}

KTEST(words, as_many_as_fit_and_one_more_is_refused)
{
    char text[2 * WORDS_MAX + 2];

    for (size_t i = 0; i < WORDS_MAX + 1; i++) {
        text[2 * i] = 'a';
        text[2 * i + 1] = ' ';
    }
    text[2 * WORDS_MAX + 1] = '\0';
    CHECK_STATUS(split(text), ERR_FULL);
    text[2 * WORDS_MAX] = '\0';
    CHECK_OK(split(text));
    CHECK_EQ(words.count, WORDS_MAX);
    CHECK_STR_EQ(words.at[WORDS_MAX - 1], "a");
}

/* Any line at all: what comes out lies within the line, one word behind the other. */
KTEST(words, any_line_stays_within_itself)
{
    static const char alphabet[] = "ab  \t'\"\\&";
    uint64_t random = 1;

    for (unsigned round = 0; round < 20000; round++) {
        char text[24] = {0};
        size_t length = pseudo_random_below(&random, sizeof(text) - 1);

        for (size_t i = 0; i < length; i++) {
            text[i] = alphabet[pseudo_random_below(&random, sizeof(alphabet) - 1)];
        }
        if (words_split(text, &words) != OK) {
            continue;
        }
        for (size_t i = 0; i < words.count; i++) {
            const char *end = words.at[i] + strlen(words.at[i]);

            REQUIRE(words.at[i] >= (i == 0 ? text : words.at[i - 1]));
            REQUIRE(end <= text + length);
        }
    }
}
