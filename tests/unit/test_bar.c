/* SPDX-License-Identifier: MIT */
/* Bars: full and empty are said only where they are true. */
#include "lib/bar.h"

#include "lib/string.h"
#include "tests/ktest.h"

static char text[32];

KTEST(bar, cells_and_percentage_show_the_share)
{
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 1, 2, 10), "[#####.....] 50 %");
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 1, 3, 10), "[###.......] 33 %");
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 0, 3, 4), "[....] 0 %");
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 3, 3, 4), "[####] 100 %");
}

KTEST(bar, a_little_is_not_nothing_and_almost_all_is_not_all)
{
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 1, 1000, 4), "[#...] 0 %");
    CHECK_STR_EQ(bar_draw(text, sizeof(text), 999, 1000, 4), "[###.] 99 %");
}

KTEST(bar, largest_values_do_not_overflow)
{
    CHECK_STR_EQ(bar_draw(text, sizeof(text), UINT64_MAX / 2, UINT64_MAX, 4), "[#...] 49 %");
    CHECK_STR_EQ(bar_draw(text, sizeof(text), UINT64_MAX, UINT64_MAX, 4), "[####] 100 %");
}

KTEST(bar, buffer_too_small_cuts_the_text)
{
    memset(text, 'Z', sizeof(text));
    CHECK_STR_EQ(bar_draw(text, 4, 1, 2, 10), "[##");
    CHECK_EQ(text[4], 'Z');
    CHECK_STR_EQ(bar_draw(text, 1, 1, 2, 10), "");
    CHECK_EQ(text[1], '#'); /* of the call before */
}
