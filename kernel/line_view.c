/* SPDX-License-Identifier: MIT */
/*
 * The window: what it should show is worked out anew each time, cell by cell,
 * and compared with what it shows.
 */
#include "kernel/line_view.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/char_width.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/utf8.h"

/* Steps to the left that are shorter as backspaces than as a sequence. */
#define BACKSPACES_MAX 3

#define ERASE_TO_END "\x1b[K"

static uint32_t width_of(uint32_t code_point)
{
    return MAX(char_width(code_point), 1U);
}

/* What a cell shows for a character: a mark that takes no cell is made visible. */
static uint32_t visible(uint32_t code_point)
{
    return char_width(code_point) == 0 ? UTF8_REPLACEMENT : code_point;
}

/* The character at a byte of the line; moves behind it. */
static uint32_t next_character(struct line_text text, size_t *at)
{
    struct utf8_decoder decoder = {0};
    uint32_t code_point = UTF8_REPLACEMENT;

    while (*at < text.length &&
           utf8_decode(&decoder, (uint8_t)text.bytes[(*at)++], &code_point) == UTF8_INCOMPLETE) {
    }
    return code_point;
}

/* Cells from one byte of the line to another, or `limit` if they are more. */
static uint32_t width_between(struct line_text text, size_t from, size_t to, uint32_t limit)
{
    uint32_t width = 0;

    while (from < to && width < limit) {
        width += width_of(next_character(text, &from));
    }
    return MIN(width, limit);
}

uint32_t line_view_width(const char *text, size_t length)
{
    return width_between((struct line_text){.bytes = text, .length = length}, 0, length,
                         UINT32_MAX);
}

void line_view_send(struct line_view *view, const char *text, size_t length)
{
    while (length > 0) {
        size_t count = MIN(length, sizeof(view->pending) - view->pending_length);

        memcpy(view->pending + view->pending_length, text, count);
        view->pending_length += count;
        text += count;
        length -= count;
        if (view->pending_length == sizeof(view->pending)) {
            view->write(view->pending, view->pending_length);
            view->pending_length = 0;
        }
    }
}

static void flush(struct line_view *view)
{
    if (view->pending_length > 0) {
        view->write(view->pending, view->pending_length);
    }
    view->pending_length = 0;
}

static void send_string(struct line_view *view, const char *text)
{
    line_view_send(view, text, strlen(text));
}

static void send_character(struct line_view *view, uint32_t code_point)
{
    char bytes[UTF8_BYTES_MAX];

    line_view_send(view, bytes, utf8_encode(code_point, bytes));
}

/* CSI, a count unless it is 1, and a final byte. */
static void send_sequence(struct line_view *view, uint32_t count, char final)
{
    char sequence[16];
    size_t length = count == 1 ? ksnprintf(sequence, sizeof(sequence), "\x1b[%c", final)
                               : ksnprintf(sequence, sizeof(sequence), "\x1b[%u%c", count, final);

    line_view_send(view, sequence, length);
}

static void move_cursor(struct line_view *view, uint32_t column)
{
    uint32_t left = view->column - MIN(view->column, column);
    uint32_t right = column - MIN(view->column, column);

    if (left > BACKSPACES_MAX) {
        send_sequence(view, left, 'D');
    } else {
        line_view_send(view, "\b\b\b", left);
    }
    if (right > 0) {
        send_sequence(view, right, 'C');
    }
    view->column = column;
}

/* The byte that is some cells, or a little more, before another. */
static size_t cells_before(struct line_text text, size_t at, uint32_t cells)
{
    uint32_t width = 0;

    while (at > 0 && width < cells) {
        size_t character;

        do {
            at--;
        } while (at > 0 && utf8_is_continuation(text.bytes[at]));
        character = at;
        width += width_of(next_character(text, &character));
    }
    return at;
}

