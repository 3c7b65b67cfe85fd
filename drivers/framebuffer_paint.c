/* SPDX-License-Identifier: MIT */
/* Turns colours into pixels, and cells into pictures. */
#include "drivers/framebuffer_paint.h"

#include "drivers/glyphs.h"
#include "lib/assert.h"
#include "lib/compiler.h"
#include "lib/terminal_display.h"

#define CURSOR_LINES 2 /* of a glyph's */

/* The colours of a VGA's text mode: red, green, blue. */
static const uint8_t palette[PAINT_COLORS][3] = {
    [TERMINAL_BLACK] = {0x00, 0x00, 0x00},       [TERMINAL_BLUE] = {0x00, 0x00, 0xaa},
    [TERMINAL_GREEN] = {0x00, 0xaa, 0x00},       [TERMINAL_CYAN] = {0x00, 0xaa, 0xaa},
    [TERMINAL_RED] = {0xaa, 0x00, 0x00},         [TERMINAL_MAGENTA] = {0xaa, 0x00, 0xaa},
    [TERMINAL_BROWN] = {0xaa, 0x55, 0x00},       [TERMINAL_LIGHT_GREY] = {0xaa, 0xaa, 0xaa},
    [TERMINAL_DARK_GREY] = {0x55, 0x55, 0x55},   [TERMINAL_LIGHT_BLUE] = {0x55, 0x55, 0xff},
    [TERMINAL_LIGHT_GREEN] = {0x55, 0xff, 0x55}, [TERMINAL_LIGHT_CYAN] = {0x55, 0xff, 0xff},
    [TERMINAL_LIGHT_RED] = {0xff, 0x55, 0x55},   [TERMINAL_LIGHT_MAGENTA] = {0xff, 0x55, 0xff},
    [TERMINAL_YELLOW] = {0xff, 0xff, 0x55},      [TERMINAL_WHITE] = {0xff, 0xff, 0xff},
};

/* A share of 255 as a share of what a field can hold, at its place. */
static uint32_t in_field(uint8_t share, struct framebuffer_field field)
{
    uint64_t most = (1UL << field.size) - 1;

    return (uint32_t)((share * most + 127) / 255 << field.position);
}

static uint32_t pixel_of(const struct framebuffer_mode *mode, enum terminal_color color)
{
    const uint8_t *rgb = palette[color];

    return in_field(rgb[0], mode->red) | in_field(rgb[1], mode->green) |
           in_field(rgb[2], mode->blue);
}

/* Eight pixels, each of them `pixel` where its bit is set; the leftmost is the highest bit. */
static void spread(uint64_t *words, uint32_t bytes_per_pixel, uint32_t pixel, unsigned bits)
{
    uint8_t *bytes = (uint8_t *)words;

    for (unsigned i = 0; i < 8; i++) {
        for (unsigned byte = 0; byte < bytes_per_pixel; byte++) {
            *bytes++ = (uint8_t)((bits & 0x80 >> i) != 0 ? pixel >> byte * 8 : 0);
        }
    }
}

/* Four bits, each twice. */
static unsigned doubled(unsigned bits)
{
    unsigned result = 0;

    for (unsigned i = 0; i < 4; i++) {
        result |= (bits >> i & 1) * 3 << i * 2;
    }
    return result;
}

void paint_init(struct paint *paint, const struct framebuffer_mode *mode, uint32_t scale,
                void *pixels)
{
    ASSERT_CMP(scale, <=, PAINT_SCALE_MAX);
    paint->pixels = pixels;
    paint->pitch_bytes = mode->pitch_bytes;
    paint->words = (mode->bits_per_pixel + 7U) / 8;
    paint->scale = scale;
    for (unsigned color = 0; color < PAINT_COLORS; color++) {
        spread(paint->patterns[color], paint->words, pixel_of(mode, color), 0xff);
    }
    for (unsigned bits = 0; bits < 256; bits++) {
        spread(paint->masks[bits], paint->words, UINT32_MAX,
               scale == 1 ? bits : doubled(bits & 0xf));
    }
}

/* Eight pixels, in registers; of two bytes a pixel only half of them. */
struct eight {
    uint64_t words[PAINT_WORDS_MAX];
};

