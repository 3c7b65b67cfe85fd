/* SPDX-License-Identifier: MIT */
/* The text screen in RAM: its rules, one by one. */
#include "drivers/vga_screen.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define NORMAL 0x07 /* light grey on black */

static struct vga_screen the_screen;
static struct vga_screen *const screen = &the_screen;

static void write(const char *text)
{
    vga_screen_write(screen, text, strlen(text));
}

/* A row's characters without their colours, terminated. */
static const char *row_text(size_t row)
{
    static char text[VGA_COLUMNS + 1];

    for (size_t column = 0; column < VGA_COLUMNS; column++) {
        text[column] = (char)vga_screen_cell(screen, row, column);
    }
    return text;
}

/* How a row reads that holds `text` and blanks. */
static const char *padded(const char *text)
{
    static char row[VGA_COLUMNS + 1];

    memset(row, ' ', VGA_COLUMNS);
    memcpy(row, text, strlen(text));
    return row;
}

static size_t cursor_at(size_t row, size_t column)
{
    return row * VGA_COLUMNS + column;
}

KTEST(vga_screen, init_blanks_the_screen_when_it_held_anything)
{
    memset(screen, 0xa5, sizeof(*screen));
    vga_screen_init(screen);
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        CHECK_EQ(vga_screen_cell(screen, cell / VGA_COLUMNS, cell % VGA_COLUMNS), 0x0720);
    }
    CHECK_EQ(vga_screen_cursor(screen), 0);
}

KTEST(vga_screen, text_lands_at_the_cursor_in_the_colours_chosen)
{
    vga_screen_init(screen);
    write("ab");
    vga_screen_set_color(screen, VGA_YELLOW, VGA_LIGHT_BLUE);
    write("c");
    CHECK_EQ(vga_screen_cell(screen, 0, 0), vga_cell('a', NORMAL));
    CHECK_EQ(vga_screen_cell(screen, 0, 1), vga_cell('b', NORMAL));
    CHECK_EQ(vga_screen_cell(screen, 0, 2), 0x9e63);
    CHECK_EQ(vga_screen_cell(screen, 0, 3), 0x0720);
    CHECK_EQ(vga_screen_cursor(screen), 3);
}

KTEST(vga_screen, newline_goes_to_the_start_of_the_next_row)
{
    vga_screen_init(screen);
    write("one\ntwo");
    CHECK_STR_EQ(row_text(0), padded("one"));
    CHECK_STR_EQ(row_text(1), padded("two"));
    CHECK_EQ(vga_screen_cursor(screen), cursor_at(1, 3));
}

KTEST(vga_screen, carriage_return_goes_back_and_erases_nothing)
{
    vga_screen_init(screen);
    write("abcd\rX");
    CHECK_STR_EQ(row_text(0), padded("Xbcd"));
    CHECK_EQ(vga_screen_cursor(screen), 1);
}

KTEST(vga_screen, tab_goes_to_the_next_multiple_of_eight)
{
    for (size_t from = 0; from < VGA_COLUMNS; from++) {
        vga_screen_init(screen);
        for (size_t i = 0; i < from; i++) {
            write("x");
        }
        write("\ty");

        size_t stop = (from / 8 + 1) * 8;

        CHECK_EQ(vga_screen_cell(screen, stop / VGA_COLUMNS, stop % VGA_COLUMNS),
                 vga_cell('y', NORMAL));
        CHECK_EQ(vga_screen_cursor(screen), stop + 1);
    }
}

KTEST(vga_screen, tab_leaves_what_it_passes)
{
    vga_screen_init(screen);
    write("abcdefghij\r\tX");
    CHECK_STR_EQ(row_text(0), padded("abcdefghXj"));
}

KTEST(vga_screen, tab_takes_the_next_row_when_a_wrap_is_due)
{
    vga_screen_init(screen);
    for (size_t i = 0; i < VGA_COLUMNS; i++) {
        write("x");
    }
    write("\ty");
    CHECK_STR_EQ(row_text(1), padded("        y"));
}

KTEST(vga_screen, backspace_blanks_the_cell_to_the_left)
{
    vga_screen_init(screen);
    write("abc\b");
    CHECK_STR_EQ(row_text(0), padded("ab"));
    CHECK_EQ(vga_screen_cursor(screen), 2);
    vga_screen_set_color(screen, VGA_WHITE, VGA_RED);
    write("\b");
    CHECK_EQ(vga_screen_cell(screen, 0, 1), vga_cell(' ', 0x4f));
}

KTEST(vga_screen, backspace_stays_when_in_the_first_column)
{
    vga_screen_init(screen);
    write("up\n\b\bX");
    CHECK_STR_EQ(row_text(0), padded("up"));
    CHECK_STR_EQ(row_text(1), padded("X"));
}

