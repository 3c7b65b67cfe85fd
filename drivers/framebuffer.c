/* SPDX-License-Identifier: MIT */
/* Keeps track of what the glass shows, and paints the difference. */
#include "drivers/framebuffer.h"

#include "drivers/framebuffer_paint.h"
#include "drivers/glyphs.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

#define DOUBLED_FROM_WIDTH 2560 /* pixels */

/* No cell: what is remembered of one whose pixels are to be painted again. */
#define UNKNOWN_CELL UINT32_MAX

static struct {
    struct terminal_display display;
    struct paint paint;
    terminal_cell *wanted; /* row by row */
    terminal_cell *shown;
    uint32_t changed_first; /* rows that may differ; none when first is not below end */
    uint32_t changed_end;
    bool has_cursor; /* on the glass */
    uint32_t cursor_row;
    uint32_t cursor_column;
} screen;

static uint32_t scale_of(const struct framebuffer_mode *mode)
{
    return mode->width >= DOUBLED_FROM_WIDTH ? 2 : 1;
}

bool framebuffer_grid(const struct framebuffer_mode *mode, uint32_t *columns, uint32_t *rows)
{
    uint32_t fit_columns = mode->width / (GLYPH_WIDTH * scale_of(mode));
    uint32_t fit_rows = mode->height / (GLYPH_HEIGHT * scale_of(mode));
    uint32_t bytes_per_pixel = (mode->bits_per_pixel + 7U) / 8;

    if (bytes_per_pixel < 2 || bytes_per_pixel > 4 || fit_columns < 2 || fit_rows < 1) {
        return false;
    }
    *columns = fit_columns;
    *rows = fit_rows;
    return true;
}

static void note_changed(uint32_t first, uint32_t end)
{
    screen.changed_first = MIN(screen.changed_first, first);
    screen.changed_end = MAX(screen.changed_end, end);
}

static void fill(terminal_cell *cells, uint32_t count, terminal_cell cell)
{
    for (uint32_t i = 0; i < count; i++) {
        cells[i] = cell;
    }
}

static void scroll(uint32_t rows, terminal_cell blank)
{
    uint32_t columns = screen.display.columns;
    uint32_t kept = (screen.display.rows - rows) * columns;

    ASSERT_CMP(rows, <=, screen.display.rows);
    memmove(screen.wanted, screen.wanted + rows * columns, kept * sizeof(*screen.wanted));
    fill(screen.wanted + kept, rows * columns, blank);
    note_changed(0, screen.display.rows);
}

static void put(uint32_t row, uint32_t column, const terminal_cell *cells, uint32_t count)
{
    ASSERT(row < screen.display.rows && count <= screen.display.columns - column);
    memcpy(screen.wanted + row * screen.display.columns + column, cells, count * sizeof(*cells));
    note_changed(row, row + 1);
}

/* Cells that are the same in both, from the first on; an odd one at the end is not looked at. */
static uint32_t count_equal(const terminal_cell *left, const terminal_cell *right, uint32_t count)
{
    uint32_t equal = 0;

    /* Two at a time: after a scroll every cell of the screen comes by here. */
    for (; equal + 2 <= count; equal += 2) {
        uint64_t pair;
        uint64_t other;

        __builtin_memcpy(&pair, left + equal, sizeof(pair));
        __builtin_memcpy(&other, right + equal, sizeof(other));
        if (pair != other) {
            break;
        }
    }
    return equal;
}

static void paint_row(uint32_t row)
{
    uint32_t columns = screen.display.columns;
    const terminal_cell *wanted = screen.wanted + row * columns;
    terminal_cell *shown = screen.shown + row * columns;
    uint32_t column = 0;

    while ((column += count_equal(wanted + column, shown + column, columns - column)) < columns) {
        if (wanted[column] != shown[column]) {
            paint_cell(&screen.paint, row, column, wanted[column]);
            shown[column] = wanted[column];
        }
        column++;
    }
}

/* Have the cell under the cursor painted again, which takes the cursor away. */
static void lift_cursor(void)
{
    if (screen.has_cursor) {
        screen.shown[screen.cursor_row * screen.display.columns + screen.cursor_column] =
            UNKNOWN_CELL;
        note_changed(screen.cursor_row, screen.cursor_row + 1);
        screen.has_cursor = false;
    }
}

static void place_cursor(uint32_t row, uint32_t column)
{
    paint_cursor(&screen.paint, row, column, screen.shown[row * screen.display.columns + column]);
    screen.has_cursor = true;
    screen.cursor_row = row;
    screen.cursor_column = column;
}

static void show(uint32_t row, uint32_t column, bool has_cursor)
{
    ASSERT(!has_cursor || (row < screen.display.rows && column < screen.display.columns));
    lift_cursor();
    for (uint32_t i = screen.changed_first; i < screen.changed_end; i++) {
        paint_row(i);
    }
    screen.changed_first = screen.display.rows;
    screen.changed_end = 0;
    if (has_cursor) {
        place_cursor(row, column);
    }
}

const struct terminal_display *framebuffer_start(const struct framebuffer_mode *mode, void *pixels,
                                                 uint32_t columns, uint32_t rows,
                                                 terminal_cell *cells)
{
    uint32_t columns_most = 0;
    uint32_t rows_most = 0;
    bool is_display = framebuffer_grid(mode, &columns_most, &rows_most);
    terminal_cell blank =
        terminal_cell_of(' ', terminal_attribute(TERMINAL_LIGHT_GREY, TERMINAL_BLACK));

    ASSERT(is_display && glyphs_are_there());
    ASSERT(columns <= columns_most && rows <= rows_most);
    screen.wanted = cells;
    screen.shown = cells + (uint64_t)columns * rows;
    screen.display = (struct terminal_display){
        .columns = columns, .rows = rows, .scroll = scroll, .put = put, .show = show};
    screen.changed_first = rows;
    screen.changed_end = 0;
    screen.has_cursor = false;
    paint_init(&screen.paint, mode, scale_of(mode), pixels);
    memset(pixels, 0, (uint64_t)mode->pitch_bytes * mode->height);
    fill(screen.wanted, columns * rows, blank);
    fill(screen.shown, columns * rows, blank);
    return &screen.display;
}

void framebuffer_move(void *pixels)
{
    screen.paint.pixels = pixels;
}
