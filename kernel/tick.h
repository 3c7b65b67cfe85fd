/* SPDX-License-Identifier: MIT */
/*
 * The periodic tick. The PIT at 1000 Hz; where it does not count or its
 * interrupt does not come, the RTC at 1024 Hz; where nothing ticks the kernel
 * says so and polls. The TSC's rate is measured between two ticks as they
 * come. What time it is says kernel/clock.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum tick_source { TICK_NONE, TICK_PIT, TICK_RTC };

#define TICK_PIT_DIVISOR 1193 /* of PIT_HZ: 1000.15 Hz, the nearest to 1000 */
#define TICK_RTC_HZ      1024

/*
 * Start the best source that seems to work.
 *
 * pit_counts  whether the PIT's counter was seen to move
 *
 * Context: once at boot, interrupts masked.
 */
void tick_init(bool pit_counts);

/*
 * See whether the source does tick, and fall back to the next where it has had
 * its time: call while idle until it answers true.
 *
 * Returns whether the matter is settled: it ticks, or nothing ever will.
 * Context: tasks and the idle task.
 */
bool tick_is_settled(void);

/* What ticks, or is being tried. Any context. */
enum tick_source tick_source(void);

/* Ticks since boot. Any context. */
uint64_t tick_count(void);

/* Nanoseconds a tick of the present source lasts; 0 without one. Any context. */
uint64_t tick_period_ns(void);

/* TSC cycles a second: 0 until measured, then better known again and again. Any context. */
uint64_t tick_tsc_hz(void);

/* Another number whenever the source or the TSC's rate has changed. Any context. */
uint32_t tick_generation(void);
