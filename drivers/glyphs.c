/* SPDX-License-Identifier: MIT */
/* Finds a character's glyph. */
#include "drivers/glyphs.h"

#include "lib/assert.h"
#include "lib/compiler.h"

#define REPLACEMENT_CHARACTER 0xfffd

/* The table begins with printable ASCII, the blank first. */
#define FIRST_NUMBER ' '

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

/* The range that a code point is in; NULL where none has it. */
static const struct glyph_range *find_holder(uint32_t code_point)
{
    const struct glyph_range *range = &glyph_ranges[find_range(code_point)];
    bool is_in = range < &glyph_ranges[glyph_range_count] && code_point >= range->first;

    return is_in ? range : NULL;
}

uint16_t glyph_number(uint32_t code_point)
{
    const struct glyph_range *range = find_holder(code_point);

    if (UNLIKELY(range == NULL)) {
        /* The tool sees to it that this one is always there. */
        code_point = REPLACEMENT_CHARACTER;
        range = find_holder(code_point);
        ASSERT(range != NULL);
    }
    return (uint16_t)(FIRST_NUMBER + range->first_glyph + (code_point - range->first));
}

const uint8_t *glyph_rows(uint16_t number)
{
    size_t index = (size_t)number - FIRST_NUMBER;

    return glyph_bitmaps[index < glyph_count ? index : 0];
}
