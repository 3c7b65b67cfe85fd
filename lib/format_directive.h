/* SPDX-License-Identifier: MIT */
/*
 * A printf directive without its conversion: flags, width, precision, length.
 * Private to lib/format.c.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"

/* The flags' characters lie so close that the place of each is its bit. */
#define FORMAT_FLAG(character) BIT((character) - ' ')
#define FORMAT_LEFT            FORMAT_FLAG('-')
#define FORMAT_PLUS            FORMAT_FLAG('+')
#define FORMAT_SPACE           FORMAT_FLAG(' ')
#define FORMAT_ALTERNATE       FORMAT_FLAG('#')
#define FORMAT_ZERO            FORMAT_FLAG('0')

struct format_directive {
    uint64_t flags; /* without FORMAT_ZERO where another flag or a precision overrides it */
    size_t width;
    size_t precision; /* when absent 1, the standard's default for numbers */
    bool has_precision;
    unsigned int bits; /* of an integer argument: 8, 16, 32 or 64 */
};

/*
 * Read a directive, from after its '%'.
 *
 * arguments  where a `*` takes its number from; moved on past it
 * directive  out: always filled in
 *
 * Returns where the conversion's letter should be. Context: any.
 */
const char *format_directive_parse(const char *format, va_list *arguments,
                                   struct format_directive *directive);
