/* SPDX-License-Identifier: MIT */
/* Time from a counter that the test turns: rates, counters that start over or slip, changes. */
#include "kernel/counter_clock.h"
#include "lib/bits.h"
#include "tests/ktest.h"

static uint64_t counter;

static uint64_t counter_read(void)
{
    return counter;
}

static struct clock_source source_at(uint64_t hz, uint64_t period)
{
    return (struct clock_source){.name = "test", .read = counter_read, .hz = hz, .period = period};
}

static struct counter_clock clock_at(uint64_t hz, uint64_t period)
{
    struct counter_clock clock = {0};
    struct clock_source source = source_at(hz, period);

    counter_clock_follow(&clock, &source);
    return clock;
}

/* What a clock says once its counter stands there. */
static uint64_t read_at(struct counter_clock *clock, uint64_t count)
{
    counter = count;
    return counter_clock_read(clock);
}

KTEST(counter_clock, begins_at_zero_wherever_the_counter_stands)
{
    counter = 0xfedcba9876543210;
    struct counter_clock clock = clock_at(1000000, 0);

    CHECK_EQ(counter_clock_read(&clock), 0);
    counter += 5;
    CHECK_EQ(counter_clock_read(&clock), 5000);
}

KTEST(counter_clock, scales_every_rate_to_a_billionth)
{
    static const uint64_t rates[] = {1, 18, 1024, 1193182, 3579545, 999999999, 5000000000};

    for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
        counter = 0;
        struct counter_clock clock = clock_at(rates[i], 0);

        counter = rates[i] * 3600; /* an hour */
        CHECK_LE(counter_clock_read(&clock), 3600 * NS_PER_SECOND);
        CHECK_GE(counter_clock_read(&clock), 3600 * NS_PER_SECOND - 3600 * 10);
    }
}

KTEST(counter_clock, thousand_days_at_5_ghz_do_not_overflow)
{
    const uint64_t seconds = 86400000;

    counter = 0;
    struct counter_clock clock = clock_at(5000000000, 0);

    counter = seconds * 5000000000;
    CHECK_LE(counter_clock_read(&clock), seconds * NS_PER_SECOND);
    CHECK_GE(counter_clock_read(&clock), seconds * (NS_PER_SECOND - 5));
}

KTEST(counter_clock, looking_often_loses_nothing_to_rounding)
{
    counter = 0;
    struct counter_clock clock = clock_at(1193182, 0);

    while (counter < 1193182) {
        counter += 7;
        counter_clock_read(&clock);
    }
    CHECK_GE(counter_clock_read(&clock), NS_PER_SECOND - 10);
}

KTEST(counter_clock, counter_that_starts_over_goes_on)
{
    counter = 990;
    struct counter_clock clock = clock_at(NS_PER_SECOND, 1000);

    CHECK_EQ(read_at(&clock, 999), 9);
    CHECK_EQ(read_at(&clock, 0), 10);
    CHECK_EQ(read_at(&clock, 989), 999);
    CHECK_EQ(read_at(&clock, 988), 1998); /* all but one of a period later */
}

KTEST(counter_clock, counter_that_slips_back_stands_still_until_it_has_caught_up)
{
    counter = 1000;
    struct counter_clock clock = clock_at(NS_PER_SECOND, 0);

    CHECK_EQ(read_at(&clock, 1500), 500);
    CHECK_EQ(read_at(&clock, 1200), 500);
    CHECK_EQ(read_at(&clock, 1499), 500);
    CHECK_EQ(read_at(&clock, 1501), 501);
}

KTEST(counter_clock, counter_that_passes_its_top_goes_on)
{
    counter = UINT64_MAX - 9;
    struct counter_clock clock = clock_at(NS_PER_SECOND, 0);

    CHECK_EQ(read_at(&clock, 10), 20);
}

KTEST(counter_clock, time_goes_on_from_where_it_was_when_the_source_changes)
{
    counter = 0;
    struct counter_clock clock = clock_at(1000000, 0);
    struct clock_source faster = source_at(2000000, 0);

    CHECK_EQ(read_at(&clock, 100), 100000);
    counter = 7;
    counter_clock_follow(&clock, &faster);
    CHECK_EQ(counter_clock_read(&clock), 100000);
    CHECK_EQ(read_at(&clock, 9), 101000);
}
