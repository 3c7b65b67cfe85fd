/* SPDX-License-Identifier: MIT */
/* Reports: whatever is in them, the lines are few and narrow, and what is missing is said. */
#include "lib/report.h"

#include "lib/string.h"
#include "tests/ktest.h"

#define LINES 4

/* 79 columns behind a key of three and a blank: 74 digits. */
#define DIGITS_74 "01234567890123456789012345678901234567890123456789012345678901234567890123"

static char text[LINES * (REPORT_COLUMNS + 1) + 1];
static struct report report;

static void begin(void)
{
    memset(text, 'Z', sizeof(text));
    report_begin(&report, text, sizeof(text));
}

static void check_lines(unsigned want)
{
    unsigned lines = 0;
    size_t columns = 0;

    CHECK_EQ(strlen(text), report.length);
    for (const char *place = text; *place != '\0'; place++) {
        columns = *place == '\n' ? 0 : columns + 1;
        lines += *place == '\n';
        CHECK_LE(columns, REPORT_COLUMNS);
    }
    CHECK_EQ(columns, 0); /* the last is whole, too */
    CHECK_EQ(lines, want);
}

/* Write items of three characters, "000" to "999". */
static void add_list(unsigned lines, unsigned count)
{
    begin();
    report_begin_list(&report, "key", lines);
    for (unsigned i = 0; i < count; i++) {
        report_item(&report, "%03u", i);
    }
    report_end_list(&report);
}

KTEST(report, lines_come_in_order)
{
    begin();
    CHECK_STR_EQ(text, "");
    report_mark(&report, "-- begin --");
    report_line(&report, "key", "value %d", 1);
    CHECK_STR_EQ(text, "-- begin --\nkey: value 1\n");
}

KTEST(report, value_that_just_fits_is_whole)
{
    begin();
    report_line(&report, "key", "%s", DIGITS_74);
    CHECK_STR_EQ(text, "key: " DIGITS_74 "\n");
    check_lines(1);
}

KTEST(report, longer_value_is_cut_and_says_so)
{
    begin();
    report_line(&report, "key", "%s4", DIGITS_74);
    check_lines(1);
    CHECK_EQ(report.length, REPORT_COLUMNS + 1);
    CHECK_STR_EQ(text + REPORT_COLUMNS - 6, "890...\n");
}

KTEST(report, foreign_bytes_are_made_printable)
{
    begin();
    report_line(&report, "key", "a\nb\x1b[2J\t\x7f\xff ~");
    CHECK_STR_EQ(text, "key: a?b?[2J??? ~\n");
}

KTEST(report, list_without_items_is_its_key)
{
    add_list(1, 0);
    CHECK_STR_EQ(text, "key:\n");
}

KTEST(report, list_wraps_between_items_and_repeats_its_key)
{
    add_list(2, 19);
    CHECK_STR_EQ(text,
                 "key: 000 001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017\n"
                 "key: 018\n");
}

KTEST(report, list_keeps_its_bounds_and_counts_what_is_left_out)
{
    /* 18 items fill a line, and 16 the last one, which keeps room for the count. */
    add_list(2, 18 + 16);
    check_lines(2);
    CHECK_STR_EQ(text + report.length - 5, " 033\n");
    add_list(2, 18 + 17);
    check_lines(2);
    CHECK_STR_EQ(text + report.length - 8, " 033 +1\n");
    add_list(1, 1000);
    check_lines(1);
    CHECK_STR_EQ(text + report.length - 10, " 015 +984\n");
}

KTEST(report, short_item_does_not_overtake_one_left_out)
{
    begin();
    report_begin_list(&report, "key", 1);
    report_item(&report, "%s", "0123456789012345678901234567890123456789");
    report_item(&report, "%s", "0123456789012345678901234567890123456789");
    report_item(&report, "x");
    report_end_list(&report);
    CHECK_STR_EQ(text, "key: 0123456789012345678901234567890123456789 +2\n");
}

KTEST(report, longest_items_take_a_line_each)
{
    begin();
    report_begin_list(&report, "key", 3);
    for (unsigned i = 0; i < 4; i++) {
        report_item(&report, "%0*u", REPORT_ITEM_MAX, i);
    }
    report_end_list(&report);
    check_lines(3);
    CHECK_STR_EQ(text + report.length - 5, "2 +1\n");
}
