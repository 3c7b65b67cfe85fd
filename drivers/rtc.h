/* SPDX-License-Identifier: MIT */
/*
 * The real-time clock: date and time of day, a periodic interrupt where the PIT
 * is silent, and the seconds, to measure other clocks by. Accesses are
 * two port writes, index and data; interrupts are masked between them, and the
 * NMI is left enabled. Source: Motorola MC146818 datasheet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/rtc_time.h"
#include "lib/compiler.h"
#include "lib/status.h"

#define RTC_PERIODIC_HZ 1024

/* Whether a clock answers and its oscillator is set to run. Any context. */
bool rtc_is_present(void);

/*
 * Interrupt on the clock's line RTC_PERIODIC_HZ times a second, until
 * rtc_stop_periodic(). Other interrupts of the clock stay as they are. The rate
 * selection is left at this when stopped: it is also what a PC's firmware sets.
 *
 * Context: any. The clock holds its interrupt line until rtc_acknowledge().
 */
void rtc_start_periodic(void);
void rtc_stop_periodic(void);

/*
 * End the clock's interrupt, so that the next one can come. Returns whether a
 * period had ended since the last time. Context: any; from the clock's
 * interrupt handler each time.
 */
bool rtc_acknowledge(void);

/*
 * Read the seconds of the time of day.
 *
 * seconds  out: 0 to 59; untouched on failure
 *
 * Returns OK
 *         ERR_TIMED_OUT  the clock never left its update: it is broken or absent
 *         ERR_CORRUPT    the register holds no such number
 *
 * Context: any; waits out an update, 2 ms, with interrupts as they are.
 */
MUST_CHECK enum status rtc_seconds(uint8_t *seconds);

/*
 * Read date and time of day, all of one and the same second.
 *
 * time  out: untouched on failure
 *
 * Returns and context as rtc_seconds().
 */
MUST_CHECK enum status rtc_read_time(struct rtc_time *time);
