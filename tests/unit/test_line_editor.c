/* SPDX-License-Identifier: MIT */
/* The line editor, key by key: what the line is then, and what the screen shows. */
#include "kernel/line_editor.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/line_desk.h"

#define LEFT  "\x1b[D"
#define RIGHT "\x1b[C"
#define UP    "\x1b[A"
#define DOWN  "\x1b[B"
#define HOME  "\x1b[H"

#define CTRL_A "\x01"
#define CTRL_E "\x05"

/* The line and the cursor's column are as a text says that has a | where the cursor is. */
static void check_line(const char *marked)
{
    char row[128] = DESK_PROMPT;
    char line[128];
    const char *bar = strchr(marked, '|');
    size_t before = (size_t)(bar - marked);

    memcpy(line, marked, before);
    string_copy(line + before, sizeof(line) - before, bar + 1, SIZE_MAX);
    CHECK_STR_EQ(line_editor_line(&desk.editor), line);
    size_t end = 2 + string_copy(row + 2, sizeof(row) - 2, line, SIZE_MAX);

    while (row[end - 1] == ' ') {
        row[--end] = '\0'; /* cannot be seen */
    }
    CHECK_STR_EQ(desk_row(), row);
    CHECK_EQ(desk.editor.cursor, before);
}

KTEST(line_editor, keys_do_what_they_are_for)
{
    static const struct {
        const char *typed;
        const char *line;
    } cases[] = {
        {"abc", "abc|"},
        {"abc" LEFT "X", "abX|c"},
        {"abc" LEFT LEFT LEFT LEFT "X", "X|abc"},
        {"abc" LEFT RIGHT RIGHT "X", "abcX|"},
        {"abc" HOME "X\x1b[FY", "XabcY|"},
        {"abc" CTRL_A "X" CTRL_E "Y", "XabcY|"},
        {"abc\x02X\x06Y", "abXcY|"},
        {"abc\b", "ab|"},
        {"abc" LEFT "\x7f", "a|c"},
        {"abc" HOME "\b", "|abc"},
        {"abc" HOME "\x1b[3~", "|bc"},
        {"abc" LEFT "\x04\x04", "ab|"},
        {"one two  three\x1b[1;5D", "one two  |three"},
        {"one two  three\x1b[1;3D" LEFT "\x1b[1;3D", "one |two  three"},
        {"one two" HOME "\x1b[1;5C", "one| two"},
        {"one two" HOME "\x1b[1;5C\x1b[1;3C\x1b[1;5C", "one two|"},
        {"one two\x1b"
         "b\x1b"
         "b",
         "|one two"},
        {"one two" HOME "\x1b"
         "f",
         "one| two"},
        {"one two three\x1b"
         "b\x0b",
         "one two |"},
        {"one two three\x1b"
         "b\x15",
         "|three"},
        {"one two  \x17", "one |"},
        {"one two" LEFT "\x17", "one |o"},
        {"one two\x1b\x7f", "one |"},
        {"one two" HOME "\x1b"
         "d",
         "| two"},
        {"one two\x17" HOME "\x19", "two|one "},
        {"abc\x15\x19\x19", "abcabc|"},
        {"abc\x0b\x19", "abc|"},
        {"abc\x14", "acb|"},
        {"abc" LEFT "\x14", "acb|"},
        {"abc" HOME RIGHT "\x14", "ba|c"},
        {"a\x14", "a|"},
        {"abc" HOME "\x14", "|abc"},
        {"\x1b[5~\x1b[2~\x1b[15~\x1bOP", "|"},
        {"a\x1b"
         "q\x1b"
         "xb",
         "ab|"},
        {"a\x10"
         "b\x0e"
         "c",
         "abc|"}, /* no history to go to */
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        desk_start(DESK_COLUMNS);
        desk_type(cases[i].typed);
        check_line(cases[i].line);
        CHECK_EQ(desk.result, LINE_GOES_ON);
        CHECK_EQ(desk_column(), 2 + (uint32_t)(strchr(cases[i].line, '|') - cases[i].line));
    }
}

