/* SPDX-License-Identifier: MIT */
/*
 * The kernel's one clock: nanoseconds since boot, which never go backwards. It
 * follows the TSC where that runs at one rate for ever, or the command line
 * says so, once its rate has been measured; else the ticks, and between two
 * ticks the PIT's counter. Before the first tick, and where none will come, it
 * is the PIT's counter alone, as long as somebody looks 18 times a second.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/counter_clock.h"

/* A deadline that never comes, and one that is always past: a wait that does not wait. */
#define DEADLINE_NEVER UINT64_MAX
#define DEADLINE_NOW   0UL

enum clock_preference { CLOCK_PREFER_INVARIANT, CLOCK_PREFER_TSC, CLOCK_PREFER_TICKS };

/* Time passes from here on. Context: once, first thing at boot, after cpu_init(). */
void clock_init(void);

/* Say when the TSC is to be trusted: where it is invariant, always, never. Context: at boot. */
void clock_set_preference(enum clock_preference preference);

/* Start the tick, and follow it. Context: once at boot, after irq_init(), interrupts masked. */
void clock_start_ticks(void);

/* Nanoseconds since boot. Any context; masks interrupts. */
uint64_t clock_now_ns(void);

/* The deadline so far from now; DEADLINE_NEVER when that is out of reach. Any context. */
uint64_t deadline_after(uint64_t ns);

/* The time that many TSC cycles took, by the rate measured; 0 before that. Any context. */
uint64_t clock_cycles_to_ns(uint64_t cycles);

/* What it follows: "TSC", "tick and PIT", "tick", "PIT", "TSC, rate unknown". Any context. */
const char *clock_source_name(void);

/* Whether the PIT's counter was seen to move. Any context after clock_init(). */
bool clock_pit_counts(void);

/*
 * Put another timeline in place of the kernel's, for tests: it starts at 0 and
 * follows `source`. NULL puts the kernel's own back, as if nothing had been.
 *
 * Context: tasks; no other task may be waiting for a deadline.
 */
void clock_inject(const struct clock_source *source);
