/* SPDX-License-Identifier: MIT */
/*
 * The ring of lines. What changes is gathered until the refresh, as one range
 * of cells, so that the display sees each only once.
 */
#include "lib/terminal_page.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

/* Cells are stored, and handed to the display, by fours: 8 bytes, one store. */
#define GROUP 4UL

/* Times a value: the value in each byte of eight, in each cell of a group. */
#define EACH_BYTE 0x0101010101010101UL
#define EACH_CELL 0x0001000100010001UL

static uint32_t ring_line(const struct terminal_page *page, uint32_t line)
{
    return line < page->line_count ? line : line - page->line_count;
}

/* Where a row's cell is in the ring. */
static size_t place_of(const struct terminal_page *page, uint32_t row, uint32_t column)
{
    return (size_t)ring_line(page, page->top + row) * page->columns + column;
}

static void mark(struct terminal_page *page, uint32_t row, uint32_t column, uint32_t count)
{
    uint32_t first = row * page->columns + column;

    page->changed_first = MIN(page->changed_first, first);
    page->changed_end = MAX(page->changed_end, first + count);
}

static void mark_all(struct terminal_page *page)
{
    page->changed_first = 0;
    page->changed_end = page->rows * page->columns;
}

static void mark_none(struct terminal_page *page)
{
    page->changed_first = page->rows * page->columns;
    page->changed_end = 0;
}

/* A scroll blanks a row: by groups and inline, or it would be most of the cost. */
static void blank(struct terminal_page *page, size_t place, uint32_t count, uint8_t attribute)
{
    terminal_cell *cells = page->cells + place;
    terminal_cell cell = terminal_cell_of(' ', attribute);
    uint64_t group = cell * EACH_CELL;
    terminal_cell *end = cells + count;

    for (; end - cells >= (ptrdiff_t)(4 * GROUP); cells += 4 * GROUP) {
        __builtin_memcpy(cells, &group, sizeof(group));
        __builtin_memcpy(cells + GROUP, &group, sizeof(group));
        __builtin_memcpy(cells + 2 * GROUP, &group, sizeof(group));
        __builtin_memcpy(cells + 3 * GROUP, &group, sizeof(group));
    }
    while (cells < end) {
        *cells++ = cell;
    }
    if (page->high != NULL) {
        memset(page->high + place, 0, count);
    }
}

void terminal_page_init(struct terminal_page *page, const struct terminal_display *display,
                        void *memory, uint32_t line_count, uint8_t attribute)
{
    size_t cell_count = (size_t)line_count * display->columns;
    terminal_cell *cells = memory;

    ASSERT_CMP(display->columns, >=, 2);
    ASSERT_CMP(display->rows, >=, 1);
    ASSERT_CMP(line_count, >=, display->rows);
    *page = (struct terminal_page){
        .display = display,
        .cells = cells,
        .high = display->has_many_glyphs ? (uint8_t *)(cells + cell_count) : NULL,
        .columns = display->columns,
        .rows = display->rows,
        .line_count = line_count};
    blank(page, 0, page->rows * page->columns, attribute);
    mark_all(page);
}

uint32_t terminal_page_adopt(struct terminal_page *page, const struct terminal_page *old,
                             uint32_t last_row)
{
    uint32_t columns = MIN(page->columns, old->columns);
    uint32_t lines = MIN(old->history + last_row + 1, page->rows);
    uint32_t first = old->top + old->line_count + last_row + 1 - lines;

    ASSERT_CMP(page->high != NULL, ==, old->high != NULL);
    for (uint32_t row = 0; row < lines; row++) {
        size_t to = place_of(page, row, 0);
        size_t from = (size_t)((first + row) % old->line_count) * old->columns;

        memcpy(page->cells + to, old->cells + from, columns * sizeof(terminal_cell));
        if (page->high != NULL) {
            memcpy(page->high + to, old->high + from, columns);
        }
    }
    mark_all(page);
    return lines - 1;
}

void terminal_page_put(struct terminal_page *page, uint32_t row, uint32_t column, uint16_t glyph,
                       uint8_t attribute)
{
    size_t place = place_of(page, row, column);

    page->cells[place] = terminal_cell_of(glyph, attribute);
    if (page->high != NULL) {
        page->high[place] = (uint8_t)(glyph >> 8);
    }
    mark(page, row, column, 1);
}

/* Whether each of eight bytes is printable. */
static bool are_printable(uint64_t bytes)
{
    /* Each high bit says no: it was set, or 0x20 less or 1 more sets it. */
    uint64_t high_bits = bytes | (bytes - 0x20 * EACH_BYTE) | (bytes + EACH_BYTE);

    return (high_bits & 0x80 * EACH_BYTE) == 0;
}

