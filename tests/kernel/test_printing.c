/* SPDX-License-Identifier: MIT */
/*
 * Text printed on the screen really is in the card's memory, where it belongs.
 * What text does in all its cases is tested on the terminal.
 */
#include "drivers/vga_text.h"
#include "lib/format.h"
#include "lib/string.h"
#include "tests/kernel/screen_loan.h"
#include "tests/ktest.h"

#define MANY_LINES 200

KTEST(printing, text_is_in_the_screen_buffer)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_type("Some test string that fits on a single line");
    CHECK(screen_row_is(0, "Some test string that fits on a single line", SCREEN_NORMAL));
    CHECK(screen_row_is(1, "", SCREEN_NORMAL));
    screen_give_back();
}

KTEST(printing, many_lines_leave_the_last_ones)
{
    char line[32];

    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    for (int number = 0; number < MANY_LINES; number++) {
        ksnprintf(line, sizeof(line), "line %d of many\n", number);
        screen_type(line);
    }
    for (int row = 0; row < VGA_ROWS - 1; row++) {
        ksnprintf(line, sizeof(line), "line %d of many", MANY_LINES - (VGA_ROWS - 1) + row);
        CHECK(screen_row_is((size_t)row, line, SCREEN_NORMAL));
    }
    CHECK(screen_row_is(VGA_ROWS - 1, "", SCREEN_NORMAL));
    CHECK_EQ(screen_cursor(), (VGA_ROWS - 1) * VGA_COLUMNS);
    screen_give_back();
}

KTEST(printing, scrolling_moves_rows_by_exactly_one)
{
    static uint16_t rows[VGA_ROWS][VGA_COLUMNS];

    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        const char code = (char)('!' + (cell * 7 + cell / VGA_COLUMNS) % 90);

        screen_set_attribute((uint8_t)(cell % 251));
        terminal_write(screen_terminal(), &code, 1);
    }
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        rows[cell / VGA_COLUMNS][cell % VGA_COLUMNS] = screen_card()[cell];
    }
    screen_set_attribute(SCREEN_NORMAL);
    screen_type("\n");
    for (size_t row = 0; row < VGA_ROWS - 1; row++) {
        for (size_t column = 0; column < VGA_COLUMNS; column++) {
            CHECK_EQ(screen_card()[row * VGA_COLUMNS + column], rows[row + 1][column]);
        }
    }
    CHECK(screen_row_is(VGA_ROWS - 1, "", SCREEN_NORMAL));
    screen_give_back();
}

KTEST(printing, full_row_and_newline_leave_no_empty_row)
{
    char text[VGA_COLUMNS + 1];

    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    memset(text, '=', VGA_COLUMNS);
    text[VGA_COLUMNS] = '\0';
    screen_type(text);
    screen_type("\nnext\n");
    CHECK(screen_row_is(0, text, SCREEN_NORMAL));
    CHECK(screen_row_is(1, "next", SCREEN_NORMAL));
    screen_give_back();
}

KTEST(printing, controls_and_blocks_show_as_they_should)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_type("a\tb\nxyz\rX\nabc\b\bB\n\x01\x7f\x80\xff\u00e4\u2500");
    CHECK(screen_row_is(0, "a       b", SCREEN_NORMAL));
    CHECK(screen_row_is(1, "Xyz", SCREEN_NORMAL));
    CHECK(screen_row_is(2, "aBc", SCREEN_NORMAL));
    CHECK(screen_row_is(3, "\xfe\xfe\x84\xc4", SCREEN_NORMAL));
    screen_give_back();
}
