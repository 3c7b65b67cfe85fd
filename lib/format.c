/* SPDX-License-Identifier: MIT */
/*
 * printf's little language, in one pass over the format. Text leaves in runs:
 * a stretch of literal text, a padding, a converted value. Digits are made
 * backwards, from the end of a buffer that holds the longest number; padding
 * never goes through it, so no width is too large.
 *
 * Source: ISO/IEC 9899, "The fprintf function".
 */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/digits.h"
#include "lib/format_directive.h"
#include "lib/string.h"

/* The longest number, and a '0', "0x" or sign before it. */
#define NUMBER_SIZE (DIGITS_MAX + 2)

#define FILL_SIZE 32
static const char spaces[] = "                                ";
static const char zeros[] = "00000000000000000000000000000000";
_Static_assert(sizeof(spaces) == FILL_SIZE + 1 && sizeof(zeros) == FILL_SIZE + 1, "fill size");

/* One call: where the text goes, and where the values come from. */
struct formatter {
    format_sink *sink;
    void *context;
    size_t room; /* bytes the sink still wants; what comes after is only counted */
    size_t total; /* bytes of text so far */
    va_list arguments; /* held here, so that every function reads on in the same list */
};

static void emit(struct formatter *formatter, const char *text, size_t length)
{
    size_t wanted = MIN(length, formatter->room);

    formatter->total += length;
    if (wanted > 0) {
        formatter->room -= wanted;
        formatter->sink(formatter->context, text, wanted);
    }
}

/* `fill` is `spaces` or `zeros`. */
static void pad(struct formatter *formatter, const char *fill, size_t count)
{
    for (; count > FILL_SIZE && formatter->room > 0; count -= FILL_SIZE) {
        emit(formatter, fill, FILL_SIZE);
    }
    emit(formatter, fill, count); /* more than FILL_SIZE only when there is no room to read it */
}

/*
 * A converted value, in a field of the directive's width: the `prefix_length`
 * first bytes of `text`, then `zero_count` zeros, then the rest of it.
 */
static void emit_field(struct formatter *formatter, const struct format_directive *directive,
                       const char *text, size_t length, size_t prefix_length, size_t zero_count)
{
    size_t whole = length + zero_count;
    size_t padding = directive->width > whole ? directive->width - whole : 0;
    bool left = (directive->flags & FORMAT_LEFT) != 0;

    if (padding > 0 && !left) {
        pad(formatter, spaces, padding);
    }
    if (zero_count > 0) {
        emit(formatter, text, prefix_length);
        pad(formatter, zeros, zero_count);
        text += prefix_length;
        length -= prefix_length;
    }
    emit(formatter, text, length);
    if (padding > 0 && left) {
        pad(formatter, spaces, padding);
    }
}

/* A number, from its prefix at `text` to its last digit before `end`, with the zeros it lacks. */
static void emit_number(struct formatter *formatter, const struct format_directive *directive,
                        const char *text, const char *end, size_t prefix_length)
{
    size_t length = (size_t)(end - text);
    bool fill = (directive->flags & FORMAT_ZERO) != 0;
    size_t wanted = fill ? directive->width : prefix_length + directive->precision;

    emit_field(formatter, directive, text, length, prefix_length,
               wanted > length ? wanted - length : 0);
}

