/* SPDX-License-Identifier: MIT */
/* Escape sequences: where each leaves the cursor, what it erases, and what is read over. */
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/terminal.h"
#include "tests/ktest.h"
#include "tests/unit/glass.h"

static struct terminal terminal;

static void write(const char *text)
{
    terminal_write(&terminal, text, strlen(text));
}

/* 10 by 4, full of letters, the cursor in row 1, column 4. */
static void start(void)
{
    glass_start(&terminal, 10, 4, 8, false);
    write("abcdefghij\nklmnopqrst\nuvwxyzABCD\nEFGHIJKLMN\x1b[2;5H");
}

KTEST(terminal_sequence, cursor_goes_where_it_is_told)
{
    static const struct {
        const char *sequence;
        uint32_t row;
        uint32_t column;
    } moves[] = {
        {"\x1b[A", 0, 4},
        {"\x1b[1A", 0, 4},
        {"\x1b[0A", 0, 4},
        {"\x1b[9A", 0, 4},
        {"\x1b[B", 2, 4},
        {"\x1b[2B", 3, 4},
        {"\x1b[99B", 3, 4},
        {"\x1b[2e", 3, 4},
        {"\x1b[C", 1, 5},
        {"\x1b[3C", 1, 7},
        {"\x1b[99C", 1, 9},
        {"\x1b[2a", 1, 6},
        {"\x1b[D", 1, 3},
        {"\x1b[4D", 1, 0},
        {"\x1b[99D", 1, 0},
        {"\x1b[E", 2, 0},
        {"\x1b[2E", 3, 0},
        {"\x1b[F", 0, 0},
        {"\x1b[7F", 0, 0},
        {"\x1b[G", 1, 0},
        {"\x1b[3G", 1, 2},
        {"\x1b[99G", 1, 9},
        {"\x1b[7`", 1, 6},
        {"\x1b[d", 0, 4},
        {"\x1b[4d", 3, 4},
        {"\x1b[99d", 3, 4},
        {"\x1b[H", 0, 0},
        {"\x1b[3;4H", 2, 3},
        {"\x1b[;4H", 0, 3},
        {"\x1b[3H", 2, 0},
        {"\x1b[3;4f", 2, 3},
        {"\x1b[0;0H", 0, 0},
        {"\x1b[99;99H", 3, 9},
        {"\x1b[99999999999999999999A", 0, 4},
        {"\x1b"
         "D",
         2, 4},
        {"\x1b"
         "E",
         2, 0},
        {"\x1bM", 0, 4},
        {"\x1b"
         "c",
         0, 0},
    };

    for (size_t i = 0; i < ARRAY_SIZE(moves); i++) {
        start();
        write(moves[i].sequence);
        CHECK_EQ(glass_cursor(), moves[i].row * 1000 + moves[i].column);
    }
}

