/* SPDX-License-Identifier: MIT */
/*
 * A terminal's display made of pixels. What is on the glass is remembered cell
 * by cell, so that the card's memory is written and never read, and a scroll
 * writes only the cells that changed. Pure: pixels are wherever the caller
 * says. Invariant: but for the cursor the pixels show what is remembered.
 *
 * Context of all functions but framebuffer_grid(): one at a time; a panic may
 * interrupt any of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/framebuffer_mode.h"
#include "drivers/framebuffer_paint.h"
#include "lib/terminal_display.h"

/* A display. What is in it is framebuffer.c's. */
struct framebuffer {
    struct terminal_display display;
    struct framebuffer_mode mode;
    struct paint paint;
    /* What is on the glass, as terminal_display's put() has it. */
    terminal_cell *cells;
    uint8_t *high;
    bool has_cursor; /* on the glass */
    uint32_t cursor;
};

/*
 * How many cells a mode has room for: of 8x16 pixels, or twice that in both
 * directions from a width of 2560 on.
 *
 * columns, rows  out: untouched when it is no display
 *
 * Returns whether it is a display: of such a depth, and with room for 2 by 1.
 */
bool framebuffer_grid(const struct framebuffer_mode *mode, uint32_t *columns, uint32_t *rows);

/* Bytes to remember what is on the glass. */
#define FRAMEBUFFER_MEMORY(columns, rows) ((size_t)(columns) * (rows)*3)

/*
 * Start showing cells in the top left corner; all pixels turn black.
 *
 * screen   lives as long as the display; what was in it does not matter
 * mode     as framebuffer_grid() takes it; the kernel has glyphs
 * pixels   where pitch_bytes * height bytes of it are mapped
 * columns  of the grid, or fewer
 * rows     likewise
 * memory   FRAMEBUFFER_MEMORY() bytes, 8-byte aligned, the framebuffer's from now on
 *
 * Returns the display, which is in `screen`.
 */
const struct terminal_display *framebuffer_start(struct framebuffer *screen,
                                                 const struct framebuffer_mode *mode, void *pixels,
                                                 uint32_t columns, uint32_t rows, void *memory);

/*
 * Show another number of cells on the same pixels, all of which turn black.
 *
 * columns, rows, memory  as for framebuffer_start(); the old memory is free afterwards
 *
 * Returns the display, the same as before.
 */
const struct terminal_display *framebuffer_resize(struct framebuffer *screen, uint32_t columns,
                                                  uint32_t rows, void *memory);

/* Use another mapping of the same pixels from now on; the picture stays as it is. */
void framebuffer_move(struct framebuffer *screen, void *pixels);