KTEST(vga_screen, backspace_blanks_the_last_cell_when_a_wrap_is_due)
{
    vga_screen_init(screen);
    for (size_t i = 0; i < VGA_COLUMNS; i++) {
        write("x");
    }
    CHECK_EQ(vga_screen_cursor(screen), cursor_at(0, VGA_COLUMNS - 1));
    write("\b");
    CHECK_EQ(vga_screen_cell(screen, 0, VGA_COLUMNS - 2), vga_cell('x', NORMAL));
    CHECK_EQ(vga_screen_cell(screen, 0, VGA_COLUMNS - 1), vga_cell(' ', NORMAL));
    CHECK_EQ(vga_screen_cursor(screen), cursor_at(0, VGA_COLUMNS - 1));
}

KTEST(vga_screen, full_line_and_its_newline_take_one_row)
{
    vga_screen_init(screen);
    for (size_t i = 0; i < VGA_COLUMNS; i++) {
        write("x");
    }
    write("\nnext");
    CHECK_STR_EQ(row_text(1), padded("next"));
}

KTEST(vga_screen, long_line_wraps_in_one_write_and_in_many)
{
    static char text[3 * VGA_COLUMNS + 1];

    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        text[i] = (char)('!' + i % 90);
    }
    for (size_t piece = 1; piece < sizeof(text); piece++) {
        vga_screen_init(screen);
        for (size_t i = 0; i < sizeof(text) - 1; i += piece) {
            vga_screen_write(screen, text + i, MIN(piece, sizeof(text) - 1 - i));
        }
        for (size_t row = 0; row < 3; row++) {
            CHECK_MEM_EQ(row_text(row), text + row * VGA_COLUMNS, VGA_COLUMNS);
        }
        CHECK_EQ(vga_screen_cursor(screen), 3 * VGA_COLUMNS - 1);
    }
}

KTEST(vga_screen, every_byte_is_itself_a_block_or_a_control)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        const char text = (char)byte;

        vga_screen_init(screen);
        vga_screen_write(screen, &text, 1);

        uint16_t cell = vga_screen_cell(screen, 0, 0);

        if (byte == '\n' || byte == '\r' || byte == '\t' || byte == '\b') {
            CHECK_EQ(cell, vga_cell(' ', NORMAL));
        } else if (byte < 0x20 || byte > 0x7e) {
            CHECK_EQ(cell, vga_cell(0xfe, NORMAL));
        } else {
            CHECK_EQ(cell, vga_cell((uint8_t)byte, NORMAL));
        }
    }
}

KTEST(vga_screen, every_byte_is_the_same_wherever_it_stands)
{
    char text[3 * VGA_CELL_GROUP];
    uint16_t alone[ARRAY_SIZE(text)];

    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < ARRAY_SIZE(text); place++) {
            memset(text, ' ', sizeof(text));
            text[place] = (char)byte;
            vga_screen_init(screen);
            for (size_t i = 0; i < sizeof(text); i++) {
                vga_screen_write(screen, &text[i], 1);
            }
            memcpy(alone, screen->ring[0], sizeof(alone));
            vga_screen_init(screen);
            vga_screen_write(screen, text, sizeof(text));
            CHECK_MEM_EQ(screen->ring[0], alone, sizeof(alone));
        }
    }
}

KTEST(vga_screen, scroll_moves_each_row_up_by_one_and_blanks_the_last)
{
    vga_screen_init(screen);
    for (int row = 0; row < VGA_ROWS; row++) {
        const char line[] = {'\n', (char)('A' + row)};

        vga_screen_write(screen, line + (row == 0), 2 - (row == 0));
    }
    CHECK_STR_EQ(row_text(0), padded("A"));
    CHECK_STR_EQ(row_text(VGA_ROWS - 1), padded("Y"));
    vga_screen_set_color(screen, VGA_GREEN, VGA_BLUE);
    write("\n");
    for (size_t row = 0; row < VGA_ROWS - 1; row++) {
        CHECK_EQ(vga_screen_cell(screen, row, 0), vga_cell((uint8_t)('B' + row), NORMAL));
        CHECK_EQ(vga_screen_cell(screen, row, 1), vga_cell(' ', NORMAL));
    }
    for (size_t column = 0; column < VGA_COLUMNS; column++) {
        CHECK_EQ(vga_screen_cell(screen, VGA_ROWS - 1, column), vga_cell(' ', 0x12));
    }
    CHECK_EQ(vga_screen_cursor(screen), cursor_at(VGA_ROWS - 1, 0));
}

KTEST(vga_screen, clear_blanks_in_the_current_colours)
{
    vga_screen_init(screen);
    for (size_t i = 0; i < 2 * VGA_ROWS; i++) {
        write("some text\n");
    }
    vga_screen_set_color(screen, VGA_BLACK, VGA_CYAN);
    vga_screen_clear(screen);
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        CHECK_EQ(vga_screen_cell(screen, cell / VGA_COLUMNS, cell % VGA_COLUMNS), 0x3020);
    }
    CHECK_EQ(vga_screen_cursor(screen), 0);
}
