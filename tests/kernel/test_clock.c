/* SPDX-License-Identifier: MIT */
/* The kernel's clock on this machine: what it follows, and that it only goes forward. */
#include "kernel/clock.h"

#include "drivers/rtc.h"
#include "kernel/cpu.h"
#include "kernel/tick.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define WAIT_LOOKS 5000000 /* at the RTC for one period, a millisecond */

#define RTC_PERIODS 256 /* a quarter of a second */

KTEST(clock, never_goes_backwards_and_moves)
{
    uint64_t first = clock_now_ns();
    uint64_t last = first;

    for (unsigned i = 0; i < 20000; i++) {
        uint64_t now = clock_now_ns();

        CHECK_GE(now, last);
        last = now;
    }
    CHECK_GT(last, first);
}

KTEST(clock, moves_between_two_ticks)
{
    if (tick_source() == TICK_RTC && strcmp(clock_source_name(), "TSC") != 0) {
        SKIP("the RTC's ticks are all there is");
    }
    uint64_t flags = irq_save();
    uint64_t ticks = tick_count();
    uint64_t first = clock_now_ns();
    uint64_t now = first;

    while (now == first || now < first + 300 * NS_PER_US) {
        now = clock_now_ns();
    }
    CHECK_EQ(tick_count(), ticks);
    irq_restore(flags);
    CHECK_LT(now, first + 10 * NS_PER_MS);
}

KTEST(clock, counts_a_tick_that_waits_at_the_pic)
{
    if (tick_source() != TICK_PIT || strcmp(clock_source_name(), "tick and PIT") != 0) {
        SKIP("the clock does not follow the PIT's ticks");
    }
    uint64_t before = clock_now_ns();

    if (clock_now_ns() - before > 20 * NS_PER_US) {
        SKIP("reading the clock alone takes too long here");
    }
    /* Mostly over the end of a period, and never over two: of its interrupt nothing must be seen.
     */
    for (unsigned i = 0; i < 20; i++) {
        uint64_t flags = irq_save();
        uint64_t first = clock_now_ns();
        uint64_t last = first;

        while (last < first + 900 * NS_PER_US) {
            uint64_t now = clock_now_ns();

            CHECK_LE(now - last, 100 * NS_PER_US);
            last = now;
        }
        irq_restore(flags);
    }
}

KTEST(clock, agrees_with_the_rtc)
{
    bool periods_came;

    if (tick_source() == TICK_RTC || tick_source() == TICK_NONE || !rtc_is_present()) {
        SKIP("needs the PIT as tick, and an RTC beside it");
    }
    rtc_start_periodic();
    rtc_acknowledge();
    uint64_t start = 0;
    unsigned period = 0;

    do {
        unsigned looks = 0;

        while (!(periods_came = rtc_acknowledge()) && ++looks < WAIT_LOOKS) {
        }
        if (period == 0) {
            start = clock_now_ns();
        }
    } while (periods_came && period++ < RTC_PERIODS);
    uint64_t passed = clock_now_ns() - start;

    rtc_stop_periodic();
    REQUIRE(periods_came);
    CHECK_GE(passed, 248 * NS_PER_MS);
    CHECK_LE(passed, 252 * NS_PER_MS);
}

KTEST(clock, follows_the_tsc_where_it_is_invariant_and_measured)
{
    if (!cpu_current()->features.invariant_tsc) {
        SKIP("the TSC is not invariant");
    }
    if (tick_tsc_hz() == 0) {
        SKIP("its rate is not measured yet");
    }
    (void)clock_now_ns();
    CHECK_STR_EQ(clock_source_name(), "TSC");
}

KTEST(clock, deadline_out_of_reach_is_never)
{
    CHECK_EQ(deadline_after(DEADLINE_NEVER), DEADLINE_NEVER);
    CHECK_EQ(deadline_after(DEADLINE_NEVER - 1), DEADLINE_NEVER);
    CHECK_LT(deadline_after(NS_PER_SECOND), DEADLINE_NEVER);
    CHECK_GE(deadline_after(NS_PER_SECOND), NS_PER_SECOND);
}

static uint64_t injected_count;

static uint64_t injected_read(void)
{
    return injected_count;
}

KTEST(clock, injected_timeline_stands_still_until_it_is_moved_and_leaves_no_trace)
{
    const struct clock_source source = {.name = "test", .read = injected_read, .hz = 1000};
    uint64_t before = clock_now_ns();

    injected_count = 0;
    clock_inject(&source);
    uint64_t start = clock_now_ns();
    injected_count = 3600UL * 1000;
    uint64_t later = clock_now_ns();
    clock_inject(NULL);
    uint64_t after = clock_now_ns();

    CHECK_EQ(start, 0);
    CHECK_GE(later, 3600 * NS_PER_SECOND - NS_PER_US);
    CHECK_GE(after, before);
    CHECK_LT(after, before + 60 * NS_PER_SECOND);
}
