/* SPDX-License-Identifier: MIT */
/* The terminal: text, control codes, wrap, history, one rule a test. */
#include "lib/terminal.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/glass.h"

#define NORMAL 0x07 /* light grey on black */

static struct terminal terminal;

/* A small screen: 10 columns, 4 rows, and as many lines of history. */
static void start(void)
{
    glass_start(&terminal, 10, 4, 8, false);
}

static void write(const char *text)
{
    terminal_write(&terminal, text, strlen(text));
}

static void check_rows(const char *row0, const char *row1, const char *row2, const char *row3)
{
    CHECK_STR_EQ(glass_row(0), row0);
    CHECK_STR_EQ(glass_row(1), row1);
    CHECK_STR_EQ(glass_row(2), row2);
    CHECK_STR_EQ(glass_row(3), row3);
}

KTEST(terminal, starts_blank_with_the_cursor_in_the_corner)
{
    start();
    for (uint32_t row = 0; row < 4; row++) {
        for (uint32_t column = 0; column < 10; column++) {
            CHECK_EQ(glass_at(row, column).glyph, ' ');
            CHECK_EQ(glass_at(row, column).attribute, NORMAL);
        }
    }
    CHECK_EQ(glass_cursor(), 0u);
    CHECK(glass.has_cursor);
}

KTEST(terminal, text_and_line_feeds_land_where_they_should)
{
    start();
    write("one\ntwo\r\n\nx");
    check_rows("one", "two", "", "x");
    CHECK_EQ(glass_cursor(), 3001u);
}

KTEST(terminal, utf8_shows_as_characters_and_malformed_bytes_as_substitutes)
{
    start();
    write("\xc3\xa4\xe2\x94\x80|\n\x80|\xe2\x94|\xff");
    check_rows("\xc3\xa4\xe2\x94\x80|", "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd", "", "");
}

KTEST(terminal, character_may_come_in_two_writes)
{
    start();
    write("\xe2\x94");
    CHECK_STR_EQ(glass_row(0), "");
    write("\x80x");
    CHECK_STR_EQ(glass_row(0), "\xe2\x94\x80x");
}

KTEST(terminal, escape_cuts_a_character_short_and_still_counts)
{
    start();
    write("\xe2\x94\x1b[31mx");
    CHECK_STR_EQ(glass_row(0), "\xef\xbf\xbdx");
    CHECK_EQ(glass_at(0, 1).attribute, TERMINAL_RED);
}

KTEST(terminal, wrap_waits_for_the_next_character)
{
    start();
    write("0123456789");
    CHECK_EQ(glass_cursor(), 9u);
    write("\n");
    check_rows("0123456789", "", "", "");
    CHECK_EQ(glass_cursor(), 1000u);
    write("0123456789ab");
    check_rows("0123456789", "0123456789", "ab", "");
}

KTEST(terminal, due_wrap_is_off_once_the_cursor_has_moved)
{
    static const char *const moves[] = {"\r",       "\b",     "\x1b[C", "\x1b[A",
                                        "\x1b[10G", "\x1b[K", "\x1b[X", "\x1b[1;10H"};

    for (size_t i = 0; i < ARRAY_SIZE(moves); i++) {
        start();
        write("0123456789");
        write(moves[i]);
        write("x");
        CHECK_STR_EQ(glass_row(1), "");
    }
}

KTEST(terminal, due_wrap_stays_when_only_colours_change)
{
    start();
    write("0123456789\x1b[31mx");
    check_rows("0123456789", "x", "", "");
    start();
    write("0123456789\x1b"
          "7\x1b[H\x1b"
          "8y");
    check_rows("0123456789", "y", "", "");
    start();
    write("0123456789\ty");
    check_rows("0123456789", "y", "", "");
}

KTEST(terminal, backspace_moves_and_erases_nothing)
{
    start();
    write("abc\b\bX\b\b\b\b");
    check_rows("aXc", "", "", "");
    CHECK_EQ(glass_cursor(), 0u);
}

KTEST(terminal, tab_goes_to_the_next_stop_and_not_beyond_the_last_column)
{
    for (uint32_t from = 0; from < 20; from++) {
        glass_start(&terminal, 20, 2, 2, false);
        for (uint32_t i = 0; i < from; i++) {
            write("x");
        }
        write("\t");
        CHECK_EQ(glass_cursor(), MIN((from / 8 + 1) * 8, 19u));
    }
    start();
    write("abcdefghi\r\tX");
    CHECK_STR_EQ(glass_row(0), "abcdefghX");
}

