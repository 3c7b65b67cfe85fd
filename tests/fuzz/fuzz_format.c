/* SPDX-License-Identifier: MIT */
/*
 * The formatter against the C library's: same text and length at any buffer
 * size. The input is the arguments, the size, and the format, which is cut to
 * the directives that both know; where lib/format.h says that we differ is left
 * out, and so are widths that fill a buffer with nothing but blanks.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bits.h"
#include "lib/format.h"
#include "tests/fuzz/fuzz.h"

#define FORMAT_MAX  64
#define TEXT_MAX    256
#define NUMBER_MOST 99

/* A format with one directive in it. */
struct directive {
    char text[FORMAT_MAX];
    size_t length;
};

static void append(struct directive *directive, char character)
{
    if (directive->length < FORMAT_MAX - 1) {
        directive->text[directive->length++] = character;
    }
}

static void append_number(struct directive *directive, struct fuzz_input *input)
{
    char digits[4];

    snprintf(digits, sizeof(digits), "%u", fuzz_between(input, 0, NUMBER_MOST));
    for (const char *digit = digits; *digit != '\0'; digit++) {
        append(directive, *digit);
    }
}

/* "%", flags, width, precision; returns the conversion that has to follow, length and all. */
static const char *read_directive(struct fuzz_input *input, struct directive *directive)
{
    static const char flags[] = "+ -#0";
    static const char *const conversions[] = {
        "d",  "i",  "u",  "o",  "x",  "X",   "c",   "s",   "p",   "%",   "hhd", "hu",
        "lx", "ld", "zu", "tx", "jd", "llX", "llo", "hhx", "hhu", "lli", "lu",  "ho",
    };
    uint8_t chosen = fuzz_byte(input);
    const char *conversion = conversions[fuzz_byte(input) % ARRAY_SIZE(conversions)];
    bool is_pointer = conversion[0] == 'p';

    append(directive, '%');
    if (conversion[0] == '%') {
        return conversion;
    }
    for (size_t i = is_pointer ? 2 : 0; i < sizeof(flags) - 1; i++) {
        if ((chosen & BIT(i)) != 0) {
            append(directive, flags[i]);
        }
    }
    if ((chosen & BIT(6)) != 0) {
        append_number(directive, input);
    }
    if ((chosen & BIT(7)) != 0) {
        append(directive, '.');
        append_number(directive, input);
    }
    return conversion;
}

static void compare(size_t size, const char *format, ...)
{
    char want[TEXT_MAX];
    char got[TEXT_MAX];
    va_list arguments;
    size_t want_length;
    size_t got_length;

    memset(want, '~', sizeof(want));
    memset(got, '~', sizeof(got));
    va_start(arguments, format);
    want_length = (size_t)vsnprintf(want, size, format, arguments);
    va_end(arguments);
    va_start(arguments, format);
    got_length = kvsnprintf(got, size, format, arguments);
    va_end(arguments);
    if (got_length != want_length || memcmp(got, want, sizeof(got)) != 0) {
        panic("\"%s\": got %zu \"%.*s\", want %zu \"%.*s\"", format, got_length, (int)size, got,
              want_length, (int)size, want);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    size_t room = fuzz_between(&input, 0, TEXT_MAX - 1);
    struct directive directive = {.length = 0};
    const char *conversion = read_directive(&input, &directive);
    uint64_t value = 0;
    char *text;

    for (const char *letter = conversion; *letter != '\0'; letter++) {
        append(&directive, *letter);
    }
    append(&directive, '|');
    if (conversion[0] == 's') {
        /* Its own memory: with a precision, nothing behind that is read. */
        text = malloc(input.size + 1);
        memcpy(text, input.data, input.size);
        text[input.size] = '\0';
        compare(room, directive.text, text);
        free(text);
        return 0;
    }
    memcpy(&value, input.data, MIN(input.size, sizeof(value)));
    if (conversion[0] != 'p' || value != 0) {
        compare(room, directive.text, value);
    }
    return 0;
}
