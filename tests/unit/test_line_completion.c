/* SPDX-License-Identifier: MIT */
/* Tab in the line editor. The desk knows echo, help, heap, heatär and peek; and peek's numbers. */
#include "lib/bits.h"
#include "tests/ktest.h"
#include "tests/unit/line_desk.h"

KTEST(line_completion, tab_adds_what_is_certain)
{
    static const struct {
        const char *typed;
        const char *line;
        uint32_t bells;
    } cases[] = {
        {"e\t", "echo ", 0},
        {"he\t", "he", 1}, /* help, heap: a second Tab says so */
        {"h\t", "he", 0},
        {"hea\t", "hea", 1},
        {"heat\t", "heat\xc3\xa4r ", 0},
        {"x\t", "x", 1},
        {"\t", "", 1},
        {"peek 1\t", "peek 100", 0},
        {"peek 1\t\t", "peek 100", 0}, /* listed */
        {"peek 1000\t", "peek 1000 ", 0},
        {"peek 5 2\t", "peek 5 20 ", 0},
        {"echo 1\t", "echo 1", 1},
        {"echo\x1b[D\x1b[D\t", "echo ho", 0}, /* the word ends at the cursor */
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        desk_start(DESK_COLUMNS);
        desk_type(cases[i].typed);
        CHECK_STR_EQ(line_editor_line(&desk.editor), cases[i].line);
        CHECK_EQ(desk.bells, cases[i].bells);
    }
}

KTEST(line_completion, second_tab_lists_and_the_line_goes_on_below)
{
    desk_start(DESK_COLUMNS);
    desk_type("hea\x1b[D\t\t");
    CHECK_STR_EQ(glass_row(0), "> hea");
    CHECK_STR_EQ(glass_row(1), "help    heap    heat\xc3\xa4r");
    CHECK_STR_EQ(glass_row(2), "> hea");
    CHECK_EQ(glass_cursor(), 2004u);
    desk_type("l\t");
    CHECK_STR_EQ(glass_row(2), "> help a");
}

KTEST(line_completion, list_takes_rows_as_it_needs)
{
    desk_start(DESK_COLUMNS);
    desk_type("\t\t");
    CHECK_STR_EQ(glass_row(1), "echo    help    heap");
    CHECK_STR_EQ(glass_row(2), "heat\xc3\xa4r  peek");
    CHECK_STR_EQ(glass_row(3), ">");
}

KTEST(line_completion, another_key_between_makes_it_the_first_tab_again)
{
    desk_start(DESK_COLUMNS);
    desk_type("he\t\x1b[D\x1b[C\t");
    CHECK_EQ(desk.bells, 2u);
    CHECK_EQ(glass_cursor(), 4u);
}

KTEST(line_completion, word_that_does_not_fit_is_refused)
{
    desk_start(DESK_COLUMNS);
    for (size_t i = 0; i < DESK_LINE_SIZE - 4; i++) {
        desk_type(" ");
    }
    desk_type("x\x1b[H"); /* two bytes are left */
    desk_type("e\t");
    CHECK_EQ(desk.bells, 1u);
    CHECK_EQ(line_editor_line(&desk.editor)[1], ' ');
}