KTEST(terminal, other_control_codes_show_nothing)
{
    static const char codes[] = "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x14\x18\x1a\x1c\x1f\x7f";

    start();
    write("a");
    write(codes);
    terminal_write(&terminal, "\0", 1);
    write("\xc2\x80\xc2\x9f"); /* C1 */
    write("b\v\f.");
    check_rows("ab", "", ".", "");
}

KTEST(terminal, wide_characters_take_two_cells_and_marks_none)
{
    start();
    write("\xe4\xb8\xad|e\xcc\x81|");
    CHECK_EQ(glass_at(0, 0).glyph, 0x4e2d);
    CHECK_EQ(glass_at(0, 1).glyph, ' ');
    CHECK_EQ(glass_at(0, 2).glyph, '|');
    CHECK_EQ(glass_at(0, 3).glyph, 'e');
    CHECK_EQ(glass_at(0, 4).glyph, '|');
    write("\r012345678\xe4\xb8\xad|"); /* one column is left: it does not fit */
    CHECK_STR_EQ(glass_row(0), "012345678");
    CHECK_EQ(glass_at(1, 0).glyph, 0x4e2d);
    CHECK_EQ(glass_at(1, 2).glyph, '|');
    write("\r01234567\xe4\xb8\xad|"); /* two are, so the wrap is due */
    CHECK_EQ(glass_at(1, 8).glyph, 0x4e2d);
    CHECK_EQ(glass_at(2, 0).glyph, '|');
}

KTEST(terminal, scroll_moves_rows_up_and_blanks_the_last_in_the_colours_in_use)
{
    start();
    write("a\nb\nc\nd\x1b[44m\n");
    check_rows("b", "c", "d", "");
    CHECK_EQ(glass_at(3, 0).attribute, terminal_attribute(TERMINAL_LIGHT_GREY, TERMINAL_BLUE));
    CHECK_EQ(glass_at(2, 1).attribute, NORMAL);
}

KTEST(terminal, history_is_kept_shown_and_left_again)
{
    start();
    write("a\nb\nc\nd\ne\nf");
    terminal_scroll_view(&terminal, 1);
    check_rows("b", "c", "d", "e");
    CHECK(!glass.has_cursor);
    terminal_scroll_view(&terminal, 100);
    check_rows("a", "b", "c", "d");
    terminal_scroll_view(&terminal, -1);
    check_rows("b", "c", "d", "e");
    terminal_end_view(&terminal);
    check_rows("c", "d", "e", "f");
    CHECK(glass.has_cursor);
    terminal_scroll_view(&terminal, -5);
    check_rows("c", "d", "e", "f");
    terminal_scroll_view(&terminal, INT32_MAX);
    check_rows("a", "b", "c", "d");
    terminal_scroll_view(&terminal, INT32_MIN);
    check_rows("c", "d", "e", "f");
}

KTEST(terminal, history_forgets_the_oldest_when_full)
{
    start();
    write("a\nb\nc\nd\ne\nf\ng\nh\ni\nj");
    terminal_scroll_view(&terminal, 4);
    check_rows("c", "d", "e", "f");
    terminal_scroll_view(&terminal, 1);
    check_rows("c", "d", "e", "f");
}

KTEST(terminal, picture_stays_while_text_goes_on_below)
{
    start();
    write("a\nb\nc\nd\ne");
    terminal_scroll_view(&terminal, 1);
    write("\nf\ng");
    check_rows("a", "b", "c", "d");
    write("\nh\ni\nj"); /* what is looked at is lost line by line */
    check_rows("c", "d", "e", "f");
    terminal_end_view(&terminal);
    check_rows("g", "h", "i", "j");
}

KTEST(terminal, rows_seen_from_history_follow_what_is_written)
{
    start();
    write("a\nb\nc\nd\ne\x1b[H");
    terminal_scroll_view(&terminal, 1);
    CHECK(glass.has_cursor);
    CHECK_EQ(glass_cursor(), 1000u);
    write("X");
    check_rows("a", "X", "c", "d");
    CHECK_EQ(glass_cursor(), 1001u);
}

KTEST(terminal, no_history_is_fine)
{
    glass_start(&terminal, 10, 2, 2, false);
    write("a\nb\nc");
    terminal_scroll_view(&terminal, 1);
    CHECK_STR_EQ(glass_row(0), "b");
    CHECK_STR_EQ(glass_row(1), "c");
}

KTEST(terminal, smallest_screen_works)
{
    glass_start(&terminal, 2, 1, 1, true);
    write("abc\xe4\xb8\xad");
    CHECK_STR_EQ(glass_row(0), "?");
    write("\n\x1b[5;5Hx\x1bM");
    CHECK_STR_EQ(glass_row(0), "");
}

