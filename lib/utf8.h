/* SPDX-License-Identifier: MIT */
/*
 * UTF-8, byte by byte in and as bytes out. Whatever comes in, what comes out
 * are Unicode scalar values: a malformed sequence is one U+FFFD for each of
 * its maximal subparts, so no byte is lost that could begin a character.
 * Pure. Source: The Unicode Standard, "Unicode Encoding Forms" and "U+FFFD
 * Substitution of Maximal Subparts".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdU /* REPLACEMENT CHARACTER */
#define UTF8_LAST        0x10ffffU /* the last code point there is */
#define UTF8_BYTES_MAX   4 /* of one code point */

/* All zero is a decoder between two characters. */
struct utf8_decoder {
    uint32_t partial; /* the bits that have come */
    uint8_t missing; /* continuation bytes that have not */
    uint8_t low; /* the next one's range, both ends in it */
    uint8_t high;
};

enum utf8_result {
    UTF8_INCOMPLETE, /* more bytes are needed */
    UTF8_CHARACTER, /* here is a code point */
    UTF8_CUT, /* here is U+FFFD for what came before; the byte has to be given again */
};

/*
 * Take the next byte.
 *
 * code_point  out: a scalar value; untouched when the result is UTF8_INCOMPLETE
 *
 * Given again after UTF8_CUT, a byte is not cut once more. Context: any.
 */
enum utf8_result utf8_decode(struct utf8_decoder *decoder, uint8_t byte, uint32_t *code_point);

/*
 * Write a code point as UTF-8.
 *
 * code_point  what is no scalar value is written as U+FFFD
 *
 * Returns how many bytes that took, 1 to 4. Context: any.
 */
size_t utf8_encode(uint32_t code_point, char bytes[UTF8_BYTES_MAX]);

/* Whether a byte continues a character that an earlier byte began. */
static inline bool utf8_is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}