KTEST(line_editor, moves_by_characters_not_bytes)
{
    desk_start(DESK_COLUMNS);
    desk_type("\xc3\xa4\xe2\x82\xac\xc3\xb6" LEFT);
    check_line("\xc3\xa4\xe2\x82\xac|\xc3\xb6");
    CHECK_EQ(desk_column(), 4u);
    desk_type("\b");
    check_line("\xc3\xa4|\xc3\xb6");
    desk_type("\x14");
    check_line("\xc3\xb6\xc3\xa4|");
    desk_type(HOME "\x04");
    check_line("|\xc3\xa4");
    CHECK_EQ(desk_column(), 2u);
}

KTEST(line_editor, wide_characters_take_two_columns_and_marks_show_a_substitute)
{
    desk_start(DESK_COLUMNS);
    desk_type("\xe4\xb8\xad"
              "a");
    CHECK_EQ(desk_column(), 5u);
    desk_type(LEFT LEFT);
    CHECK_EQ(desk_column(), 2u);
    desk_type("\x1b[3~");
    check_line("|a");
    desk_type("e\xcc\x81");
    CHECK_STR_EQ(desk_row(), "> e\xef\xbf\xbd"
                             "a");
    CHECK_STR_EQ(line_editor_line(&desk.editor), "e\xcc\x81"
                                                 "a");
    CHECK_EQ(desk_column(), 4u);
}

/* Of the second the right half does not change, and must be counted all the same. */
KTEST(line_editor, wide_characters_change_places)
{
    desk_start(DESK_COLUMNS);
    desk_type("\xe4\xb8\xad\xe6\x96\x87\x14");
    CHECK_EQ(glass_at(0, 2).glyph, 0x6587);
    CHECK_EQ(glass_at(0, 4).glyph, 0x4e2d);
    CHECK_EQ(desk_column(), 6u);
    desk_type("a");
    CHECK_EQ(glass_at(0, 6).glyph, 'a');
}

KTEST(line_editor, enter_completes_the_line_wherever_the_cursor_is)
{
    char line[DESK_LINE_SIZE];

    desk_start(DESK_COLUMNS);
    desk_type("abc" LEFT LEFT);
    CHECK_EQ(line_editor_take(&desk.editor, keystroke_of('\n')), LINE_COMPLETE);
    string_copy(line, sizeof(line), line_editor_line(&desk.editor), SIZE_MAX);
    CHECK_STR_EQ(line, "abc");
    CHECK_STR_EQ(glass_row(0), "> abc");
    CHECK_EQ(glass_cursor(), 1000u);
    line_editor_begin(&desk.editor, DESK_PROMPT);
    check_line("|");
    CHECK_EQ(line_editor_take(&desk.editor, keystroke_of('\r')), LINE_COMPLETE);
    CHECK_STR_EQ(line_editor_line(&desk.editor), "");
}

KTEST(line_editor, ctrl_c_gives_up_and_ctrl_d_ends_only_an_empty_line)
{
    desk_start(DESK_COLUMNS);
    desk_type("abc" HOME "\x03");
    CHECK_EQ(desk.result, LINE_GIVEN_UP);
    CHECK_STR_EQ(glass_row(0), "> abc^C");
    CHECK_STR_EQ(glass_row(1), ">");
    desk_type("a\x04");
    CHECK_EQ(desk.result, LINE_GOES_ON);
    desk_type("\b\x04");
    CHECK_EQ(desk.result, LINE_END);
    CHECK_EQ(glass_cursor(), 2002u);
    desk_type(UP);
    check_line("|"); /* what was given up is not in the history */
}

KTEST(line_editor, ctrl_l_clears_the_screen_and_keeps_the_line)
{
    desk_start(DESK_COLUMNS);
    desk_type("one\ntwo\nthree" LEFT "\x0c");
    CHECK_STR_EQ(glass_row(0), "> three");
    CHECK_EQ(glass_cursor(), 6u);
    CHECK_STR_EQ(glass_row(1), "");
    CHECK_STR_EQ(glass_row(2), "");
    desk_type("X");
    check_line("threX|e");
}

