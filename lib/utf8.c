/* SPDX-License-Identifier: MIT */
/*
 * UTF-8. The lead byte decides how many bytes follow and, for four of them,
 * that the first of those has a narrower range: so overlong forms, surrogates
 * and what is above U+10FFFF end at the byte that makes them so.
 */
#include "lib/utf8.h"

#define CONTINUATION_FIRST 0x80
#define CONTINUATION_LAST  0xbf
#define CONTINUATION_BITS  6
#define CONTINUATION_MASK  0x3f

#define SURROGATE_FIRST 0xd800
#define SURROGATE_LAST  0xdfff

/* Lead bytes in ascending order: up to `last`, so many continuations, the first in this range. */
static const struct {
    uint8_t last;
    uint8_t mask; /* of the lead byte's own bits */
    uint8_t missing;
    uint8_t low;
    uint8_t high;
} leads[] = {
    {0xc1, 0, 0, 0, 0}, /* continuations, and what only overlong forms begin with */
    {0xdf, 0x1f, 1, CONTINUATION_FIRST, CONTINUATION_LAST},
    {0xe0, 0x0f, 2, 0xa0, CONTINUATION_LAST}, /* below: overlong */
    {0xec, 0x0f, 2, CONTINUATION_FIRST, CONTINUATION_LAST},
    {0xed, 0x0f, 2, CONTINUATION_FIRST, 0x9f}, /* above: surrogates */
    {0xef, 0x0f, 2, CONTINUATION_FIRST, CONTINUATION_LAST},
    {0xf0, 0x07, 3, 0x90, CONTINUATION_LAST}, /* below: overlong */
    {0xf3, 0x07, 3, CONTINUATION_FIRST, CONTINUATION_LAST},
    {0xf4, 0x07, 3, CONTINUATION_FIRST, 0x8f}, /* above: beyond U+10FFFF */
    {0xff, 0, 0, 0, 0}, /* no lead byte */
};

static enum utf8_result begin(struct utf8_decoder *decoder, uint8_t byte, uint32_t *code_point)
{
    size_t kind = 0;

    while (byte > leads[kind].last) {
        kind++;
    }
    if (leads[kind].missing == 0) {
        *code_point = UTF8_REPLACEMENT;
        return UTF8_CHARACTER;
    }
    decoder->partial = byte & leads[kind].mask;
    decoder->low = leads[kind].low;
    decoder->high = leads[kind].high;
    decoder->missing = leads[kind].missing;
    return UTF8_INCOMPLETE;
}

enum utf8_result utf8_decode(struct utf8_decoder *decoder, uint8_t byte, uint32_t *code_point)
{
    if (decoder->missing == 0) {
        if (byte < CONTINUATION_FIRST) {
            *code_point = byte;
            return UTF8_CHARACTER;
        }
        return begin(decoder, byte, code_point);
    }
    if (byte < decoder->low || byte > decoder->high) {
        decoder->missing = 0;
        *code_point = UTF8_REPLACEMENT;
        return UTF8_CUT;
    }
    decoder->low = CONTINUATION_FIRST;
    decoder->high = CONTINUATION_LAST;
    decoder->partial = decoder->partial << CONTINUATION_BITS | (byte & CONTINUATION_MASK);
    if (--decoder->missing > 0) {
        return UTF8_INCOMPLETE;
    }
    *code_point = decoder->partial;
    return UTF8_CHARACTER;
}

static char continuation(uint32_t code_point, unsigned place)
{
    uint32_t bits = code_point >> (place * CONTINUATION_BITS) & CONTINUATION_MASK;

    return (char)(CONTINUATION_FIRST | bits);
}

size_t utf8_encode(uint32_t code_point, char bytes[UTF8_BYTES_MAX])
{
    size_t length = 0;

    if (code_point > UTF8_LAST || (code_point >= SURROGATE_FIRST && code_point <= SURROGATE_LAST)) {
        code_point = UTF8_REPLACEMENT;
    }
    if (code_point < 0x80) {
        bytes[length++] = (char)code_point;
        return length;
    }
    if (code_point < 0x800) {
        bytes[length++] = (char)(0xc0 | code_point >> CONTINUATION_BITS);
    } else if (code_point < 0x10000) {
        bytes[length++] = (char)(0xe0 | code_point >> 2 * CONTINUATION_BITS);
        bytes[length++] = continuation(code_point, 1);
    } else {
        bytes[length++] = (char)(0xf0 | code_point >> 3 * CONTINUATION_BITS);
        bytes[length++] = continuation(code_point, 2);
        bytes[length++] = continuation(code_point, 1);
    }
    bytes[length++] = continuation(code_point, 0);
    return length;
}
