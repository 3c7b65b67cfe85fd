/* SPDX-License-Identifier: MIT */
/*
 * The check that the formatter's tests are written with. Its print has no
 * format attribute, because odd formats are what is tested.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "lib/compiler.h"
#include "lib/format.h"
#include "tests/ktest.h"

static char format_text[256];

MAYBE_UNUSED static size_t format_print(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = kvsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

/* The text of a format and its arguments, and the length that comes back. `want` is a literal. */
#define CHECK_FORMAT(want, ...)                                                                  \
    do {                                                                                         \
        CHECK_EQ(format_print(format_text, sizeof(format_text), __VA_ARGS__), sizeof(want) - 1); \
        CHECK_STR_EQ(format_text, want);                                                         \
    } while (0)
