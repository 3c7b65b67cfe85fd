/* SPDX-License-Identifier: MIT */
/*
 * A text of "key: value" lines that fits a screen, whatever the values are: no
 * line is wider than REPORT_COLUMNS, and a list takes no more lines than it was
 * given. Where something had to be left out, that is said in its place. All of
 * the text is printable ASCII: other bytes become '?'. Pure.
 *
 * Context of all functions: any.
 */
#pragma once

#include <stddef.h>

#include "lib/compiler.h"

#define REPORT_COLUMNS  79 /* one less than a screen's: a full line would leave an empty one */
#define REPORT_ITEM_MAX 48 /* characters of a list's item */

struct report {
    char *text; /* terminated; whole lines, but for the list being written */
    size_t size; /* bytes of it, the terminator included */
    size_t length;

    /* The list being written. */
    const char *key;
    size_t line; /* where its last line begins */
    unsigned lines_left; /* behind that one */
    size_t left_out; /* items */
};

/*
 * Begin an empty text.
 *
 * size  bytes in buffer: REPORT_COLUMNS + 1 for each line there will be, and 1
 */
void report_begin(struct report *report, char *buffer, size_t size);

/* Add a line without a key: a marker. */
void report_mark(struct report *report, const char *text);

/* Add "key: value"; a value that is too long is cut, and ends in "...". The key fits a line. */
void report_line(struct report *report, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Add a list: items with a blank between, none of them broken. Each of its
 * lines begins with the key; those for which there is no room are counted at
 * the end of the last, as "+N".
 *
 * key    must stay until report_end_list()
 * lines  at the most, 1 or more
 * item   REPORT_ITEM_MAX characters at the most; less than a million items
 */
void report_begin_list(struct report *report, const char *key, unsigned lines);
void report_item(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void report_end_list(struct report *report);
