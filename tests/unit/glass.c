/* SPDX-License-Identifier: MIT */
/* The display in memory. */
#include "tests/unit/glass.h"

#include "lib/assert.h"
#include "lib/compiler.h"
#include "lib/string.h"
#include "lib/utf8.h"

#define RUBBISH 0x5a

struct glass glass;

static uint8_t memory[TERMINAL_PAGE_SIZE(GLASS_LINES_MAX, GLASS_COLUMNS_MAX, true)] ALIGNED(
    sizeof(uint64_t));

static uint16_t all_glyphs(uint32_t code_point)
{
    return code_point <= UINT16_MAX ? (uint16_t)code_point : UTF8_REPLACEMENT;
}

static uint16_t few_glyphs(uint32_t code_point)
{
    return code_point <= UINT8_MAX ? (uint16_t)code_point : '?';
}

static void put(void *device, uint32_t first, const terminal_cell *cells, const uint8_t *high,
                uint32_t count)
{
    uint32_t total = glass.display.rows * glass.display.columns;

    ASSERT_CMP(device, ==, &glass);
    ASSERT_CMP(first, <=, total);
    ASSERT_CMP(count, <=, total - first);
    ASSERT_CMP(high != NULL, ==, glass.display.has_many_glyphs);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t high_bits = high != NULL ? high[i] : 0;

        glass.cells[first + i] = (struct glass_cell){
            .glyph = (uint16_t)(high_bits << 8 | (cells[i] & 0xff)), .attribute = cells[i] >> 8};
    }
    glass.cells_put += count;
}

static void show(void *device, uint32_t cursor, bool has_cursor)
{
    ASSERT_CMP(device, ==, &glass);
    ASSERT_CMP(cursor, <, glass.display.rows * glass.display.columns);
    glass.cursor = cursor;
    glass.has_cursor = has_cursor;
}

void glass_start(struct terminal *terminal, uint32_t columns, uint32_t rows, uint32_t lines,
                 bool has_few_glyphs)
{
    ASSERT_CMP(columns, <=, GLASS_COLUMNS_MAX);
    ASSERT_CMP(rows, <=, GLASS_ROWS_MAX);
    ASSERT_CMP(lines, <=, GLASS_LINES_MAX);
    memset(glass.cells, RUBBISH, (size_t)rows * columns * sizeof(glass.cells[0]));
    memset(memory, RUBBISH, TERMINAL_PAGE_SIZE(lines, columns, true));
    glass.cells_put = 0;
    glass.display = (struct terminal_display){.columns = columns,
                                              .rows = rows,
                                              .has_many_glyphs = !has_few_glyphs,
                                              .device = &glass,
                                              .glyph = has_few_glyphs ? few_glyphs : all_glyphs,
                                              .put = put,
                                              .show = show};
    terminal_init(terminal, &glass.display, memory, lines);
}

void glass_change(struct terminal *terminal, uint32_t columns, uint32_t rows, uint32_t lines)
{
    static uint64_t other_memory[512];

    ASSERT_CMP(TERMINAL_PAGE_SIZE(lines, columns, true), <=, sizeof(other_memory));
    memset(glass.cells, RUBBISH, sizeof(glass.cells));
    memset(other_memory, RUBBISH, sizeof(other_memory));
    glass.display.columns = columns;
    glass.display.rows = rows;
    terminal_change_display(terminal, &glass.display, other_memory, lines);
}

struct glass_cell glass_at(uint32_t row, uint32_t column)
{
    return glass.cells[row * glass.display.columns + column];
}

const char *glass_row(uint32_t row)
{
    static char text[UTF8_BYTES_MAX * GLASS_COLUMNS_MAX + 1];
    size_t length = 0;
    size_t end = 0;

    for (uint32_t column = 0; column < glass.display.columns; column++) {
        uint16_t glyph = glass_at(row, column).glyph;

        length += utf8_encode(glyph, text + length);
        if (glyph != ' ') {
            end = length;
        }
    }
    text[end] = '\0';
    return text;
}

uint32_t glass_cursor(void)
{
    return glass.cursor / glass.display.columns * 1000 + glass.cursor % glass.display.columns;
}