/* Store the lower four of some bytes as a group of cells. */
static void put_group(terminal_cell *cells, uint64_t bytes, uint64_t colors)
{
    uint64_t pairs = ((bytes & 0xffffffff) | bytes << 16) & 0x0000ffff0000ffff;
    uint64_t group = ((pairs | pairs << 8) & 0x00ff00ff00ff00ff) | colors;

    __builtin_memcpy(cells, &group, sizeof(group));
}

uint32_t terminal_page_write_ascii(struct terminal_page *page, uint32_t row, uint32_t column,
                                   const char *text, uint32_t limit, uint8_t attribute)
{
    size_t place = place_of(page, row, column);
    terminal_cell *cells = page->cells + place;
    terminal_cell color = terminal_cell_of(0, attribute);
    uint64_t colors = color * EACH_CELL;
    uint32_t count = 0;

    for (; count + sizeof(uint64_t) <= limit; count += sizeof(uint64_t)) {
        uint64_t bytes;

        __builtin_memcpy(&bytes, text + count, sizeof(bytes));
        if (!are_printable(bytes)) {
            break;
        }
        put_group(cells + count, bytes, colors);
        put_group(cells + count + GROUP, bytes >> 32, colors);
    }
    for (; count < limit && text[count] >= ' ' && text[count] <= '~'; count++) {
        cells[count] = (uint8_t)text[count] | color;
    }
    if (page->high != NULL) {
        memset(page->high + place, 0, count);
    }
    mark(page, row, column, count);
    return count;
}

void terminal_page_blank(struct terminal_page *page, uint32_t first, uint32_t end,
                         uint8_t attribute)
{
    while (first < end) {
        uint32_t row = first / page->columns;
        uint32_t column = first % page->columns;
        uint32_t count = MIN(end - first, page->columns - column);

        blank(page, place_of(page, row, column), count, attribute);
        mark(page, row, column, count);
        first += count;
    }
}

void terminal_page_scroll_up(struct terminal_page *page, uint8_t attribute)
{
    /* The line behind the last row: the oldest of the history or, without that, row 0. */
    blank(page, place_of(page, page->rows, 0), page->columns, attribute);
    page->top = ring_line(page, page->top + 1);
    page->history = MIN(page->history + 1, page->line_count - page->rows);
    if (page->view > 0) {
        page->view = MIN(page->view + 1, page->history);
    }
    mark_all(page);
}

void terminal_page_scroll_down(struct terminal_page *page, uint8_t attribute)
{
    for (uint32_t row = page->rows - 1; row > 0; row--) {
        size_t to = place_of(page, row, 0);
        size_t from = place_of(page, row - 1, 0);

        memcpy(page->cells + to, page->cells + from, page->columns * sizeof(terminal_cell));
        if (page->high != NULL) {
            memcpy(page->high + to, page->high + from, page->columns);
        }
    }
    blank(page, place_of(page, 0, 0), page->columns, attribute);
    mark_all(page);
}

void terminal_page_set_view(struct terminal_page *page, uint32_t lines)
{
    page->view = MIN(lines, page->history);
    mark_all(page);
}

void terminal_page_forget(struct terminal_page *page)
{
    if (page->view != 0) {
        terminal_page_set_view(page, 0);
    }
    page->history = 0;
}

/* Put cells that are neighbours in the ring, too. */
static void put(const struct terminal_page *page, uint32_t first, size_t place, uint32_t count)
{
    const uint8_t *high = page->high != NULL ? page->high + place : NULL;

    page->display->put(page->display->device, first, page->cells + place, high, count);
}

/* Put what has changed: one stretch of the ring, or two where that ends in between. */
static void put_changes(const struct terminal_page *page)
{
    uint32_t first = ALIGN_DOWN(page->changed_first, GROUP);
    uint32_t end = MIN(ALIGN_UP(page->changed_end, GROUP), page->rows * page->columns);
    uint32_t top = ring_line(page, page->top + page->line_count - page->view);
    /* The picture's cell that is the ring's first again. */
    uint32_t seam = (page->line_count - top) * page->columns;

    if (first < MIN(end, seam)) {
        put(page, first, (size_t)top * page->columns + first, MIN(end, seam) - first);
    }
    if (MAX(first, seam) < end) {
        first = MAX(first, seam);
        put(page, first, first - seam, end - first);
    }
}

void terminal_page_refresh(struct terminal_page *page, uint32_t row, uint32_t column,
                           bool has_cursor)
{
    if (page->view > 0 && page->changed_first < page->changed_end) {
        mark_all(page);
    }
    put_changes(page);
    mark_none(page);
    row += page->view;
    has_cursor = has_cursor && row < page->rows;
    page->display->show(page->display->device, has_cursor ? row * page->columns + column : 0,
                        has_cursor);
}
