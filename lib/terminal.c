/* SPDX-License-Identifier: MIT */
/*
 * Text and control codes. Printable ASCII is taken in runs, the longest
 * stretches that stay in a row; everything else but the ends of lines goes
 * byte by byte through the parser.
 */
#include "lib/terminal.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/char_width.h"
#include "lib/terminal_sequence.h"

static void carriage_return(struct terminal *terminal)
{
    terminal->cursor.column = 0;
    terminal->cursor.wrap_due = false;
}

static void line_feed(struct terminal *terminal)
{
    carriage_return(terminal);
    terminal_index(terminal);
}

static void tab(struct terminal *terminal)
{
    uint32_t stop = ALIGN_DOWN(terminal->cursor.column + TERMINAL_TAB_WIDTH, TERMINAL_TAB_WIDTH);

    if (!terminal->cursor.wrap_due) {
        terminal_move(terminal, terminal->cursor.row, stop);
    }
}

static void control(struct terminal *terminal, uint8_t byte)
{
    uint32_t column = terminal->cursor.column;

    switch (byte) {
    case '\n':
    case '\v':
    case '\f':
        line_feed(terminal);
        break;
    case '\r':
        carriage_return(terminal);
        break;
    case '\t':
        tab(terminal);
        break;
    case '\b':
        terminal_move(terminal, terminal->cursor.row, column - MIN(column, 1U));
        break;
    default:
        break;
    }
}

static void advance(struct terminal *terminal, uint32_t count)
{
    struct terminal_cursor *cursor = &terminal->cursor;
    uint32_t column = cursor->column + count;

    cursor->wrap_due = column == terminal->page.columns;
    cursor->column = column - cursor->wrap_due;
}

static void print(struct terminal *terminal, uint32_t code_point)
{
    struct terminal_page *page = &terminal->page;
    uint32_t width = char_width(code_point);

    if (width == 0) {
        return;
    }
    if (terminal->cursor.wrap_due || terminal->cursor.column + width > page->columns) {
        line_feed(terminal);
    }

    uint32_t row = terminal->cursor.row;
    uint32_t column = terminal->cursor.column;

    terminal_page_put(page, row, column, page->display->glyph(code_point), terminal->attribute);
    if (width == 2) {
        terminal_page_put(page, row, column + 1, ' ', terminal->attribute);
    }
    advance(terminal, width);
}

static void take(struct terminal *terminal, uint8_t byte)
{
    uint32_t code_point;

    if (terminal->decoder.missing > 0) {
        enum utf8_result result = utf8_decode(&terminal->decoder, byte, &code_point);

        if (result != UTF8_INCOMPLETE) {
            print(terminal, code_point);
        }
        if (result != UTF8_CUT) {
            return;
        }
    }
    switch (terminal_parse(&terminal->parser, byte)) {
    case TERMINAL_DO_TEXT:
        if (utf8_decode(&terminal->decoder, byte, &code_point) == UTF8_CHARACTER) {
            print(terminal, code_point);
        }
        break;
    case TERMINAL_DO_CONTROL:
        control(terminal, byte);
        break;
    case TERMINAL_DO_ESCAPE:
        terminal_do_escape(terminal, byte);
        break;
    case TERMINAL_DO_CSI:
        terminal_do_csi(terminal, byte);
        break;
    case TERMINAL_DO_NOTHING:
        break;
    }
}

/*
 * Take what most text is, between sequences and characters of several bytes:
 * printable ASCII, as much as there is of it in the row, or the end of a line.
 * Returns how many bytes that was; 0 for anything else.
 */
static size_t take_run(struct terminal *terminal, const char *text, size_t length)
{
    if (terminal->parser.state != TERMINAL_GROUND || terminal->decoder.missing > 0) {
        return 0;
    }
    if (*text == '\n') {
        line_feed(terminal);
        return 1;
    }
    if (*text < ' ' || *text > '~') {
        return 0;
    }
    if (terminal->cursor.wrap_due) {
        line_feed(terminal);
    }

    struct terminal_page *page = &terminal->page;
    uint32_t column = terminal->cursor.column;
    uint32_t limit = (uint32_t)MIN(length, (size_t)(page->columns - column));
    uint32_t count = terminal_page_write_ascii(page, terminal->cursor.row, column, text, limit,
                                               terminal->attribute);

    advance(terminal, count);
    return count;
}

static void refresh(struct terminal *terminal)
{
    terminal_page_refresh(&terminal->page, terminal->cursor.row, terminal->cursor.column,
                          !terminal->hides_cursor);
}

void terminal_init(struct terminal *terminal, const struct terminal_display *display, void *memory,
                   uint32_t line_count)
{
    uint8_t attribute = terminal_attribute(TERMINAL_LIGHT_GREY, TERMINAL_BLACK);

    *terminal = (struct terminal){.default_attribute = attribute};
    terminal_page_init(&terminal->page, display, memory, line_count, attribute);
    terminal_reset_colors(terminal);
    terminal->saved = terminal->cursor;
    refresh(terminal);
}

void terminal_change_display(struct terminal *terminal, const struct terminal_display *display,
                             void *memory, uint32_t line_count)
{
    const struct terminal_page old = terminal->page;
    struct terminal_cursor *cursor = &terminal->cursor;

    terminal_page_init(&terminal->page, display, memory, line_count, terminal->default_attribute);
    cursor->row = terminal_page_adopt(&terminal->page, &old, cursor->row);
    cursor->column = MIN(cursor->column, display->columns - 1);
    /* A row that was full may be longer now. */
    cursor->column += cursor->wrap_due && cursor->column + 1 < display->columns;
    cursor->wrap_due = cursor->wrap_due && old.columns >= display->columns;
    terminal->saved = *cursor;
    refresh(terminal);
}

void terminal_write(struct terminal *terminal, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        size_t run = take_run(terminal, text, (size_t)(end - text));

        if (run == 0) {
            take(terminal, (uint8_t)*text);
            run = 1;
        }
        text += run;
    }
    refresh(terminal);
}

void terminal_scroll_view(struct terminal *terminal, int32_t lines)
{
    struct terminal_page *page = &terminal->page;
    uint32_t back = lines < 0 ? 0U - (uint32_t)lines : (uint32_t)lines;

    if (lines < 0) {
        back = page->view - MIN(page->view, back);
    } else {
        back = page->view + MIN(page->history - page->view, back);
    }
    terminal_page_set_view(page, back);
    refresh(terminal);
}

void terminal_end_view(struct terminal *terminal)
{
    if (terminal->page.view > 0) {
        terminal_page_set_view(&terminal->page, 0);
        refresh(terminal);
    }
}

void terminal_set_colors(struct terminal *terminal, enum terminal_color foreground,
                         enum terminal_color background)
{
    ASSERT_CMP(foreground, <=, TERMINAL_WHITE);
    ASSERT_CMP(background, <=, TERMINAL_WHITE);
    terminal->default_attribute = terminal_attribute(foreground, background);
    terminal_reset_colors(terminal);
}

void terminal_recover(struct terminal *terminal)
{
    terminal->parser = (struct terminal_parser){0};
    terminal->decoder = (struct utf8_decoder){0};
    terminal->hides_cursor = false;
    terminal_reset_colors(terminal);
    terminal_page_set_view(&terminal->page, 0);
}
