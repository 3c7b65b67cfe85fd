/* SPDX-License-Identifier: MIT */
/*
 * The periodic tick, and time since boot from it. The PIT at 1000 Hz; where it
 * does not count or its interrupt does not come, the RTC at 1024 Hz; where
 * nothing ticks, time stands still and the kernel says so. The TSC's rate is
 * measured between two ticks as they come, and only refines the time between
 * ticks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum tick_source { TICK_NONE, TICK_PIT, TICK_RTC };

/* Start the best source that seems to work. Context: once at boot, interrupts masked. */
void tick_init(void);

/*
 * See whether the source does tick, and fall back to the next where it has had
 * its time: call while idle, interrupts enabled, until it answers true.
 *
 * Returns whether the matter is settled: it ticks, or nothing ever will.
 */
bool tick_is_settled(void);

/* Let time go forward in whole ticks, without the TSC between them (clock=tick). */
void tick_ignore_tsc(void);

enum tick_source tick_source(void);

/* Ticks since boot. Any context. */
uint64_t tick_count(void);

/* Nanoseconds a tick of the present source lasts; 0 without one. Any context. */
uint64_t tick_period_ns(void);

/* Microseconds since the ticks began; never goes backwards. Any context. */
uint64_t tick_uptime_us(void);

/* TSC cycles a second; 0 until it has been measured. Any context. */
uint64_t tick_tsc_hz(void);
