/* SPDX-License-Identifier: MIT */
/*
 * Nanoseconds from any counter that runs at a known rate. Invariant: what it
 * answers never goes backwards, whatever the counter does and whichever
 * counter it follows next. Pure; kernel/clock.h is the one clock of the kernel.
 *
 * Context: one at a time, interrupts masked.
 */
#pragma once

#include <stdint.h>

#define NS_PER_SECOND 1000000000UL
#define NS_PER_MS     1000000UL
#define NS_PER_US     1000UL
#define US_PER_SECOND 1000000UL

struct clock_source {
    const char *name;
    uint64_t (*read)(void); /* counts up */
    uint64_t hz; /* 1 or more */
    uint64_t period; /* it starts over at this count; 0 when it never does */
};

struct counter_clock {
    struct clock_source source;
    uint64_t ns_each; /* that a count lasts, in 2^-32 */
    uint64_t base_ns; /* time when this source was taken */
    uint64_t counts; /* since then */
    uint64_t last; /* what the source read */
};

/* Nanoseconds one count lasts, in 2^-32. hz: 1 or more. */
static inline uint64_t ns_per_count(uint64_t hz)
{
    return (NS_PER_SECOND << 32) / hz;
}

/* How long that many counts take. The product has 128 bits: one instruction on x86-64. */
static inline uint64_t counts_to_ns(uint64_t counts, uint64_t ns_each)
{
    return (uint64_t)((unsigned __int128)counts * ns_each >> 32);
}

/*
 * Follow a source from now on; the time goes on from what it was. A clock that
 * is all zeros begins at 0. What the previous source has counted since the last
 * counter_clock_read() is left out: read once before.
 */
void counter_clock_follow(struct counter_clock *clock, const struct clock_source *source);

/*
 * The time in nanoseconds. A source that starts over must be read once a
 * period; a step back of one that never does counts as standing still.
 */
uint64_t counter_clock_read(struct counter_clock *clock);
