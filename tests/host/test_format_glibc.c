/* SPDX-License-Identifier: MIT */
/*
 * The formatter against glibc's, on random directives and values: same text,
 * same length, at any buffer size. The generator is deterministic, so that a
 * failure comes again. Left out is only where lib/format.h says that we differ:
 * %p of NULL or with a sign flag, and %s of NULL cut by its precision.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bits.h"
#include "lib/format.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define CASES     200000
#define TEXT_SIZE 256

static uint64_t state;

static uint64_t random_below(uint64_t limit)
{
    return pseudo_random_below(&state, limit);
}

/* Of every magnitude, not only huge as most 64-bit numbers are; often at a limit. */
static uint64_t random_value(void)
{
    static const uint64_t limits[] = {0,          1,         INT8_MAX,   UINT8_MAX, INT16_MAX,
                                      UINT16_MAX, INT32_MAX, UINT32_MAX, INT64_MAX};
    uint64_t value = pseudo_random(&state) >> random_below(64);

    if (random_below(4) == 0) {
        value = limits[random_below(ARRAY_SIZE(limits))] + random_below(3) - 1;
    }
    return random_below(2) == 0 ? value : -value;
}

/* A format with one directive, as it grows, and the arguments of its `*`s. */
struct directive {
    char text[64];
    size_t length;
    int stars[2];
    size_t star_count;
    int precision; /* negative when absent */
    bool has_sign_flag;
    char letter;
};

static void append(struct directive *directive, const char *text)
{
    size_t length = strlen(text);

    memcpy(directive->text + directive->length, text, length + 1);
    directive->length += length;
}

static void append_flags(struct directive *directive)
{
    static const char *const flags[] = {"+", " ", "-", "#", "0"};

    for (uint64_t count = random_below(4); count > 0; count--) {
        uint64_t choice = random_below(ARRAY_SIZE(flags));

        directive->has_sign_flag |= choice < 2;
        append(directive, flags[choice]);
    }
}

/* Nothing, digits, or a `*` whose argument may be negative. Returns the number. */
static int append_number(struct directive *directive)
{
    int number = (int)random_below(35);
    char digits[8];

    switch (random_below(3)) {
    case 0:
        return 0;
    case 1:
        snprintf(digits, sizeof(digits), "%d", number);
        append(directive, digits);
        return number;
    default:
        number = random_below(3) == 0 ? -number : number;
        append(directive, "*");
        directive->stars[directive->star_count++] = number;
        return number;
    }
}

/* Up to where the length goes. */
static struct directive random_directive(void)
{
    static const char *const literals[] = {"", "x", " of %%", "0x", "KiB, ", "\xe2\x82\xac!$ "};
    static const char letters[] = "diuoxXcsp%";
    struct directive directive = {.precision = -1};

    directive.letter = letters[random_below(sizeof(letters) - 1)];
    append(&directive, literals[random_below(ARRAY_SIZE(literals))]);
    append(&directive, "%");
    if (directive.letter != '%') { /* the standard knows no other than "%%" */
        append_flags(&directive);
        append_number(&directive);
        if (random_below(2) == 0) {
            append(&directive, ".");
            directive.precision = append_number(&directive);
        }
    }
    return directive;
}

/* Format the same with both, into a buffer of random size. */
static bool agree(const struct directive *directive, ...)
{
    size_t size = random_below(4) == 0 ? random_below(60) : TEXT_SIZE;
    char want[TEXT_SIZE] = "";
    char got[TEXT_SIZE] = "";
    va_list arguments;
    size_t want_length;
    size_t got_length;

    va_start(arguments, directive);
    want_length = (size_t)vsnprintf(want, size, directive->text, arguments);
    va_end(arguments);
    va_start(arguments, directive);
    got_length = kvsnprintf(got, size, directive->text, arguments);
    va_end(arguments);
    if (got_length == want_length && memcmp(got, want, sizeof(got)) == 0) {
        return true;
    }
    ktest_note("\"%s\" into %zu bytes, `*` %d and %d:", directive->text, size, directive->stars[0],
               directive->stars[1]);
    CHECK_EQ(got_length, want_length);
    CHECK_MEM_EQ(got, want, sizeof(got));
    return false;
}

/* agree() with as many `*` arguments as the directive has, then the value. */
#define AGREE(directive, value)                             \
    ((directive)->star_count == 0 ? agree(directive, value) \
     : (directive)->star_count == 1                         \
         ? agree(directive, (directive)->stars[0], value)   \
         : agree(directive, (directive)->stars[0], (directive)->stars[1], value))

static bool agree_on_integer(struct directive *directive)
{
    static const char *const lengths[] = {"", "hh", "h", "l", "ll", "j", "z", "t"};
    uint64_t choice = random_below(ARRAY_SIZE(lengths));
    uint64_t value = random_value();
    char end[] = {directive->letter, '\n', '\0'};

    append(directive, lengths[choice]);
    append(directive, end);
    if (choice < 3) {
        return AGREE(directive, (unsigned int)value);
    }
    return AGREE(directive, value);
}

/* Text of random bytes. */
static bool agree_on_string(struct directive *directive)
{
    char text[40];
    size_t length = random_below(sizeof(text));

    append(directive, "s|");
    if (random_below(20) == 0 && (directive->precision < 0 || directive->precision >= 6)) {
        return AGREE(directive, (char *)NULL);
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)(1 + random_below(255));
    }
    text[length] = '\0';
    return AGREE(directive, text);
}

static bool agree_on_pointer(struct directive *directive)
{
    void *pointer = (void *)random_value();

    append(directive, "p|");
    if (pointer == NULL || directive->has_sign_flag) {
        return true;
    }
    return AGREE(directive, pointer);
}

static bool agree_on_random_case(void)
{
    struct directive directive = random_directive();

    switch (directive.letter) {
    case 's':
        return agree_on_string(&directive);
    case 'p':
        return agree_on_pointer(&directive);
    case 'c':
        append(&directive, "c|");
        return AGREE(&directive, (int)random_below(256));
    case '%':
        append(&directive, "%|");
        return AGREE(&directive, 0);
    default:
        return agree_on_integer(&directive);
    }
}

KTEST(format_glibc, texts_and_lengths_agree)
{
    state = 1;
    for (size_t i = 0; i < CASES; i++) {
        REQUIRE(agree_on_random_case());
    }
}