/* Choose where the window begins: all if it fits, else the cursor clear of both marks. */
static void choose_window(struct line_view *view, struct line_text text)
{
    uint32_t columns = view->columns;
    /* Behind the line's end there is room for the cursor; in it, > may take the last cell. */
    uint32_t last = text.cursor == text.length ? columns : columns - 3;

    if (width_between(text, 0, text.length, columns + 1) <= columns) {
        view->first = 0;
        return;
    }
    while (view->first > 0 &&
           (view->first >= text.length || utf8_is_continuation(text.bytes[view->first]))) {
        view->first--; /* it is another line */
    }
    if (text.cursor <= view->first ||
        width_between(text, view->first, text.cursor, columns + 1) > last) {
        view->first = cells_before(text, text.cursor, columns / 2);
    }
}

/* Work out what the cells should show, and the cursor's place. Returns how many there are. */
static uint32_t compose(struct line_view *view, struct line_text text, uint32_t *cursor)
{
    uint32_t *cells = view->wanted;
    size_t at = view->first;
    uint32_t count = 0;

    *cursor = 0;
    while (at < text.length) {
        size_t next = at;
        uint32_t code_point = next_character(text, &next);
        uint32_t width = width_of(code_point);

        if (count + width > view->columns) {
            break;
        }
        if (at == text.cursor) {
            *cursor = count;
        }
        cells[count] = visible(code_point);
        if (width == 2) {
            cells[count + 1] = 0;
        }
        count += width;
        at = next;
    }
    if (text.cursor >= at) {
        *cursor = count;
    }
    if (view->first > 0) {
        cells[0] = '<';
        if (count > 1 && cells[1] == 0) {
            cells[1] = ' ';
        }
    }
    if (at < text.length) {
        if (cells[count - 1] == 0) {
            cells[count - 2] = ' ';
        }
        cells[count - 1] = '>';
    }
    return count;
}

/* Send the cells that are not shown yet. */
static void send_changes(struct line_view *view, uint32_t count)
{
    const uint32_t *cells = view->wanted;
    uint32_t first = 0;
    uint32_t end = count;

    while (first < MIN(count, view->shown_count) && cells[first] == view->shown[first]) {
        first++;
    }
    while (count == view->shown_count && end > first && cells[end - 1] == view->shown[end - 1]) {
        end--;
    }
    /* Wide characters whole: others differ in their first cell, all are alike in their second. */
    while (end < count && cells[end] == 0) {
        end++;
    }
    if (first < end) {
        move_cursor(view, first);
        for (uint32_t i = first; i < end; i++) {
            if (cells[i] != 0) {
                send_character(view, cells[i]);
            }
            view->shown[i] = cells[i];
        }
        view->column = end;
    }
    if (count < view->shown_count) {
        move_cursor(view, count);
        send_string(view, ERASE_TO_END);
    }
    view->shown_count = count;
}

void line_view_update(struct line_view *view, struct line_text text)
{
    uint32_t cursor;

    choose_window(view, text);
    send_changes(view, compose(view, text, &cursor));
    move_cursor(view, cursor);
    flush(view);
}

static void send_prompt(struct line_view *view)
{
    send_string(view, view->prompt);
    view->shown_count = 0;
    view->column = 0;
}

void line_view_begin(struct line_view *view, const char *prompt, uint32_t columns)
{
    uint32_t width = line_view_width(prompt, strlen(prompt));

    ASSERT_CMP(columns, >=, width + LINE_VIEW_COLUMNS_MIN + 1);
    view->prompt = prompt;
    view->columns = MIN(columns - width - 1, (uint32_t)LINE_VIEW_COLUMNS_MAX);
    view->first = 0;
    view->pending_length = 0;
    send_prompt(view);
    flush(view);
}

void line_view_redraw(struct line_view *view, struct line_text text)
{
    send_string(view, "\r");
    send_prompt(view);
    send_string(view, ERASE_TO_END);
    line_view_update(view, text);
}

void line_view_hide(struct line_view *view)
{
    send_string(view, "\r" ERASE_TO_END);
    flush(view);
}

void line_view_end(struct line_view *view, struct line_text text, const char *mark)
{
    bool fits = width_between(text, 0, text.length, view->columns + 1) <= view->columns;

    text.cursor = text.length;
    if (fits) {
        line_view_update(view, text);
    } else {
        send_string(view, "\r");
        send_prompt(view);
        for (size_t at = 0; at < text.length;) {
            send_character(view, visible(next_character(text, &at)));
        }
    }
    send_string(view, mark);
    send_string(view, "\n");
    flush(view);
}
