/* SPDX-License-Identifier: MIT */
/*
 * Formatted text, as the C standard's printf describes it, for integers,
 * strings, pointers and characters. No floating point: the kernel has none.
 * Pure: no state, no hardware; also built and tested on the host.
 *
 * Conversions  d i u o x X c s p %
 * Flags        - + space # 0
 * Width and precision, as digits or *; a negative * acts as the standard says
 * Lengths      hh h l ll z j t, for d i u o x X; the others take no notice
 *
 * Where the standard leaves it open: %p is %#lx, with its prefix on a null
 * pointer too; a NULL for %s is the string "(null)"; '0' pads numbers only; a
 * width or precision of more than INT32_MAX in digits is INT32_MAX.
 *
 * Source: ISO/IEC 9899, "The fprintf function".
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "lib/compiler.h"

/*
 * Where formatted text goes, a run at a time: `length` bytes, 1 or more, not
 * terminated. `context` is handed through.
 */
typedef void format_sink(void *context, const char *text, size_t length);

/*
 * Format into a sink.
 *
 * An unknown conversion is copied as it stands, and so is an unfinished one at
 * the end, so that a mistake is seen. %n is one of them: it would write through
 * its argument, which is skipped. With a precision, %s reads no byte past it.
 *
 * Returns the number of bytes handed to the sink.
 * Context: any; calls nothing but the sink.
 */
size_t format_to_sink(format_sink *sink, void *context, const char *format, va_list arguments)
    PRINTF_LIKE(3, 0);

/*
 * Format into a buffer, always terminated when size is 1 or more.
 *
 * buffer  may be NULL when size is 0
 * size    bytes in buffer, the terminator included
 *
 * Returns the length the whole text has, terminator left out: a value of size
 * or more says that it was cut.
 * Context: any.
 */
size_t ksnprintf(char *buffer, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);
size_t kvsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
    PRINTF_LIKE(3, 0);
