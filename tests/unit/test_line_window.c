/* SPDX-License-Identifier: MIT */
/* Lines longer than the row: the window on them, its marks, and the whole line at the end. */
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/line_desk.h"

#define HOME "\x1b[H"
#define END  "\x1b[F"
#define LEFT "\x1b[D"

/* Behind the prompt there are 27 columns, as the last of 30 stays free. */
static const char long_line[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

KTEST(line_window, line_that_fits_is_shown_whole)
{
    desk_start(DESK_COLUMNS);
    desk_type("0123456789abcdefghijklmnopq");
    CHECK_STR_EQ(desk_row(), "> 0123456789abcdefghijklmnopq");
    CHECK_EQ(desk_column(), 29u);
    desk_type(LEFT);
    CHECK_STR_EQ(desk_row(), "> 0123456789abcdefghijklmnopq");
    CHECK_EQ(desk_column(), 28u);
}

KTEST(line_window, window_follows_the_cursor_and_says_where_the_line_goes_on)
{
    desk_start(DESK_COLUMNS);
    desk_type("0123456789abcdefghijklmnopqr");
    CHECK_STR_EQ(desk_row(), "> <ghijklmnopqr");
    CHECK_EQ(desk_column(), 15u);
    desk_type("\b"); /* it fits again */
    CHECK_STR_EQ(desk_row(), "> 0123456789abcdefghijklmnopq");
    desk_type("rs" HOME);
    CHECK_STR_EQ(desk_row(), "> 0123456789abcdefghijklmnop>");
    CHECK_EQ(desk_column(), 2u);
    desk_type(END LEFT LEFT);
    CHECK_STR_EQ(desk_row(), "> <hijklmnopqrs");
    CHECK_EQ(desk_column(), 13u);
}

KTEST(line_window, middle_of_a_line_has_both_marks)
{
    desk_start(DESK_COLUMNS);
    desk_type(long_line);
    for (int i = 0; i < 26; i++) {
        desk_type(LEFT);
    }
    CHECK_EQ(desk_row()[2], '<');
    CHECK_EQ(desk_row()[28], '>');
    CHECK_GT(desk_column(), 2u);
    CHECK_LT(desk_column(), 28u);
    CHECK_EQ(desk_row()[desk_column()], 'A');
}

KTEST(line_window, nothing_reaches_the_last_column)
{
    desk_start(DESK_COLUMNS);
    desk_type(long_line);
    desk_type(HOME);
    CHECK_EQ(glass_at(0, 29).glyph, ' ');
    CHECK_EQ(glass_cursor(), 2u);
}

KTEST(line_window, completed_line_is_there_as_a_whole)
{
    desk_start(DESK_COLUMNS);
    desk_type(long_line);
    desk_type(HOME "\n");
    CHECK_STR_EQ(glass_row(0), "> 0123456789abcdefghijklmnopqr");
    CHECK_STR_EQ(glass_row(1), "stuvwxyzABCDEFGHIJKLMNOPQRSTUV");
    CHECK_STR_EQ(glass_row(2), "WXYZ");
    CHECK_EQ(glass_cursor(), 3002u);
}

KTEST(line_window, wide_characters_are_never_shown_in_half)
{
    desk_start(DESK_COLUMNS);
    for (int i = 0; i < 20; i++) {
        desk_type("\xe4\xb8\xad");
    }
    for (int i = 0; i < 20; i++) {
        desk_type(LEFT);
        for (uint32_t column = 3; column < 29; column++) {
            if (glass_at(0, column).glyph == 0x4e2d) {
                CHECK_EQ(glass_at(0, column + 1).glyph, ' ');
            }
        }
        CHECK_EQ(glass_at(0, 29).glyph, ' ');
    }
    CHECK_EQ(desk_row()[2], (char)0xe4);
}

KTEST(line_window, other_line_from_the_history_has_its_own_window)
{
    desk_start(DESK_COLUMNS);
    desk_type(long_line);
    desk_type("\nshort\n\x1b[A\x1b[A");
    CHECK_EQ(desk_row()[2], '<');
    desk_type("\x1b[B");
    CHECK_STR_EQ(desk_row(), "> short");
    CHECK_EQ(desk_column(), 7u);
}
