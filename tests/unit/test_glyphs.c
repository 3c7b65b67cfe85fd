/* SPDX-License-Identifier: MIT */
/* The table of glyphs, and how one is found. */
#include "drivers/glyphs.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define NO_GLYPHS "this kernel was built without glyphs"

static const uint8_t *find(uint32_t code_point)
{
    return glyph_rows(glyph_number(code_point));
}

KTEST(glyphs, ranges_rise_and_do_not_touch)
{
    uint32_t glyphs = 0;

    if (!glyphs_are_there()) {
        SKIP(NO_GLYPHS);
    }
    for (size_t i = 0; i < glyph_range_count; i++) {
        CHECK_GT(glyph_ranges[i].count, 0);
        CHECK_EQ(glyph_ranges[i].first_glyph, glyphs);
        glyphs += glyph_ranges[i].count;
        if (i > 0) {
            CHECK_GT(glyph_ranges[i].first, glyph_ranges[i - 1].first + glyph_ranges[i - 1].count);
        }
    }
}

KTEST(glyphs, every_character_of_a_range_is_found_at_its_place)
{
    if (!glyphs_are_there()) {
        SKIP(NO_GLYPHS);
    }
    for (size_t i = 0; i < glyph_range_count; i++) {
        for (uint32_t j = 0; j < glyph_ranges[i].count; j++) {
            CHECK_EQ(find(glyph_ranges[i].first + j),
                     glyph_bitmaps[glyph_ranges[i].first_glyph + j]);
        }
    }
}

KTEST(glyphs, what_has_none_shows_as_the_replacement)
{
    static const uint32_t absent[] = {0, 0x1f, 0x7f, 0x9f, 0x4e00, 0xfffc, 0xfffe, 0x1f600, ~0U};

    if (!glyphs_are_there()) {
        SKIP(NO_GLYPHS);
    }
    for (size_t i = 0; i < ARRAY_SIZE(absent); i++) {
        CHECK_EQ(find(absent[i]), find(0xfffd));
    }
    CHECK_NE(find('?'), find(0xfffd));
}

KTEST(glyphs, printable_ascii_is_its_own_number)
{
    if (!glyphs_are_there()) {
        SKIP(NO_GLYPHS);
    }
    for (uint32_t code_point = ' '; code_point <= '~'; code_point++) {
        CHECK_EQ(glyph_number(code_point), code_point);
    }
    CHECK_EQ(glyph_rows(0), glyph_rows(' '));
    CHECK_EQ(glyph_rows(0xffff), glyph_rows(' '));
}

/* Pictures that are known without looking into a font: whether they are cut out of it rightly. */
KTEST(glyphs, blocks_and_lines_are_where_they_belong)
{
    static const uint8_t nothing[GLYPH_HEIGHT];
    uint8_t expected[GLYPH_HEIGHT];

    if (!glyphs_are_there()) {
        SKIP(NO_GLYPHS);
    }
    CHECK_EQ(memcmp(find(' '), nothing, sizeof(nothing)), 0);
    memset(expected, 0xff, sizeof(expected));
    CHECK_EQ(memcmp(find(0x2588), expected, sizeof(expected)), 0); /* full block */
    memset(expected, 0xf0, sizeof(expected));
    CHECK_EQ(memcmp(find(0x258c), expected, sizeof(expected)), 0); /* left half block */
    memset(expected, 0, sizeof(expected));
    memset(expected + GLYPH_HEIGHT / 2, 0xff, GLYPH_HEIGHT / 2);
    CHECK_EQ(memcmp(find(0x2584), expected, sizeof(expected)), 0); /* lower half block */
    for (unsigned row = 0; row < GLYPH_HEIGHT; row++) {
        CHECK_EQ(find(0x2502)[row], find(0x2502)[0]); /* a vertical line */
    }
}
