/* SPDX-License-Identifier: MIT */
/* The history of lines: order, limits, and what is not kept. */
#include "kernel/line_history.h"

#include "lib/format.h"
#include "lib/string.h"
#include "tests/ktest.h"

static struct line_history history;
static char memory[64];

static void check(uint32_t back, const char *line)
{
    REQUIRE(line_history_get(&history, back) != NULL);
    CHECK_STR_EQ(line_history_get(&history, back), line);
}

KTEST(line_history, newest_comes_first)
{
    line_history_init(&history, memory, sizeof(memory));
    CHECK_EQ(line_history_get(&history, 1), NULL);
    line_history_add(&history, "one");
    line_history_add(&history, "two");
    check(1, "two");
    check(2, "one");
    CHECK_EQ(line_history_get(&history, 0), NULL);
    CHECK_EQ(line_history_get(&history, 3), NULL);
}

KTEST(line_history, empty_and_repeated_lines_are_not_kept)
{
    line_history_init(&history, memory, sizeof(memory));
    line_history_add(&history, "");
    line_history_add(&history, "one");
    line_history_add(&history, "one");
    line_history_add(&history, "two");
    line_history_add(&history, "one");
    CHECK_EQ(history.count, 3u);
    check(3, "one");
}

KTEST(line_history, oldest_makes_room)
{
    line_history_init(&history, memory, 12);
    line_history_add(&history, "1234"); /* 5 bytes */
    line_history_add(&history, "abc"); /* 4 */
    line_history_add(&history, "xy"); /* 3: full */
    check(3, "1234");
    line_history_add(&history, "!");
    CHECK_EQ(history.count, 3u);
    check(3, "abc");
    line_history_add(&history, "0123456789a");
    CHECK_EQ(history.count, 1u);
    check(1, "0123456789a");
    line_history_add(&history, "0123456789ab"); /* more than all there is */
    check(1, "0123456789a");
}

KTEST(line_history, hundred_lines_are_kept)
{
    static char large[2048];
    char line[16];

    line_history_init(&history, large, sizeof(large));
    for (unsigned i = 1; i <= 150; i++) {
        ksnprintf(line, sizeof(line), "line %u", i);
        line_history_add(&history, line);
    }
    CHECK_EQ(history.count, 100u);
    check(1, "line 150");
    check(100, "line 51");
    CHECK_EQ(line_history_get(&history, 101), NULL);
}
