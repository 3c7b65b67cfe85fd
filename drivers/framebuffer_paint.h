/* SPDX-License-Identifier: MIT */
/*
 * Pixels of a cell, for framebuffer.c. Pixels are written eight at a time:
 * eight pixels of N bytes are N 64-bit words, each picked from a pattern of
 * the background and one of the foreground by a mask that a glyph's bits index.
 */
#pragma once

#include <stdint.h>

#include "drivers/framebuffer_mode.h"

#define PAINT_COLORS    16
#define PAINT_WORDS_MAX 4 /* bytes a pixel, and 64-bit words for eight of them */
#define PAINT_SCALE_MAX 2

struct paint {
    uint8_t *pixels;
    uint32_t pitch_bytes;
    uint32_t words; /* bytes a pixel */
    uint32_t scale; /* pixels in each direction that one of a glyph becomes */
    uint64_t patterns[PAINT_COLORS][PAINT_WORDS_MAX]; /* eight pixels of a colour */
    /* By a glyph's next bits, 8 of them at scale 1, 4 at 2: ones where the foreground shows. */
    uint64_t masks[256][PAINT_WORDS_MAX];
};

/* Make patterns and masks for a mode. */
void paint_init(struct paint *paint, const struct framebuffer_mode *mode, uint32_t scale,
                void *pixels);

/* Paint a cell, over whatever was there; a glyph by its number. */
void paint_cell(const struct paint *paint, uint32_t row, uint32_t column, uint16_t glyph,
                uint8_t attribute);

/* Paint the cursor over a cell: a bar in its bottom eighth, of its foreground. */
void paint_cursor(const struct paint *paint, uint32_t row, uint32_t column, uint8_t attribute);