/* %d and %i. */
static void convert_signed(struct formatter *formatter, const struct format_directive *directive,
                           int64_t value)
{
    char buffer[NUMBER_SIZE];
    char *end = buffer + sizeof(buffer);
    char *text = end;
    char sign = '\0';

    if (value != 0 || directive->precision != 0) {
        /* Negated as unsigned, because INT64_MIN has no positive counterpart. */
        text = digits_decimal(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
    }
    if (value < 0) {
        sign = '-';
    } else if ((directive->flags & FORMAT_PLUS) != 0) {
        sign = '+';
    } else if ((directive->flags & FORMAT_SPACE) != 0) {
        sign = ' ';
    }
    if (sign != '\0') {
        *--text = sign;
    }
    emit_number(formatter, directive, text, end, sign != '\0');
}

/* %u, %o, %x, %X, and %p as %#lx that keeps its prefix on zero. */
static void convert_unsigned(struct formatter *formatter, const struct format_directive *directive,
                             uint64_t value, char letter)
{
    char buffer[NUMBER_SIZE];
    char *end = buffer + sizeof(buffer);
    char *text = end;
    bool alternate = (directive->flags & FORMAT_ALTERNATE) != 0;
    bool prefixed = letter == 'p' || (alternate && value != 0 && (letter == 'x' || letter == 'X'));

    if (value == 0 && directive->precision == 0) {
        /* no digits at all */
    } else if (letter == 'u') {
        text = digits_decimal(end, value);
    } else if (letter == 'o') {
        text = digits_octal(end, value);
    } else {
        text = digits_hex(end, value, letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef");
    }
    if (prefixed) {
        *--text = letter == 'X' ? 'X' : 'x';
        *--text = '0';
    } else if (letter == 'o' && alternate && (text == end || *text != '0')) {
        *--text = '0'; /* counts as a digit */
    }
    emit_number(formatter, directive, text, end, prefixed ? 2 : 0);
}

static void convert_string(struct formatter *formatter, const struct format_directive *directive,
                           const char *text)
{
    size_t length;

    if (text == NULL) {
        text = "(null)";
    }
    length = directive->has_precision ? strnlen(text, directive->precision) : strlen(text);
    emit_field(formatter, directive, text, length, 0, 0);
}

static void convert_char(struct formatter *formatter, const struct format_directive *directive,
                         char byte)
{
    emit_field(formatter, directive, &byte, 1, 0, 0);
}

/* The next argument, cut to the directive's length and extended to 64 bits. */
static uint64_t integer_argument(struct formatter *formatter,
                                 const struct format_directive *directive, bool is_signed)
{
    unsigned int shift = 64 - directive->bits;
    uint64_t value = directive->bits == 64 ? va_arg(formatter->arguments, uint64_t)
                                           : va_arg(formatter->arguments, unsigned int);

    value <<= shift;
    return is_signed ? (uint64_t)((int64_t)value >> shift) : value >> shift;
}

/* Convert the directive whose '%' is at `start`. Returns what follows it. */
static const char *convert(struct formatter *formatter, const char *start)
{
    struct format_directive directive;
    const char *end = format_directive_parse(start + 1, &formatter->arguments, &directive);
    char letter = *end;

    end += letter != '\0';
    switch (letter) {
    case 'd':
    case 'i':
        convert_signed(formatter, &directive,
                       (int64_t)integer_argument(formatter, &directive, true));
        break;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        convert_unsigned(formatter, &directive, integer_argument(formatter, &directive, false),
                         letter);
        break;
    case 'p':
        convert_unsigned(formatter, &directive, (uint64_t)va_arg(formatter->arguments, void *),
                         letter);
        break;
    case 's':
        convert_string(formatter, &directive, va_arg(formatter->arguments, const char *));
        break;
    case 'c':
        convert_char(formatter, &directive, (char)va_arg(formatter->arguments, int));
        break;
    case '%':
        emit(formatter, "%", 1);
        break;
    case 'n':
        (void)va_arg(formatter->arguments, void *); /* those after it keep their places */
        emit(formatter, start, (size_t)(end - start));
        break;
    default:
        emit(formatter, start, (size_t)(end - start));
        break;
    }
    return end;
}

static inline bool ends_literal(char byte)
{
    /* One test for most text: few characters have no bit outside those of '%'. */
    return (byte & ~'%') == 0 && (byte == '%' || byte == '\0');
}

/* The first '%' or the end; four steps a turn, as messages are mostly literal text. */
static const char *literal_end(const char *text)
{
    for (;; text += 4) {
        if (ends_literal(text[0])) {
            return text;
        }
        if (ends_literal(text[1])) {
            return text + 1;
        }
        if (ends_literal(text[2])) {
            return text + 2;
        }
        if (ends_literal(text[3])) {
            return text + 3;
        }
    }
}

static size_t format_all(format_sink *sink, void *context, size_t room, const char *format,
                         va_list arguments)
{
    struct formatter formatter = {.sink = sink, .context = context, .room = room};

    va_copy(formatter.arguments, arguments);
    for (;;) {
        const char *literal = format;

        format = literal_end(format);
        emit(&formatter, literal, (size_t)(format - literal));
        if (*format == '\0') {
            break;
        }
        format = convert(&formatter, format);
    }
    va_end(formatter.arguments);
    return formatter.total;
}

size_t format_to_sink(format_sink *sink, void *context, const char *format, va_list arguments)
{
    return format_all(sink, context, SIZE_MAX, format, arguments);
}

/* `context` is the place to write to next; the room it was given keeps it inside. */
static void copy_to_buffer(void *context, const char *text, size_t length)
{
    char **next = context;

    memcpy(*next, text, length);
    *next += length;
}

size_t kvsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
    char *end = buffer;
    size_t room = size > 0 ? size - 1 : 0;
    size_t length = format_all(copy_to_buffer, &end, room, format, arguments);

    if (size > 0) {
        *end = '\0';
    }
    return length;
}

size_t ksnprintf(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = kvsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}
