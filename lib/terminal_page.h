/* SPDX-License-Identifier: MIT */
/*
 * The cells of a terminal: its rows, the lines that have left at the top, and
 * what of it the display lacks. All lines are one ring, so a scroll moves no
 * cell. Every index is in range after every store: a panic that interrupts a
 * change can write, too. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/terminal_display.h"

struct terminal_page {
    const struct terminal_display *display;
    terminal_cell *cells; /* line_count lines of `columns` */
    uint8_t *high; /* beside each cell its glyph's bits 8-15; NULL when the display has no such */
    uint32_t columns;
    uint32_t rows;
    uint32_t line_count; /* in the ring: rows, and room for history */
    uint32_t top; /* the ring's line that is row 0 */
    uint32_t history; /* lines above row 0 that hold text */
    uint32_t view; /* lines the picture is scrolled back by, up to history */

    /* Cells, counted from the top left, that the display lacks; none when not first < end. */
    uint32_t changed_first;
    uint32_t changed_end;
};

/* Bytes of memory for some lines of a display. */
#define TERMINAL_PAGE_SIZE(lines, columns, has_many_glyphs) \
    ((size_t)(lines) * (columns) * (sizeof(terminal_cell) + ((has_many_glyphs) ? 1 : 0)))

/*
 * Start with blank rows and no history; the display is told everything at the
 * next refresh.
 *
 * memory      TERMINAL_PAGE_SIZE() bytes, 8-byte aligned, the page's from now on
 * line_count  the display's rows, and the lines of history
 */
void terminal_page_init(struct terminal_page *page, const struct terminal_display *display,
                        void *memory, uint32_t line_count, uint8_t attribute);

/*
 * Take over the text of another page, of the same glyphs: its lines down to a
 * row, at the top of this page; the newest where not all of them fit. Rows and
 * columns that do not fit are cut off, history becomes rows again.
 *
 * last_row  of the old page
 *
 * Returns the row that the old page's last_row has become.
 */
uint32_t terminal_page_adopt(struct terminal_page *page, const struct terminal_page *old,
                             uint32_t last_row);

/* Put a glyph into a row. */
void terminal_page_put(struct terminal_page *page, uint32_t row, uint32_t column, uint16_t glyph,
                       uint8_t attribute);

/*
 * Write ASCII text into a row.
 *
 * limit  bytes that are there and fit
 *
 * Returns how many it wrote: up to the first that is not printable.
 */
uint32_t terminal_page_write_ascii(struct terminal_page *page, uint32_t row, uint32_t column,
                                   const char *text, uint32_t limit, uint8_t attribute);

/* Blank the cells from one up to but not with another, both counted from the top left. */
void terminal_page_blank(struct terminal_page *page, uint32_t first, uint32_t end,
                         uint8_t attribute);

/* All rows up by one: the first becomes history, the last is blank. */
void terminal_page_scroll_up(struct terminal_page *page, uint8_t attribute);

/* All rows down by one: the last is lost, the first is blank. */
void terminal_page_scroll_down(struct terminal_page *page, uint8_t attribute);

/* Have the picture show what was there so many lines ago, or as long ago as is known; 0 for now. */
void terminal_page_set_view(struct terminal_page *page, uint32_t lines);

/* Forget the lines that have left. */
void terminal_page_forget(struct terminal_page *page);

/* Tell the display what it lacks, and where the cursor is. */
void terminal_page_refresh(struct terminal_page *page, uint32_t row, uint32_t column,
                           bool has_cursor);
