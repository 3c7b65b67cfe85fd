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

#include "lib/compiler.h"
#include "lib/terminal_display.h"

/* Where a colour is in a pixel read as a little-endian number. */
struct framebuffer_field {
    uint8_t position; /* of its lowest bit */
    uint8_t size; /* bits, 1 or more */
};

/* Pixels of direct colours, row by row from the top left. */
struct framebuffer_mode {
    uint32_t width; /* pixels */
    uint32_t height;
    uint32_t pitch_bytes; /* from one row to the next */
    uint8_t bits_per_pixel; /* 15, 16, 24 or 32 */
    struct framebuffer_field red, green, blue;
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
 * mode     as framebuffer_grid() takes it; the kernel has glyphs
 * pixels   where pitch_bytes * height bytes of it are mapped
 * columns  of the grid, or fewer
 * rows     likewise
 * memory   FRAMEBUFFER_MEMORY() bytes, 8-byte aligned, the framebuffer's until it is started again
 *
 * Returns the display, the same each time.
 */
const struct terminal_display *framebuffer_start(const struct framebuffer_mode *mode, void *pixels,
                                                 uint32_t columns, uint32_t rows, void *memory);

/*
 * Show another number of cells on the same pixels, all of which turn black.
 *
 * columns, rows, memory  as for framebuffer_start(); the old memory is free afterwards
 *
 * Returns the display, the same as before.
 */
const struct terminal_display *framebuffer_resize(uint32_t columns, uint32_t rows, void *memory);

/* Use another mapping of the same pixels from now on; the picture stays as it is. */
void framebuffer_move(void *pixels);