KTEST(terminal_sequence, erasing_erases_exactly_its_part)
{
    static const struct {
        const char *sequence;
        const char *rows[4];
    } erasures[] = {
        {"\x1b[K", {"abcdefghij", "klmn", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[0K", {"abcdefghij", "klmn", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[1K", {"abcdefghij", "     pqrst", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[2K", {"abcdefghij", "", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[J", {"abcdefghij", "klmn", "", ""}},
        {"\x1b[1J", {"", "     pqrst", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[2J", {"", "", "", ""}},
        {"\x1b[X", {"abcdefghij", "klmn pqrst", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[3X", {"abcdefghij", "klmn   rst", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[99X", {"abcdefghij", "klmn", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[4K", {"abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"}},
        {"\x1b[4J", {"abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"}},
    };

    for (size_t i = 0; i < ARRAY_SIZE(erasures); i++) {
        start();
        write("\x1b[7;1;32;44m");
        write(erasures[i].sequence);
        for (uint32_t row = 0; row < 4; row++) {
            CHECK_STR_EQ(glass_row(row), erasures[i].rows[row]);
            for (uint32_t column = 0; column < 10; column++) {
                /* Erased in the colours in use, neither bold nor reverse. */
                CHECK_EQ(glass_at(row, column).attribute,
                         glass_at(row, column).glyph == ' ' ? 0x12 : 0x07);
            }
        }
        CHECK_EQ(glass_cursor(), 1004u);
    }
}

KTEST(terminal_sequence, erasing_the_history_leaves_the_screen)
{
    start();
    write("\x1b[4;1H\n\n");
    CHECK_STR_EQ(glass_row(0), "uvwxyzABCD");
    terminal_scroll_view(&terminal, 1);
    CHECK_STR_EQ(glass_row(0), "klmnopqrst");
    write("\x1b[3J");
    CHECK_STR_EQ(glass_row(0), "uvwxyzABCD");
    terminal_scroll_view(&terminal, 1);
    CHECK_STR_EQ(glass_row(0), "uvwxyzABCD");
}

KTEST(terminal_sequence, index_scrolls_at_the_bottom_and_reverse_index_at_the_top)
{
    start();
    write("\x1b[4;3H\x1b"
          "D");
    CHECK_STR_EQ(glass_row(0), "klmnopqrst");
    CHECK_STR_EQ(glass_row(3), "");
    CHECK_EQ(glass_cursor(), 3002u);
    write("\x1b[1;3H\x1b[41m\x1bM");
    CHECK_STR_EQ(glass_row(0), "");
    CHECK_STR_EQ(glass_row(1), "klmnopqrst");
    CHECK_STR_EQ(glass_row(3), "EFGHIJKLMN");
    CHECK_EQ(glass_at(0, 0).attribute, 0x47);
    CHECK_EQ(glass_cursor(), 2u);
}

KTEST(terminal_sequence, save_and_restore_are_for_place_and_colours)
{
    static const char *const pairs[][2] = {{"\x1b"
                                            "7",
                                            "\x1b"
                                            "8"},
                                           {"\x1b[s", "\x1b[u"}};

    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        start();
        write("\x1b[1;33;44m");
        write(pairs[i][0]);
        write("\x1b[0;31m\x1b[4;9HX");
        write(pairs[i][1]);
        CHECK_EQ(glass_cursor(), 1004u);
        write("Y");
        CHECK_EQ(glass_at(1, 4).attribute, terminal_attribute(TERMINAL_YELLOW, TERMINAL_BLUE));
    }
}

KTEST(terminal_sequence, restore_without_save_goes_home)
{
    glass_start(&terminal, 10, 4, 4, false);
    write("\x1b[31mab\x1b[uc");
    CHECK_STR_EQ(glass_row(0), "cb");
    CHECK_EQ(glass_at(0, 0).attribute, 0x07);
}

KTEST(terminal_sequence, cursor_is_hidden_and_shown)
{
    start();
    write("\x1b[?25l");
    CHECK(!glass.has_cursor);
    write("x");
    CHECK(!glass.has_cursor);
    write("\x1b[?7;25;1h");
    CHECK(glass.has_cursor);
    write("\x1b[25l\x1b[?2l\x1b[>25l\x1b[2?5l\x1b[?25$l");
    CHECK(glass.has_cursor);
    write("\x1b[?25l\x1b"
          "c");
    CHECK(glass.has_cursor);
}

KTEST(terminal_sequence, start_anew_clears_all_but_the_history)
{
    start();
    write("\x1b[4;1H\n\x1b[1;31;44m\x1b"
          "7\x1b"
          "c");
    for (uint32_t row = 0; row < 4; row++) {
        CHECK_STR_EQ(glass_row(row), "");
        CHECK_EQ(glass_at(row, 9).attribute, 0x07);
    }
    write("\x1b[2;2H\x1b"
          "8x");
    CHECK_STR_EQ(glass_row(0), "x");
    CHECK_EQ(glass_at(0, 0).attribute, 0x07);
    terminal_scroll_view(&terminal, 1);
    CHECK_STR_EQ(glass_row(0), "abcdefghij");
}

/* The colour of what is written behind a sequence. */
static uint16_t attribute_after(const char *sequence)
{
    glass_start(&terminal, 10, 4, 4, false);
    write(sequence);
    write("x");
    return glass_at(0, 0).attribute;
}

KTEST(terminal_sequence, sixteen_colours_of_either_kind)
{
    static const uint8_t pc_color[] = {0, 4, 2, 6, 1, 5, 3, 7};
    char sequence[] = "\x1b[000m";

    for (unsigned i = 0; i < 8; i++) {
        memcpy(sequence + 2, "030", 3);
        sequence[4] = (char)('0' + i);
        CHECK_EQ(attribute_after(sequence), pc_color[i]);
        sequence[3] = '4';
        CHECK_EQ(attribute_after(sequence), pc_color[i] << 4 | 7);
        sequence[3] = '9';
        CHECK_EQ(attribute_after(sequence), pc_color[i] | 8);
        memcpy(sequence + 2, "10", 2);
        CHECK_EQ(attribute_after(sequence), (pc_color[i] | 8) << 4 | 7);
    }
}

KTEST(terminal_sequence, renditions_add_up)
{
    static const struct {
        const char *sequence;
        uint8_t attribute;
    } known[] = {
        {"\x1b[1m", 0x0f},
        {"\x1b[1;31m", 0x0c},
        {"\x1b[31;1m", 0x0c},
        {"\x1b[31;1;22m", 0x04},
        {"\x1b[7m", 0x70},
        {"\x1b[1;7m", 0xf0},
        {"\x1b[31;42;7m", 0x42},
        {"\x1b[7;31;42;27m", 0x24},
        {"\x1b[31m\x1b[m", 0x07},
        {"\x1b[31m\x1b[;1m", 0x0f},
        {"\x1b[31;39m", 0x07},
        {"\x1b[41;49m", 0x07},
        {"\x1b[91;39m", 0x07},
        {"\x1b[2;3;4;5;8;9;21;53m", 0x07},
        {"\x1b[98m", 0x07},
        {"\x1b[99m", 0x07},
        {"\x1b[108m", 0x07},
        {"\x1b[110m", 0x07},
        {"\x1b[9999m", 0x07},
        {"\x1b[31:5m", 0x04},
        {"\x1b[4:31m", 0x07},
        {"\x1b[4:3;31m", 0x04},
        {"\x1b[0000000000000031m", 0x04},
        /* 38 and 48 take along what belongs to them. */
        {"\x1b[38;5;1m", 0x07},
        {"\x1b[38;5;31;32m", 0x02},
        {"\x1b[48;5;7;32m", 0x02},
        {"\x1b[38;2;1;7;31;32m", 0x02},
        {"\x1b[48;2;41;42;43;32m", 0x02},
        {"\x1b[38:5:31;32m", 0x02},
        {"\x1b[38:2::1:7:31;32m", 0x02},
        {"\x1b[38:5;31m", 0x04},
        {"\x1b[38;31m", 0x04},
        {"\x1b[38m", 0x07},
        {"\x1b[38;5m", 0x07},
        {"\x1b[38;2;1m", 0x07},
        {"\x1b[4:38;5;31m", 0x04},
        /* Sixteen parameters count, the others do not. */
        {"\x1b[;;;;;;;;;;;;;;;31m", 0x04},
        {"\x1b[;;;;;;;;;;;;;;;;31m", 0x07},
        {"\x1b[31;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;32m", 0x07},
        /* Of another kind, though it looks alike. */
        {"\x1b[?31m", 0x07},
        {"\x1b[>4;31m", 0x07},
        {"\x1b[31 m", 0x07},
        {"\x1b[3<1m", 0x07},
        {"\x1b[31!m", 0x07},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        CHECK_EQ(attribute_after(known[i].sequence), known[i].attribute);
        CHECK_STR_EQ(glass_row(0), "x");
    }
}

KTEST(terminal_sequence, what_is_not_known_is_read_over)
{
    static const char *const sequences[] = {
        "\x1b[5i",
        "\x1b[c",
        "\x1b[6n",
        "\x1b[?1049h",
        "\x1b[2;3r",
        "\x1b[4h",
        "\x1b[5@",
        "\x1b[!p",
        "\x1b[1 q",
        "\x1b=",
        "\x1b>",
        "\x1b(B",
        "\x1b)0",
        "\x1b%G",
        "\x1b#8",
        "\x1bH",
        "\x1b\\",
        "\x1b]0;a title\x07",
        "\x1b]8;;url\x1b\\",
        "\x1bPq#0;2;0;0;0\x1b\\",
        "\x1b_\xc3\xa4\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x18",
        "\x1b]x\x1a",
        "\x1b]\x01\t\b\r\x1b\\",
        "\x1b[\x7fm",
        "\x1b\x7f=",
        "\x1b\x1b\x1b=",
        "\x1b[1;\x1b[c",
        "\x1b[1;2\x18",
        "\x1b[1\x1a",
    };

    for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
        glass_start(&terminal, 40, 2, 2, false);
        write("a");
        write(sequences[i]);
        write("z");
        CHECK_STR_EQ(glass_row(0), "az");
    }
}

KTEST(terminal_sequence, control_codes_act_within_a_sequence)
{
    glass_start(&terminal, 10, 4, 4, false);
    write("ab\x1b[\r3\n1mc");
    CHECK_STR_EQ(glass_row(0), "ab");
    CHECK_STR_EQ(glass_row(1), "c");
    CHECK_EQ(glass_at(1, 0).attribute, TERMINAL_RED);
}

KTEST(terminal_sequence, text_ends_a_sequence_that_it_cannot_belong_to)
{
    glass_start(&terminal, 10, 4, 4, false);
    write("\x1b[3\xc3\xa4\x1b\xc3\xb6");
    CHECK_STR_EQ(glass_row(0), "\xc3\xa4\xc3\xb6");
}

KTEST(terminal_sequence, string_without_its_end_costs_its_line)
{
    glass_start(&terminal, 10, 4, 4, false);
    write("a\x1b]0;never ended\nb");
    CHECK_STR_EQ(glass_row(0), "a");
    CHECK_STR_EQ(glass_row(1), "b");
}
