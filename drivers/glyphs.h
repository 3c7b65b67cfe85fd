/* SPDX-License-Identifier: MIT */
/*
 * The pictures of characters on a pixel screen: GNU Unifont's, cut from GRUB's
 * unicode.pf2 by tools/glyphs.py when the kernel is built. Where no GRUB was
 * installed there are none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLYPH_WIDTH  8 /* pixels; the leftmost is a row's bit 7 */
#define GLYPH_HEIGHT 16

/* Consecutive code points that have glyphs. */
struct glyph_range {
    uint16_t first; /* code point */
    uint16_t count;
    uint16_t first_glyph; /* its index in glyph_bitmaps */
};

/* The table itself: ranges rising. */
extern const size_t glyph_range_count;
extern const size_t glyph_count;
extern const struct glyph_range glyph_ranges[];
extern const uint8_t glyph_bitmaps[][GLYPH_HEIGHT];

/* Whether this kernel was built with glyphs. */
bool glyphs_are_there(void);

/*
 * Find the number of a character's glyph; for one without, the replacement
 * character's. Printable ASCII is its own number. Not for a kernel without
 * glyphs. Any context.
 */
uint16_t glyph_number(uint32_t code_point);

/* A glyph's rows by its number, top row first; numbers that there are none of show as a blank. */
const uint8_t *glyph_rows(uint16_t number);