KTEST(line_editor, history_goes_up_and_down_and_keeps_the_line_being_edited)
{
    desk_start(DESK_COLUMNS);
    desk_type("one\ntwo\nthree\nnew" UP);
    check_line("three|");
    desk_type(UP "\x10");
    check_line("one|");
    CHECK_EQ(desk.bells, 0u);
    desk_type(UP);
    check_line("one|");
    CHECK_EQ(desk.bells, 1u);
    desk_type("!" DOWN);
    check_line("two|");
    desk_type(DOWN "\x0e");
    check_line("new|");
    desk_type(DOWN);
    check_line("new|");
    CHECK_EQ(desk.bells, 2u);
    desk_type(UP UP "\n" UP);
    check_line("two|");
    desk_type(UP);
    check_line("three|");
    desk_type("\n" UP "\n" UP UP); /* repeated: kept once */
    check_line("two|");
}

KTEST(line_editor, full_line_refuses_with_a_bell)
{
    desk_start(DESK_COLUMNS);
    for (size_t i = 0; i < DESK_LINE_SIZE - 2; i++) {
        desk_type("x");
    }
    CHECK_EQ(desk.bells, 0u);
    desk_type("\xc3\xa4"); /* one byte is left, it takes two */
    CHECK_EQ(desk.bells, 1u);
    desk_type("y");
    CHECK_EQ(desk.bells, 1u);
    desk_type("z");
    CHECK_EQ(desk.bells, 2u);
    CHECK_EQ(strlen(line_editor_line(&desk.editor)), DESK_LINE_SIZE - 1);
    desk_type("\x17\x19"
              "0");
    CHECK_EQ(desk.bells, 3u);
    CHECK_EQ(line_editor_line(&desk.editor)[DESK_LINE_SIZE - 2], 'y');
}

KTEST(line_editor, pasted_kilobytes_and_control_bytes_do_no_harm)
{
    desk_start(DESK_COLUMNS);
    for (unsigned i = 0; i < 10240; i++) {
        desk_take(keystroke_of('a' + i % 26));
    }
    CHECK_EQ(desk.editor.length, DESK_LINE_SIZE - 1);
    CHECK_GT(desk.bells, 10000u);
    desk_type("\n");
    for (uint32_t code = 0; code < 0xa0; code += code == 0x1f ? 0x60 : 1) {
        if (code != '\n' && code != '\r' && code != 0x03 && code != 0x04) {
            desk_take(keystroke_of(code));
        }
    }
    desk_type("\x15ok");
    check_line("ok|");
}

KTEST(line_editor, line_is_taken_away_and_put_back)
{
    desk_start(DESK_COLUMNS);
    desk_type("abc" LEFT);
    line_editor_hide(&desk.editor);
    CHECK_EQ(glass_cursor(), 0u);
    CHECK_STR_EQ(glass_row(0), "");
    terminal_write(&desk.terminal, "a message\n", 10);
    line_editor_show(&desk.editor);
    CHECK_STR_EQ(glass_row(0), "a message");
    check_line("ab|c");
    CHECK_EQ(desk_column(), 4u);
    desk_type("X");
    check_line("abX|c");
}

/* Typing at the end costs a byte a character; in the middle no more than what is behind. */
KTEST(line_editor, little_is_sent)
{
    desk_start(DESK_COLUMNS);

    uint64_t before = desk.bytes_written;

    desk_type("0123456789");
    CHECK_EQ(desk.bytes_written - before, 10u);
    before = desk.bytes_written;
    desk_type("\b");
    CHECK_EQ(desk.bytes_written - before, 4u); /* back, and erase to the end */
    desk_type(HOME);
    before = desk.bytes_written;
    desk_type(RIGHT LEFT);
    CHECK_LE(desk.bytes_written - before, 4u);
    before = desk.bytes_written;
    desk_type("X"); /* ten characters, and nine back */
    CHECK_LE(desk.bytes_written - before, 14u);
}
