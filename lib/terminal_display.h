/* SPDX-License-Identifier: MIT */
/*
 * What a terminal shows itself on: cells that can be put, and a cursor.
 * Everything else (text, escape sequences, colours, scrolling, what was there
 * before) is the terminal's, so that all screens behave the same.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum terminal_color {
    TERMINAL_BLACK,
    TERMINAL_BLUE,
    TERMINAL_GREEN,
    TERMINAL_CYAN,
    TERMINAL_RED,
    TERMINAL_MAGENTA,
    TERMINAL_BROWN,
    TERMINAL_LIGHT_GREY,
    TERMINAL_DARK_GREY,
    TERMINAL_LIGHT_BLUE,
    TERMINAL_LIGHT_GREEN,
    TERMINAL_LIGHT_CYAN,
    TERMINAL_LIGHT_RED,
    TERMINAL_LIGHT_MAGENTA,
    TERMINAL_YELLOW,
    TERMINAL_WHITE,
};

#define TERMINAL_BRIGHT 8U /* in a colour: its bright twin */

/* The colours of a cell in a byte, both enum terminal_color. */
static inline uint8_t terminal_attribute(unsigned foreground, unsigned background)
{
    return (uint8_t)(background << 4 | foreground);
}

/*
 * One character place: the attribute in the high byte, in the low byte a
 * glyph's number or, where a display has more than 256 glyphs, the low eight
 * bits of it; the others are then in an array beside. As a VGA's text mode has
 * it, which therefore needs no copy of its own.
 */
typedef uint16_t terminal_cell;

static inline terminal_cell terminal_cell_of(uint16_t glyph, uint8_t attribute)
{
    return (terminal_cell)((unsigned)attribute << 8 | (glyph & 0xff));
}

/*
 * A screen. Its functions are called by the terminal alone, in any context,
 * panics included, and wait for nothing.
 */
struct terminal_display {
    uint32_t columns; /* 2 or more */
    uint32_t rows; /* 1 or more */
    bool has_many_glyphs; /* more than 256 */
    void *device; /* handed to put() and show(); NULL where there is only one */

    /* The glyph that shows a character; printable ASCII is its own. */
    uint16_t (*glyph)(uint32_t code_point);

    /*
     * Put cells; row follows row.
     *
     * first  where to: a cell counted from the top left
     * cells  what; most of them may be there already
     * high   bits 8-15 of their glyphs; NULL without has_many_glyphs
     */
    void (*put)(void *device, uint32_t first, const terminal_cell *cells, const uint8_t *high,
                uint32_t count);

    /* The picture is complete: show it, with the cursor on a cell or, if not, hidden. */
    void (*show)(void *device, uint32_t cursor, bool has_cursor);
};