/* A builtin: the library's memcpy is a call. */
static ALWAYS_INLINE void store(uint8_t *at, uint64_t word)
{
    __builtin_memcpy(at, &word, sizeof(word));
}

/* Written out: the compiler keeps arrays in registers only where it sees every index. */
static ALWAYS_INLINE void paint_eight(uint8_t *at, const struct eight *back,
                                      const struct eight *difference, const uint64_t *mask,
                                      uint32_t words)
{
    store(at, back->words[0] ^ (difference->words[0] & mask[0]));
    store(at + 8, back->words[1] ^ (difference->words[1] & mask[1]));
    if (words > 2) {
        store(at + 16, back->words[2] ^ (difference->words[2] & mask[2]));
    }
    if (words > 3) {
        store(at + 24, back->words[3] ^ (difference->words[3] & mask[3]));
    }
}

/* A glyph; inlined with constants for words and scale. */
static ALWAYS_INLINE void paint_glyph(const struct paint *paint, uint8_t *at, const uint8_t *glyph,
                                      const struct eight *back, const struct eight *difference,
                                      uint32_t words, uint32_t scale)
{
    const uint64_t(*masks)[PAINT_WORDS_MAX] = paint->masks;
    uint64_t pitch = paint->pitch_bytes;

    for (const uint8_t *end = glyph + GLYPH_HEIGHT; glyph < end; glyph++) {
        if (scale == 1) {
            paint_eight(at, back, difference, masks[*glyph], words);
            at += pitch;
            continue;
        }
        for (unsigned copy = 0; copy < PAINT_SCALE_MAX; copy++) {
            paint_eight(at, back, difference, masks[*glyph >> 4], words);
            paint_eight(at + words * sizeof(uint64_t), back, difference, masks[*glyph & 0xf],
                        words);
            at += pitch;
        }
    }
}

static ALWAYS_INLINE void paint_scaled(const struct paint *paint, uint8_t *at, const uint8_t *glyph,
                                       const struct eight *back, const struct eight *difference,
                                       uint32_t words)
{
    if (paint->scale == 1) {
        paint_glyph(paint, at, glyph, back, difference, words, 1);
    } else {
        paint_glyph(paint, at, glyph, back, difference, words, PAINT_SCALE_MAX);
    }
}

static uint8_t *cell_at(const struct paint *paint, uint32_t row, uint32_t column)
{
    return paint->pixels + (uint64_t)row * GLYPH_HEIGHT * paint->scale * paint->pitch_bytes +
           (uint64_t)column * GLYPH_WIDTH * paint->scale * paint->words;
}

void paint_cell(const struct paint *paint, uint32_t row, uint32_t column, uint16_t glyph,
                uint8_t attribute)
{
    const uint8_t *rows = glyph_rows(glyph);
    const uint64_t *front = paint->patterns[attribute & 0xf];
    struct eight back;
    struct eight difference;
    uint8_t *at = cell_at(paint, row, column);

    for (uint32_t i = 0; i < PAINT_WORDS_MAX; i++) {
        back.words[i] = paint->patterns[attribute >> 4][i];
        difference.words[i] = back.words[i] ^ front[i];
    }
    switch (paint->words) {
    case 2:
        paint_scaled(paint, at, rows, &back, &difference, 2);
        break;
    case 3:
        paint_scaled(paint, at, rows, &back, &difference, 3);
        break;
    default:
        paint_scaled(paint, at, rows, &back, &difference, 4);
    }
}

void paint_cursor(const struct paint *paint, uint32_t row, uint32_t column, uint8_t attribute)
{
    const uint64_t *front = paint->patterns[attribute & 0xf];
    uint32_t lines = CURSOR_LINES * paint->scale;
    uint8_t *at = cell_at(paint, row, column) +
                  (uint64_t)(GLYPH_HEIGHT * paint->scale - lines) * paint->pitch_bytes;

    for (uint32_t line = 0; line < lines; line++, at += paint->pitch_bytes) {
        for (uint32_t i = 0; i < paint->words * paint->scale; i++) {
            store(at + i * sizeof(uint64_t), front[i % paint->words]);
        }
    }
}
