/* SPDX-License-Identifier: MIT */
/*
 * The text screen in RAM. Text is taken in runs, the longest stretches that
 * stay in a row and have no control character, and those in groups of four.
 */
#include "drivers/vga_screen.h"

#include <stdbool.h>

#include "lib/assert.h"
#include "lib/bits.h"

#define TAB_WIDTH 8

/* Times a value: the value in each byte of four, in each cell of a group. */
#define EACH_BYTE 0x01010101U
#define EACH_CELL 0x0001000100010001UL

_Static_assert(VGA_COLUMNS % VGA_CELL_GROUP == 0, "a row must be whole groups");
_Static_assert(VGA_COLUMNS % TAB_WIDTH == 0, "a tab must not jump over the edge");

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

static bool is_control(uint8_t byte)
{
    return byte == '\n' || byte == '\r' || byte == '\t' || byte == '\b';
}

static uint32_t ring_row(const struct vga_screen *screen, uint32_t row)
{
    uint32_t index = screen->top + row;

    return index < VGA_ROWS ? index : index - VGA_ROWS;
}

/* Note that cells of the cursor's row differ from the card's. */
static void mark_changed(struct vga_screen *screen, uint32_t column, uint32_t count)
{
    uint32_t first = screen->row * VGA_COLUMNS + column;

    screen->changed_first = MIN(screen->changed_first, first);
    screen->changed_end = MAX(screen->changed_end, first + count);
}

static void mark_all_changed(struct vga_screen *screen)
{
    screen->changed_first = 0;
    screen->changed_end = VGA_CELLS;
}

/* A scroll blanks a row: by groups and inline, or it would be most of the cost. */
static void blank_row(struct vga_screen *screen, uint32_t row)
{
    uint64_t group = vga_cell(' ', screen->attribute) * EACH_CELL;

    for (size_t column = 0; column < VGA_COLUMNS; column += VGA_CELL_GROUP) {
        __builtin_memcpy(&screen->ring[row][column], &group, sizeof(group));
    }
}

static void scroll(struct vga_screen *screen)
{
    uint32_t new_top = ring_row(screen, 1);

    blank_row(screen, screen->top);
    screen->top = new_top;
    mark_all_changed(screen);
}

static void new_line(struct vga_screen *screen)
{
    screen->column = 0;
    if (screen->row < VGA_ROWS - 1) {
        screen->row++;
    } else {
        scroll(screen);
    }
}

static void backspace(struct vga_screen *screen)
{
    if (screen->column > 0) {
        screen->column--;
        screen->ring[ring_row(screen, screen->row)][screen->column] =
            vga_cell(' ', screen->attribute);
        mark_changed(screen, screen->column, 1);
    }
}

static void tab(struct vga_screen *screen)
{
    if (screen->column == VGA_COLUMNS) {
        new_line(screen);
    }
    screen->column = ALIGN_DOWN(screen->column + TAB_WIDTH, TAB_WIDTH);
}

static void write_control(struct vga_screen *screen, uint8_t byte)
{
    switch (byte) {
    case '\n':
        new_line(screen);
        break;
    case '\r':
        screen->column = 0;
        break;
    case '\t':
        tab(screen);
        break;
    case '\b':
        backspace(screen);
        break;
    }
}

/* Whether each of four bytes is printable. */
static bool are_printable(uint32_t bytes)
{
    /* Each high bit says no: it was set, or 0x20 less or 1 more sets it. */
    uint32_t high_bits = bytes | (bytes - 0x20 * EACH_BYTE) | (bytes + EACH_BYTE);

    return (high_bits & 0x80 * EACH_BYTE) == 0;
}

/* Four bytes as the low bytes of four cells. */
static uint64_t spread(uint32_t bytes)
{
    uint64_t pairs = (bytes | (uint64_t)bytes << 16) & 0x0000ffff0000ffff;

    return (pairs | pairs << 8) & 0x00ff00ff00ff00ff;
}

