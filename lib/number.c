/* SPDX-License-Identifier: MIT */
/* Numbers as people type them. */
#include "lib/number.h"

#include <stddef.h>

#define NS_PER_SECOND  1000000000UL
#define FRACTION_FIRST (NS_PER_SECOND / 10) /* what the first digit behind the point counts */

/* What a character is worth as a digit, in either case; a value beyond all bases for no digit. */
static unsigned digit_value(char character)
{
    if (character >= '0' && character <= '9') {
        return (unsigned)(character - '0');
    }
    character |= 'a' ^ 'A';
    return character >= 'a' && character <= 'z' ? (unsigned)(character - 'a') + 10 : UINT32_MAX;
}

/* Read digits, at least one. Returns what follows them, NULL where there is no such number. */
static const char *parse_digits(const char *text, unsigned base, uint64_t *value)
{
    uint64_t sum = 0;
    const char *first = text;

    for (; digit_value(*text) < base; text++) {
        if (__builtin_mul_overflow(sum, base, &sum) ||
            __builtin_add_overflow(sum, digit_value(*text), &sum)) {
            return NULL;
        }
    }
    if (text == first) {
        return NULL;
    }
    *value = sum;
    return text;
}

static bool parse_whole(const char *text, unsigned base, uint64_t *value)
{
    uint64_t found = 0;
    const char *end = parse_digits(text, base, &found);

    if (end == NULL || *end != '\0') {
        return false;
    }
    *value = found;
    return true;
}

static bool has_hex_prefix(const char *text)
{
    return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

bool number_parse_address(const char *text, uint64_t *value)
{
    return parse_whole(has_hex_prefix(text) ? text + 2 : text, 16, value);
}

bool number_parse_count(const char *text, uint64_t *value)
{
    return has_hex_prefix(text) ? parse_whole(text + 2, 16, value) : parse_whole(text, 10, value);
}

bool number_parse_seconds(const char *text, uint64_t *ns)
{
    uint64_t total = 0;
    const char *end = parse_digits(text, 10, &total);

    if (end == NULL || __builtin_mul_overflow(total, NS_PER_SECOND, &total)) {
        return false;
    }
    if (*end == '.') {
        uint64_t worth = FRACTION_FIRST;

        for (end++; worth != 0 && digit_value(*end) < 10; end++, worth /= 10) {
            if (__builtin_add_overflow(total, worth * digit_value(*end), &total)) {
                return false;
            }
        }
        if (end[-1] == '.') {
            return false;
        }
    }
    if (*end != '\0') {
        return false;
    }
    *ns = total;
    return true;
}
