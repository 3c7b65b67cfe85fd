/* SPDX-License-Identifier: MIT */
/*
 * A line being edited, as it is shown: behind a prompt, in one row of a
 * terminal. A line that is too long is seen through a window that follows the
 * cursor, with < and > where it goes on. Only what has changed is sent, in what
 * every VT100 understands, and nothing in the last column: so the screen here
 * and any terminal of at least as many columns at the other end of a serial
 * line show the same. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Wider terminals are used up to here. */
#define LINE_VIEW_COLUMNS_MAX 256
/* Behind the prompt there must be this much, or a window is of no use. */
#define LINE_VIEW_COLUMNS_MIN 8

#define LINE_VIEW_PENDING_MAX 256

/* A line of UTF-8, as it shall be shown. */
struct line_text {
    const char *bytes; /* whole characters */
    size_t length;
    size_t cursor; /* a byte that begins a character, or length */
};

struct line_view {
    void (*write)(const char *bytes, size_t length); /* to the terminals */
    const char *prompt;
    uint32_t columns; /* behind the prompt, without the terminal's last */
    size_t first; /* the byte of the line that the window begins with */

    /* What the terminal shows behind the prompt. */
    uint32_t shown[LINE_VIEW_COLUMNS_MAX]; /* code points; 0: the right half of a wide one */
    uint32_t shown_count;
    uint32_t column; /* of its cursor */

    uint32_t wanted[LINE_VIEW_COLUMNS_MAX]; /* what it should show; of line_view_update() */

    char pending[LINE_VIEW_PENDING_MAX]; /* not yet written */
    size_t pending_length;
};

/*
 * Print a prompt where the cursor is, which is the start of a row, and an
 * empty line.
 *
 * prompt   UTF-8 without control codes, as long as the view is used
 * columns  of the terminal: the prompt's, LINE_VIEW_COLUMNS_MIN and one, or more
 */
void line_view_begin(struct line_view *view, const char *prompt, uint32_t columns);

/* Show a line in place of what is shown. */
void line_view_update(struct line_view *view, struct line_text text);

/* The same, with the prompt, from the start of a row of which nothing is known. */
void line_view_redraw(struct line_view *view, struct line_text text);

/* Erase the row, prompt and all, for output to come in its place; line_view_redraw() ends that. */
void line_view_hide(struct line_view *view);

/*
 * End the line: all of it is there then, in as many rows as it takes, with
 * `mark` behind it, and the cursor is at the start of the next row.
 */
void line_view_end(struct line_view *view, struct line_text text, const char *mark);

/* Send text as it is; what the view thinks is shown is the caller's to restore. */
void line_view_send(struct line_view *view, const char *text, size_t length);

/* How many cells UTF-8 without control codes takes. */
uint32_t line_view_width(const char *text, size_t length);
