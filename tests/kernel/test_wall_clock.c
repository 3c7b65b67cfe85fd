/* SPDX-License-Identifier: MIT */
/* The time of day against the chip it comes from. */
#include "kernel/wall_clock.h"

#include "drivers/rtc.h"
#include "kernel/clock.h"
#include "kernel/task.h"
#include "tests/ktest.h"

/* How far the kernel's clock is ahead of the chip, in seconds. */
static bool seconds_ahead(int64_t *ahead)
{
    struct rtc_time shown;
    struct rtc_time read;

    if (!wall_clock_now(&shown) || rtc_read_time(&read) != OK) {
        return false;
    }
    *ahead = rtc_time_to_seconds(&shown) - rtc_time_to_seconds(&read);
    return true;
}

/* It may be behind: ticks are lost where other tests mask interrupts for long. */
KTEST(wall_clock, goes_with_the_real_time_clock)
{
    int64_t before = 0;
    int64_t after = 0;

    if (!seconds_ahead(&before)) {
        SKIP("no real-time clock");
    }
    CHECK_LE(before, 1);
    CHECK_OK(task_sleep_for(5 * NS_PER_SECOND));
    REQUIRE(seconds_ahead(&after));
    CHECK_GE(after, before - 1); /* each counts its seconds from a moment of its own */
    CHECK_LE(after, before + 1);
}