/* Write four characters at a time, as long as all are printable. Returns how many it wrote. */
static size_t write_groups(uint16_t *cells, const char *text, size_t limit, uint16_t colors)
{
    size_t count = 0;

    for (; count + VGA_CELL_GROUP <= limit; count += VGA_CELL_GROUP) {
        uint32_t bytes;

        __builtin_memcpy(&bytes, text + count, sizeof(bytes));
        if (!are_printable(bytes)) {
            break;
        }

        uint64_t group = spread(bytes) | colors * EACH_CELL;

        __builtin_memcpy(cells + count, &group, sizeof(group));
    }
    return count;
}

/* Write what fits the row, up to a control character. Returns how many bytes that was. */
static size_t write_run(struct vga_screen *screen, const char *text, size_t length)
{
    if (screen->column == VGA_COLUMNS) {
        new_line(screen);
    }

    uint32_t column = screen->column;
    uint16_t *cells = &screen->ring[ring_row(screen, screen->row)][column];
    uint16_t colors = vga_cell(0, screen->attribute);
    size_t limit = MIN(length, (size_t)(VGA_COLUMNS - column));
    size_t count = write_groups(cells, text, limit, colors);

    for (; count < limit; count++) {
        uint8_t byte = (uint8_t)text[count];

        if (is_control(byte)) {
            break;
        }
        cells[count] = colors | (is_printable(byte) ? byte : VGA_UNPRINTABLE);
    }
    mark_changed(screen, column, (uint32_t)count);
    screen->column = column + (uint32_t)count;
    return count;
}

void vga_screen_init(struct vga_screen *screen)
{
    vga_screen_set_color(screen, VGA_LIGHT_GREY, VGA_BLACK);
    vga_screen_clear(screen);
}

void vga_screen_clear(struct vga_screen *screen)
{
    screen->top = 0;
    screen->row = 0;
    screen->column = 0;
    for (uint32_t row = 0; row < VGA_ROWS; row++) {
        blank_row(screen, row);
    }
    mark_all_changed(screen);
}

void vga_screen_set_color(struct vga_screen *screen, enum vga_color foreground,
                          enum vga_color background)
{
    ASSERT_CMP((unsigned)foreground, <=, (unsigned)VGA_WHITE);
    ASSERT_CMP((unsigned)background, <=, (unsigned)VGA_WHITE);
    screen->attribute = vga_attribute(foreground, background);
}

void vga_screen_write(struct vga_screen *screen, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        if (is_control((uint8_t)*text)) {
            write_control(screen, (uint8_t)*text);
            text++;
        } else {
            text += write_run(screen, text, (size_t)(end - text));
        }
    }
}

uint16_t vga_screen_cell(const struct vga_screen *screen, size_t row, size_t column)
{
    ASSERT_CMP(row, <, (size_t)VGA_ROWS);
    ASSERT_CMP(column, <, (size_t)VGA_COLUMNS);
    return screen->ring[ring_row(screen, (uint32_t)row)][column];
}

size_t vga_screen_cursor(const struct vga_screen *screen)
{
    return screen->row * VGA_COLUMNS + MIN(screen->column, (uint32_t)VGA_COLUMNS - 1);
}

size_t vga_screen_changes(const struct vga_screen *screen, struct vga_run runs[VGA_RUNS_MAX])
{
    const uint16_t *cells = &screen->ring[0][0];
    /* The screen's cell that is the ring's first; the last row of the ring ends before it. */
    size_t seam = (size_t)(VGA_ROWS - screen->top) * VGA_COLUMNS;
    size_t first = ALIGN_DOWN(screen->changed_first, VGA_CELL_GROUP);
    size_t end = ALIGN_UP(screen->changed_end, VGA_CELL_GROUP);
    size_t count = 0;

    if (first < MIN(end, seam)) {
        runs[count++] = (struct vga_run){.cells = cells + (size_t)screen->top * VGA_COLUMNS + first,
                                         .first = first,
                                         .count = MIN(end, seam) - first};
    }
    if (MAX(first, seam) < end) {
        first = MAX(first, seam);
        runs[count++] =
            (struct vga_run){.cells = cells + (first - seam), .first = first, .count = end - first};
    }
    return count;
}

void vga_screen_set_clean(struct vga_screen *screen)
{
    screen->changed_first = VGA_CELLS;
    screen->changed_end = 0;
}