KTEST(terminal, only_what_changed_is_put)
{
    uint64_t before;

    glass_start(&terminal, 80, 25, 25, true);
    before = glass.cells_put;
    CHECK_EQ(before, 2000u);
    write("\r\x1b[31m");
    CHECK_EQ(glass.cells_put, before);
    write("x");
    CHECK_EQ(glass.cells_put, before + 4);
    write("\x1b[2;1Hyyyyy");
    CHECK_EQ(glass.cells_put, before + 12);
    write("\x1b[25;1H\n\n\n"); /* three scrolls, told once */
    CHECK_EQ(glass.cells_put, before + 2012);
}

KTEST(terminal, glyphs_of_a_display_with_few_have_no_high_halves)
{
    glass_start(&terminal, 10, 2, 4, true);
    write("\xc3\xa4\xe2\x94\x80");
    CHECK_STR_EQ(glass_row(0), "\xc3\xa4?");
}

/* What was there with high bits goes whole, whatever comes in its place. */
KTEST(terminal, ascii_and_blanks_replace_glyphs_of_many_bits)
{
    static const char *const over[] = {"\rabcdefghij", "\r\x1b[K", "\x1b[H\n\n\n\n"};
    static const char *const then[] = {"abcdefghij", "", ""};

    for (size_t i = 0; i < ARRAY_SIZE(over); i++) {
        glass_start(&terminal, 10, 4, 4, false);
        for (int k = 0; k < 10; k++) {
            write("\xe2\x94\x80");
        }
        write(over[i]);
        CHECK_STR_EQ(glass_row(i < 2 ? 0 : 3), then[i]);
    }
}

KTEST(terminal, recover_makes_the_next_text_seen)
{
    static const char *const traps[] = {"\x1b",  "\x1b[",    "\x1b[1;2",  "\x1b]0;title", "\x1bP",
                                        "\x1b(", "\xe2\x94", "\x1b[?25l", "\x1b[30;40m"};

    for (size_t i = 0; i < ARRAY_SIZE(traps); i++) {
        start();
        write("a\nb\nc\nd\ne\x1b[H");
        terminal_scroll_view(&terminal, 1);
        write(traps[i]);
        terminal_recover(&terminal);
        write("seen");
        CHECK_STR_EQ(glass_row(0), "seen");
        CHECK_EQ(glass_at(0, 0).attribute, NORMAL);
        CHECK(glass.has_cursor);
    }
}

KTEST(terminal, chosen_colours_are_what_reset_returns_to)
{
    start();
    terminal_set_colors(&terminal, TERMINAL_YELLOW, TERMINAL_BLUE);
    write("a\x1b[31;42;1mb\x1b[0mc\x1b[31;42m\x1b[39;49md\x1b[K");
    CHECK_EQ(glass_at(0, 0).attribute, 0x1e);
    CHECK_EQ(glass_at(0, 1).attribute, 0x2c);
    CHECK_EQ(glass_at(0, 2).attribute, 0x1e);
    CHECK_EQ(glass_at(0, 3).attribute, 0x1e);
    CHECK_EQ(glass_at(0, 4).attribute, 0x1e);
}

KTEST(terminal, a_larger_display_shows_what_had_left_the_smaller)
{
    start();
    write("1\n2\n3\n4\n5\xe2\x94\x80\n6"); /* a glyph of many bits */
    check_rows("3", "4", "5\xe2\x94\x80", "6");
    glass_change(&terminal, 12, 8, 12);
    check_rows("1", "2", "3", "4");
    CHECK_STR_EQ(glass_row(4), "5\xe2\x94\x80");
    CHECK_STR_EQ(glass_row(5), "6");
    CHECK_STR_EQ(glass_row(6), "");
    CHECK_EQ(glass_cursor(), 5001u);
    write("7\n8");
    CHECK_STR_EQ(glass_row(5), "67");
    CHECK_STR_EQ(glass_row(6), "8");
}

KTEST(terminal, a_smaller_display_shows_the_newest)
{
    start();
    write("1\n2\n3\n4\n5\n6789");
    glass_change(&terminal, 3, 2, 4);
    CHECK_STR_EQ(glass_row(0), "5");
    CHECK_STR_EQ(glass_row(1), "678");
    CHECK_EQ(glass_cursor(), 1002u);
    write("\na");
    CHECK_STR_EQ(glass_row(0), "678");
    CHECK_STR_EQ(glass_row(1), "a");
}

KTEST(terminal, a_full_row_goes_on_where_there_is_room_again)
{
    start();
    write("0123456789");
    glass_change(&terminal, 12, 4, 8);
    CHECK_EQ(glass_cursor(), 10u);
    write("abc");
    check_rows("0123456789ab", "c", "", "");
}
