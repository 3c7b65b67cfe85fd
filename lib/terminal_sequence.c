/* SPDX-License-Identifier: MIT */
/*
 * What escape sequences do, but for colours. Sources: ECMA-48, "Control
 * functions"; DEC VT510 Programmer Information, "ANSI control functions".
 */
#include "lib/terminal_sequence.h"

#include "lib/bits.h"

#define CURSOR_MODE 25 /* DECTCEM */

/* What ED and EL erase. */
enum erase { ERASE_TO_END, ERASE_TO_START, ERASE_ALL, ERASE_HISTORY };

/* Of what is blanked: the colours in use, without bold and reverse. */
static uint8_t blank_attribute(const struct terminal *terminal)
{
    return terminal_attribute(terminal->cursor.foreground, terminal->cursor.background);
}

void terminal_move(struct terminal *terminal, uint32_t row, uint32_t column)
{
    terminal->cursor.wrap_due = false;
    terminal->cursor.row = MIN(row, terminal->page.rows - 1);
    terminal->cursor.column = MIN(column, terminal->page.columns - 1);
}

void terminal_index(struct terminal *terminal)
{
    if (terminal->cursor.row + 1 < terminal->page.rows) {
        terminal->cursor.row++;
    } else {
        terminal_page_scroll_up(&terminal->page, blank_attribute(terminal));
    }
}

static void reverse_index(struct terminal *terminal)
{
    if (terminal->cursor.row > 0) {
        terminal->cursor.row--;
    } else {
        terminal_page_scroll_down(&terminal->page, blank_attribute(terminal));
    }
}

static void save(struct terminal *terminal)
{
    terminal->saved = terminal->cursor;
}

static void restore(struct terminal *terminal)
{
    terminal->cursor = terminal->saved;
    terminal_update_attribute(terminal);
}

static void erase(struct terminal *terminal, uint32_t first, uint32_t end)
{
    terminal->cursor.wrap_due = false;
    terminal_page_blank(&terminal->page, first, end, blank_attribute(terminal));
}

/* Erase around the cursor in a range of cells that it is in. */
static void erase_part(struct terminal *terminal, uint32_t first, uint32_t end)
{
    uint32_t cursor = terminal->cursor.row * terminal->page.columns + terminal->cursor.column;

    switch (terminal_parameter(&terminal->parser, 0, ERASE_TO_END)) {
    case ERASE_TO_END:
        erase(terminal, cursor, end);
        break;
    case ERASE_TO_START:
        erase(terminal, first, cursor + 1);
        break;
    case ERASE_ALL:
        erase(terminal, first, end);
        break;
    default:
        break;
    }
}

static void erase_in_screen(struct terminal *terminal)
{
    if (terminal_parameter(&terminal->parser, 0, 0) == ERASE_HISTORY) {
        terminal_page_forget(&terminal->page);
    } else {
        erase_part(terminal, 0, terminal->page.rows * terminal->page.columns);
    }
}

static void erase_in_row(struct terminal *terminal)
{
    uint32_t first = terminal->cursor.row * terminal->page.columns;

    erase_part(terminal, first, first + terminal->page.columns);
}

static void erase_characters(struct terminal *terminal, uint32_t count)
{
    uint32_t column = terminal->cursor.column;
    uint32_t first = terminal->cursor.row * terminal->page.columns + column;

    erase(terminal, first, first + MIN(count, terminal->page.columns - column));
}

static void start_anew(struct terminal *terminal)
{
    terminal_reset_colors(terminal);
    terminal->hides_cursor = false;
    terminal_move(terminal, 0, 0);
    erase(terminal, 0, terminal->page.rows * terminal->page.columns);
    save(terminal);
}

void terminal_do_escape(struct terminal *terminal, uint8_t final)
{
    switch (final) {
    case '7':
        save(terminal);
        break;
    case '8':
        restore(terminal);
        break;
    case 'D':
        terminal_move(terminal, terminal->cursor.row, terminal->cursor.column);
        terminal_index(terminal);
        break;
    case 'E':
        terminal_move(terminal, terminal->cursor.row, 0);
        terminal_index(terminal);
        break;
    case 'M':
        terminal_move(terminal, terminal->cursor.row, terminal->cursor.column);
        reverse_index(terminal);
        break;
    case 'c':
        start_anew(terminal);
        break;
    default:
        break;
    }
}

static void set_mode(struct terminal *terminal, bool on)
{
    for (uint32_t i = 0; i < terminal->parser.count; i++) {
        if (terminal->parser.parameters[i] == CURSOR_MODE) {
            terminal->hides_cursor = !on;
        }
    }
}

static void do_private(struct terminal *terminal, uint8_t final)
{
    if (terminal->parser.private_mark == '?' && (final == 'h' || final == 'l')) {
        set_mode(terminal, final == 'h');
    }
}

/* Cursor movements. Rows and columns in sequences count from 1. Returns false for anything else. */
static bool do_movement(struct terminal *terminal, uint8_t final)
{
    uint32_t count = terminal_parameter(&terminal->parser, 0, 1);
    uint32_t row = terminal->cursor.row;
    uint32_t column = terminal->cursor.column;

    switch (final) {
    case 'A':
    case 'F':
        row -= MIN(row, count);
        break;
    case 'B':
    case 'E':
    case 'e':
        row += count;
        break;
    case 'C':
    case 'a':
        column += count;
        break;
    case 'D':
        column -= MIN(column, count);
        break;
    case 'G':
    case '`':
        column = count - 1;
        break;
    case 'd':
        row = count - 1;
        break;
    case 'H':
    case 'f':
        row = count - 1;
        column = terminal_parameter(&terminal->parser, 1, 1) - 1;
        break;
    default:
        return false;
    }
    terminal_move(terminal, row, final == 'E' || final == 'F' ? 0 : column);
    return true;
}

void terminal_do_csi(struct terminal *terminal, uint8_t final)
{
    if (terminal->parser.private_mark != 0) {
        do_private(terminal, final);
        return;
    }
    if (do_movement(terminal, final)) {
        return;
    }
    switch (final) {
    case 'J':
        erase_in_screen(terminal);
        break;
    case 'K':
        erase_in_row(terminal);
        break;
    case 'X':
        erase_characters(terminal, terminal_parameter(&terminal->parser, 0, 1));
        break;
    case 'm':
        terminal_select_renditions(terminal);
        break;
    case 's':
        save(terminal);
        break;
    case 'u':
        restore(terminal);
        break;
    default:
        break;
    }
}
