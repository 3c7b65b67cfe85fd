/* SPDX-License-Identifier: MIT */
/*
 * Parser of printf directives. Each part is optional and in its order, so each
 * step takes what is its own and leaves the rest to the next; what no step
 * takes ends up as an unknown conversion.
 *
 * Source: ISO/IEC 9899, "The fprintf function".
 */
#include "lib/format_directive.h"

#define FLAG_ANY (FORMAT_LEFT | FORMAT_PLUS | FORMAT_SPACE | FORMAT_ALTERNATE | FORMAT_ZERO)

/* Where a number written in digits stops growing: the most that a `*` can bring. */
#define NUMBER_MAX ((int64_t)INT32_MAX)

static const char *parse_flags(const char *format, uint64_t *flags)
{
    *flags = 0;
    while (*format >= ' ' && *format <= '0' && (FORMAT_FLAG(*format) & FLAG_ANY) != 0) {
        *flags |= FORMAT_FLAG(*format);
        format++;
    }
    return format;
}

/* A width or precision: digits, where none are 0, or a `*`, which may bring a negative. */
static const char *parse_number(const char *format, va_list *arguments, int64_t *number)
{
    if (*format == '*') {
        *number = va_arg(*arguments, int);
        return format + 1;
    }
    *number = 0;
    for (; *format >= '0' && *format <= '9'; format++) {
        *number = MIN(*number * 10 + (*format - '0'), NUMBER_MAX);
    }
    return format;
}

static const char *parse_length(const char *format, unsigned int *bits)
{
    switch (*format) {
    case 'h':
        *bits = format[1] == 'h' ? 8 : 16;
        return format[1] == 'h' ? format + 2 : format + 1;
    case 'l':
        *bits = 64;
        return format[1] == 'l' ? format + 2 : format + 1;
    case 'j':
    case 'z':
    case 't':
        *bits = 64;
        return format + 1;
    default:
        *bits = 32;
        return format;
    }
}

const char *format_directive_parse(const char *format, va_list *arguments,
                                   struct format_directive *directive)
{
    int64_t number;

    format = parse_flags(format, &directive->flags);
    format = parse_number(format, arguments, &number);
    if (number < 0) {
        directive->flags |= FORMAT_LEFT;
        number = -number;
    }
    directive->width = (size_t)number;
    directive->precision = 1;
    directive->has_precision = false;
    if (*format == '.') {
        format = parse_number(format + 1, arguments, &number);
        if (number >= 0) { /* a negative one counts as absent */
            directive->precision = (size_t)number;
            directive->has_precision = true;
        }
    }
    if (directive->has_precision || (directive->flags & FORMAT_LEFT) != 0) {
        directive->flags &= ~FORMAT_ZERO;
    }
    return parse_length(format, &directive->bits);
}
