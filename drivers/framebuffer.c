/* SPDX-License-Identifier: MIT */
/* Keeps track of what the glass shows, and paints what differs. */
#include "drivers/framebuffer.h"

#include "drivers/framebuffer_paint.h"
#include "drivers/glyphs.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

#define DOUBLED_FROM_WIDTH 2560 /* pixels */

/* Cells that are compared at a time. */
#define GROUP 8

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

/* Show a cell anew, without the cursor. */
static void paint(const struct framebuffer *screen, uint32_t place)
{
    terminal_cell cell = screen->cells[place];

    paint_cell(&screen->paint, place / screen->display.columns, place % screen->display.columns,
               (uint16_t)(screen->high[place] << 8 | (cell & 0xff)), (uint8_t)(cell >> 8));
}

static uint64_t load(const void *from)
{
    uint64_t word;

    __builtin_memcpy(&word, from, sizeof(word));
    return word;
}

/* Whether GROUP cells are on the glass already: most are, after a scroll. */
static bool are_shown(const struct framebuffer *screen, uint32_t place, const terminal_cell *cells,
                      const uint8_t *high)
{
    return load(cells) == load(screen->cells + place) &&
           load(cells + GROUP / 2) == load(screen->cells + place + GROUP / 2) &&
           load(high) == load(screen->high + place);
}

static void put_one(struct framebuffer *screen, uint32_t place, terminal_cell cell, uint8_t high)
{
    if (screen->cells[place] != cell || screen->high[place] != high) {
        screen->cells[place] = cell;
        screen->high[place] = high;
        paint(screen, place);
    }
}

static void put(void *device, uint32_t first, const terminal_cell *cells, const uint8_t *high,
                uint32_t count)
{
    struct framebuffer *screen = device;
    uint32_t i = 0;

    ASSERT_CMP((uint64_t)first + count, <=,
               (uint64_t)screen->display.columns * screen->display.rows);
    while (i < count) {
        if (count - i >= GROUP && are_shown(screen, first + i, cells + i, high + i)) {
            i += GROUP;
            continue;
        }
        for (uint32_t end = MIN(i + GROUP, count); i < end; i++) {
            put_one(screen, first + i, cells[i], high[i]);
        }
    }
}

static void show(void *device, uint32_t cursor, bool has_cursor)
{
    struct framebuffer *screen = device;

    if (screen->has_cursor) {
        paint(screen, screen->cursor);
    }
    screen->has_cursor = has_cursor;
    screen->cursor = cursor;
    if (has_cursor) {
        paint_cursor(&screen->paint, cursor / screen->display.columns,
                     cursor % screen->display.columns, (uint8_t)(screen->cells[cursor] >> 8));
    }
}

const struct terminal_display *framebuffer_resize(struct framebuffer *screen, uint32_t columns,
                                                  uint32_t rows, void *memory)
{
    size_t cell_count = (size_t)columns * rows;
    uint32_t columns_most = 0;
    uint32_t rows_most = 0;
    bool is_display = framebuffer_grid(&screen->mode, &columns_most, &rows_most);

    ASSERT(is_display);
    ASSERT_CMP(columns, <=, columns_most);
    ASSERT_CMP(rows, <=, rows_most);
    screen->cells = memory;
    screen->high = (uint8_t *)(screen->cells + cell_count);
    screen->display = (struct terminal_display){.columns = columns,
                                                .rows = rows,
                                                .has_many_glyphs = true,
                                                .device = screen,
                                                .glyph = glyph_number,
                                                .put = put,
                                                .show = show};
    screen->has_cursor = false;
    memset(screen->paint.pixels, 0, (size_t)screen->mode.pitch_bytes * screen->mode.height);
    for (size_t i = 0; i < cell_count; i++) {
        screen->cells[i] =
            terminal_cell_of(' ', terminal_attribute(TERMINAL_LIGHT_GREY, TERMINAL_BLACK));
    }
    memset(screen->high, 0, cell_count);
    return &screen->display;
}

const struct terminal_display *framebuffer_start(struct framebuffer *screen,
                                                 const struct framebuffer_mode *mode, void *pixels,
                                                 uint32_t columns, uint32_t rows, void *memory)
{
    ASSERT(glyphs_are_there());
    screen->mode = *mode;
    paint_init(&screen->paint, mode, scale_of(mode), pixels);
    return framebuffer_resize(screen, columns, rows, memory);
}

void framebuffer_move(struct framebuffer *screen, void *pixels)
{
    screen->paint.pixels = pixels;
}
