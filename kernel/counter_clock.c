/* SPDX-License-Identifier: MIT */
/*
 * Counts are added up as they pass and scaled once, from the source's start,
 * so that no rounding adds up.
 */
#include "kernel/counter_clock.h"

#include "lib/assert.h"
#include "lib/compiler.h"

void counter_clock_follow(struct counter_clock *clock, const struct clock_source *source)
{
    ASSERT_CMP(source->hz, >, 0);
    clock->base_ns += counts_to_ns(clock->counts, clock->ns_each);
    clock->source = *source;
    clock->ns_each = ns_per_count(source->hz);
    clock->counts = 0;
    clock->last = source->read();
}

uint64_t counter_clock_read(struct counter_clock *clock)
{
    uint64_t count = clock->source.read();
    uint64_t passed = count - clock->last;

    if (UNLIKELY((int64_t)passed < 0)) {
        passed = clock->source.period != 0 ? passed + clock->source.period : 0;
    }
    if (passed != 0) {
        clock->last = count;
        clock->counts += passed;
    }
    return clock->base_ns + counts_to_ns(clock->counts, clock->ns_each);
}
