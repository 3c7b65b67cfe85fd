/* SPDX-License-Identifier: MIT */
/*
 * The code is text to the terminal: two modules a cell, one above the other,
 * and escape sequences to put them. Light modules are the foreground, so that
 * no card's blinking or dim background comes into it; cells are twice as high
 * as wide on all screens, so modules are about square.
 */
#include "kernel/panic_qr.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/screen.h"
#include "lib/format.h"
#include "lib/qr.h"
#include "lib/string.h"

/* Light around the code: readers do with two modules, where more would cover text. */
#define MARGIN_LEAST 2U

/* Columns that the report needs; and in which a sentence can still be read. */
#define REPORT_COLUMNS 78U
#define TEXT_COLUMNS   30U

#define HEADING "KERNEL PANIC: "

#define CURSOR_SAVE    "\x1b\x37" /* ESC 7 */
#define CURSOR_RESTORE "\x1b\x38" /* ESC 8 */
#define CURSOR_PUT     "\x1b[%u;%uH" /* row, column, from 1 */
#define WHITE_ON_BLACK "\x1b[0;97;40m"
#define DEFAULT_COLORS "\x1b[0m"

/* Of a cell: by whether its upper and its lower half are light. */
static const char *const cells[2][2] = {{" ", "▄"}, {"▀", "█"}};

#define CELL_BYTES 3 /* in UTF-8, the longest of them */

/* Too large for a stack; a panic has them for itself. */
static struct qr code;
static char line[(QR_SIZE_MAX + 2 * QR_QUIET_ZONE) * CELL_BYTES + 1];

static unsigned rows_of(unsigned modules)
{
    return (modules + 1) / 2;
}

/* The largest version with its least margin beside the least text; 0 for none. */
static unsigned largest_version(unsigned columns, unsigned rows)
{
    unsigned version = QR_VERSION_MAX;

    for (; version > 0; version--) {
        unsigned modules = QR_SIZE(version) + 2 * MARGIN_LEAST;

        if (modules + TEXT_COLUMNS <= columns && rows_of(modules) <= rows) {
            break;
        }
    }
    return version;
}

/* A row of cells; `upper` counts modules from the margin's top. */
static void make_line(unsigned upper, unsigned modules, unsigned margin)
{
    char *at = line;

    for (unsigned column = 0; column < modules; column++) {
        bool upper_dark = qr_is_dark(&code, upper - margin, column - margin);
        bool lower_dark = qr_is_dark(&code, upper + 1 - margin, column - margin);

        for (const char *byte = cells[!upper_dark][!lower_dark]; *byte != '\0'; byte++) {
            *at++ = *byte;
        }
    }
    *at = '\0';
}

static void paint_code(unsigned top, unsigned left, unsigned modules, unsigned margin)
{
    kprintf(WHITE_ON_BLACK);
    for (unsigned row = 0; row < rows_of(modules); row++) {
        make_line(2 * row, modules, margin);
        kprintf(CURSOR_PUT "%s", top + row + 1, left + 1, line);
    }
}

/* How much of a text goes on a line of so many columns: whole words, if there is a blank. */
static size_t line_length(const char *text, size_t columns)
{
    size_t length = strlen(text);

    if (length <= columns) {
        return length;
    }
    for (length = columns; length > 0 && text[length] != ' '; length--) {
    }
    return length > 0 ? length : columns;
}

/* The sentence in the top left, with an empty line below it; not in the last two rows. */
static void repeat_sentence(const char *sentence, unsigned width, unsigned columns, unsigned rows)
{
    unsigned row = 1;

    kprintf(DEFAULT_COLORS);
    ksnprintf(line, sizeof(line), HEADING "%s", sentence);
    for (const char *text = line; row + 2 < rows; row++) {
        size_t length = line_length(text, width - 1);

        /* The whole row is cleared: what was at its right is nothing without what was here. */
        kprintf(CURSOR_PUT "%-*.*s", row, 1U, (int)columns, (int)length, text);
        if (length == 0) {
            break;
        }
        text += length;
        text += *text == ' ' ? 1 : 0;
    }
}

void panic_qr_paint(const char *essentials, const char *sentence)
{
    unsigned columns;
    unsigned rows;
    unsigned version;
    unsigned margin = QR_QUIET_ZONE;
    unsigned modules;

    if (!screen_size(&columns, &rows)) {
        return;
    }
    version = largest_version(columns, rows);
    if (version == 0 || *essentials == '\0' ||
        qr_encode(&code, essentials, strlen(essentials), version) != OK) {
        return;
    }
    modules = code.size + 2 * margin;
    kprintf(CURSOR_SAVE);
    if (modules + REPORT_COLUMNS > columns || rows_of(modules) > rows) {
        margin = MARGIN_LEAST;
        modules = code.size + 2 * margin;
    }
    if (modules + sizeof(HEADING) + strlen(sentence) > columns) {
        repeat_sentence(sentence, columns - modules, columns, rows);
    }
    paint_code((rows - rows_of(modules)) / 2, columns - modules, modules, margin);
    kprintf(CURSOR_RESTORE);
}
