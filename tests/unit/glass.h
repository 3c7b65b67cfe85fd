/* SPDX-License-Identifier: MIT */
/*
 * A display in memory for tests: what a terminal puts on it can be read. Its
 * glyphs are code points, or with few_glyphs their low bytes. It holds the
 * terminal to the contract: all in range, nothing shown that was not put.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/terminal.h"

#define GLASS_COLUMNS_MAX 100
#define GLASS_ROWS_MAX    25
#define GLASS_LINES_MAX   40 /* history and rows */

struct glass_cell {
    uint16_t glyph;
    uint16_t attribute; /* of 8 bits; without padding two cells can be compared as memory */
};

struct glass {
    struct terminal_display display;
    struct glass_cell cells[GLASS_ROWS_MAX * GLASS_COLUMNS_MAX]; /* row follows row */
    uint32_t cursor;
    bool has_cursor;
    uint64_t cells_put; /* ever */
};

/* There is one. */
extern struct glass glass;

/* A display of this size, full of rubbish, and a terminal of so many lines on it. */
void glass_start(struct terminal *terminal, uint32_t columns, uint32_t rows, uint32_t lines,
                 bool few_glyphs);

/* Another display, full of rubbish, and the same terminal on it; once after each start. */
void glass_change(struct terminal *terminal, uint32_t columns, uint32_t rows, uint32_t lines);

/* What a row shows, blanks at its end left out, as UTF-8. */
const char *glass_row(uint32_t row);

/* The cell at a place. */
struct glass_cell glass_at(uint32_t row, uint32_t column);

/* Row and column of the cursor as one number, row * 1000 + column. */
uint32_t glass_cursor(void);
