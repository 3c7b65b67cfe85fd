/* SPDX-License-Identifier: MIT */
/* Finds a character's glyph. */
#include "drivers/glyphs.h"

#include "lib/assert.h"
#include "lib/compiler.h"

#define REPLACEMENT_CHARACTER 0xfffd

bool glyphs_are_there(void)
{
    return glyph_range_count != 0;
}

/* The first range that ends behind a code point; glyph_range_count where none does. */
static size_t find_range(uint32_t code_point)
{
    size_t low = 0;
    size_t high = glyph_range_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code_point >= glyph_ranges[middle].first + (uint32_t)glyph_ranges[middle].count) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const uint8_t *glyph_find(uint32_t code_point)
{
    const struct glyph_range *range = &glyph_ranges[find_range(code_point)];

    if (UNLIKELY(range == &glyph_ranges[glyph_range_count] || code_point < range->first)) {
        /* The tool sees to it that this one is always there. */
        ASSERT(code_point != REPLACEMENT_CHARACTER);
        return glyph_find(REPLACEMENT_CHARACTER);
    }
    return glyph_bitmaps[range->first_glyph + (code_point - range->first)];
}
