/* SPDX-License-Identifier: MIT */
/*
 * A terminal: text with control codes and escape sequences in, cells out, on
 * any display. UTF-8; malformed input shows as U+FFFD. Any sequence of bytes
 * is harmless. Pure: no hardware, no allocation, no locks.
 *
 * LF          to the start of the next row; in the last one the screen scrolls
 * CR, BS, HT  to the start of the row; one to the left; to the next multiple of 8, or the last
 *             column. VT and FF are LF. None erases, none wraps
 * ESC 7, 8    save, restore cursor, colours and wrap; also CSI s, u
 * ESC D E M   one row down, to the start of the next, up; ESC c starts anew
 * CSI A B C D  the cursor up, down, right, left; also a e. CSI E F  the same to the row's start
 * CSI G d H   to a column (also `), a row, both (also f); from 1
 * CSI J K X   erase in the screen, in the row; so many cells. CSI 3 J forgets the history
 * CSI m       colours: 0 1 7 22 27 30-37 39 40-47 49 90-97 100-107. Bold is bright; 38 and 48
 *             are read over, with what follows them
 * CSI ? 25 h l  show, hide the cursor
 *
 * Anything else of ECMA-48's shape is read over. The wrap at the right margin
 * is deferred, as on a VT100: the last column leaves the cursor on it, the next
 * character wraps first. Erased and new cells take the colours in use, without
 * reverse.
 *
 * What has left at the top is kept, as far as there is room, and can be looked
 * at with terminal_scroll_view(); the picture then stays where it is while text
 * goes on below.
 *
 * Context of all functions: one at a time; a panic may interrupt any of them
 * and write, after terminal_recover().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/terminal_display.h"
#include "lib/terminal_page.h"
#include "lib/terminal_parser.h"
#include "lib/utf8.h"

#define TERMINAL_TAB_WIDTH 8

/* What ESC 7 saves. */
struct terminal_cursor {
    uint32_t row;
    uint32_t column;
    bool wrap_due; /* in the last column: the next character goes to the next row */
    uint8_t foreground; /* enum terminal_color */
    uint8_t background;
    bool is_bold;
    bool is_reverse;
};

struct terminal {
    struct terminal_page page;
    struct terminal_parser parser;
    struct utf8_decoder decoder;
    struct terminal_cursor cursor;
    struct terminal_cursor saved;
    uint8_t attribute; /* of what is written next: what the cursor's colours amount to */
    uint8_t default_attribute;
    bool hides_cursor;
};

/*
 * Start on a display: blank, light grey on black, the cursor in the top left
 * corner. The display shows it at once.
 *
 * display     lives as long as the terminal
 * memory      TERMINAL_PAGE_SIZE() bytes, 8-byte aligned, the terminal's from now on
 * line_count  the display's rows, and as many lines more as shall be kept
 */
void terminal_init(struct terminal *terminal, const struct terminal_display *display, void *memory,
                   uint32_t line_count);

/*
 * Go on with another display, of the same glyphs; what could be seen or looked
 * back at is on it, as far as there is room.
 *
 * display, memory, line_count  as for terminal_init(); the old ones are free
 *                              afterwards, and not the new ones
 */
void terminal_change_display(struct terminal *terminal, const struct terminal_display *display,
                             void *memory, uint32_t line_count);

/* Take text; the display sees the result once, at the end. */
void terminal_write(struct terminal *terminal, const char *text, size_t length);

/*
 * Scroll the picture back by so many lines more; negative: forward. It stops
 * at either end.
 */
void terminal_scroll_view(struct terminal *terminal, int32_t lines);

/* Show what is there now. Cheap when the picture does. */
void terminal_end_view(struct terminal *terminal);

/* Choose the colours of SGR 0, and use them from now on. */
void terminal_set_colors(struct terminal *terminal, enum terminal_color foreground,
                         enum terminal_color background);

/*
 * Make sure that the next text is seen, whatever came before: forget a
 * sequence or character cut short, show what is there now, in the default
 * colours.
 */
void terminal_recover(struct terminal *terminal);
