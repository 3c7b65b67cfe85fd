/* SPDX-License-Identifier: MIT */
/* Contracts of what writes text that end in a panic when they are broken. Host only. */
#include "lib/bar.h"
#include "lib/report.h"
#include "lib/string.h"
#include "tests/host/last_words.h"

static char text[200];

static void bar_of_nothing(void)
{
    bar_draw(text, sizeof(text), 0, 0, 10);
}

static void bar_of_more_than_all(void)
{
    bar_draw(text, sizeof(text), 3, 2, 10);
}

static void bar_of_one_cell(void)
{
    bar_draw(text, sizeof(text), 1, 2, 1);
}

KTEST(text_panics, shares_and_cells_that_cannot_be)
{
    CHECK_LAST_WORDS(bar_of_nothing, "assertion failed: whole >= 1: got 0 and 1 (");
    CHECK_LAST_WORDS(bar_of_more_than_all, "assertion failed: part <= whole: got 3 and 2 (");
    CHECK_LAST_WORDS(bar_of_one_cell, "assertion failed: cells >= 2: got 1 and 2 (");
}

static void line_that_its_key_fills(void)
{
    struct report report;
    char key[REPORT_COLUMNS];

    memset(key, 'k', sizeof(key));
    key[sizeof(key) - 1] = '\0';
    report_begin(&report, text, sizeof(text));
    report_line(&report, key, "%d", 1);
}

KTEST(text_panics, key_that_leaves_no_room_for_a_value)
{
    CHECK_LAST_WORDS(line_that_its_key_fills, "length < sizeof(line): got 80 and 80 (");
}
