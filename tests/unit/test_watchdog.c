/* SPDX-License-Identifier: MIT */
/* The watchdog's count: once for each time that the CPU is kept too long. */
#include "kernel/watchdog.h"

#include "tests/ktest.h"

#define TICK_NS 1000000UL

/* Ticks during one turn of a task, which began at that time. Returns how often it was seen. */
static unsigned ticks_seen(struct watchdog *watchdog, uint64_t switched_at, unsigned ticks)
{
    unsigned seen = 0;

    for (unsigned i = 0; i < ticks; i++) {
        seen += watchdog_tick(watchdog, switched_at);
    }
    return seen;
}

KTEST(watchdog, sees_a_task_after_two_seconds_and_only_once)
{
    struct watchdog watchdog = {0};

    watchdog_set_period(&watchdog, TICK_NS);
    CHECK_EQ(ticks_seen(&watchdog, 1, 2000), 0); /* the first tick only notes who runs */
    CHECK_EQ(ticks_seen(&watchdog, 1, 1), 1);
    CHECK_EQ(ticks_seen(&watchdog, 1, 100000), 0);
}

KTEST(watchdog, every_switch_begins_anew)
{
    struct watchdog watchdog = {0};

    watchdog_set_period(&watchdog, TICK_NS);
    CHECK_EQ(ticks_seen(&watchdog, 1, 2000), 0);
    CHECK_EQ(ticks_seen(&watchdog, 2, 2000), 0);
    CHECK_EQ(ticks_seen(&watchdog, 3, 2001), 1);
    CHECK_EQ(ticks_seen(&watchdog, 4, 2001), 1);
}

KTEST(watchdog, watches_nobody_without_a_tick)
{
    struct watchdog watchdog = {0};

    watchdog_set_period(&watchdog, 0);
    CHECK_EQ(ticks_seen(&watchdog, 1, 5000), 0);
}

KTEST(watchdog, counts_two_seconds_at_any_rate)
{
    struct watchdog watchdog = {0};

    watchdog_set_period(&watchdog, 1000000000UL / 1024);
    CHECK_EQ(ticks_seen(&watchdog, 1, 2048), 0);
    CHECK_EQ(ticks_seen(&watchdog, 1, 1), 1);
}
