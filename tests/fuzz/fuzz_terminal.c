/* SPDX-License-Identifier: MIT */
/*
 * The terminal. The first bytes choose the screen, the rest is written to it.
 * Whatever that is, what the display got piece by piece must be what it gets
 * when all is drawn anew, and must not depend on how the bytes were cut into
 * writes; and the history can be looked at and left.
 */
#include <string.h>

#include "lib/bits.h"
#include "lib/terminal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/glass.h"

static struct terminal terminal;
static struct glass seen;

static void start(struct fuzz_input *input)
{
    uint32_t columns = fuzz_between(input, 2, 40);
    uint32_t rows = fuzz_between(input, 1, 10);
    uint32_t history = fuzz_between(input, 0, 20);

    glass_start(&terminal, columns, rows, rows + history, fuzz_byte(input) % 2 != 0);
}

static void write_all(struct fuzz_input input, size_t piece)
{
    while (input.size > 0) {
        size_t length = MIN(input.size, piece);

        terminal_write(&terminal, (const char *)input.data, length);
        input.data += length;
        input.size -= length;
        ASSERT_CMP(terminal.cursor.row, <, terminal.page.rows);
        ASSERT_CMP(terminal.cursor.column, <, terminal.page.columns);
    }
}

static bool is_as_seen(void)
{
    size_t count = (size_t)terminal.page.rows * terminal.page.columns;

    return memcmp(glass.cells, seen.cells, count * sizeof(glass.cells[0])) == 0 &&
           glass.cursor == seen.cursor && glass.has_cursor == seen.has_cursor;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    size_t piece = fuzz_between(&input, 1, 64);
    struct fuzz_input screen = input;

    start(&input);
    write_all(input, piece);
    seen = glass;
    terminal_scroll_view(&terminal, 0);
    ASSERT(is_as_seen());
    terminal_scroll_view(&terminal, 7);
    terminal_scroll_view(&terminal, 100);
    terminal_end_view(&terminal);
    ASSERT(is_as_seen());

    start(&screen);
    write_all(input, 1);
    ASSERT(is_as_seen());
    return 0;
}
