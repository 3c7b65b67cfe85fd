/* SPDX-License-Identifier: MIT */
/*
 * What people's clocks show: read off the real-time clock once, at boot, and
 * from there on counted by the kernel's own clock. In which zone the machine's
 * owner has set it, nobody knows.
 */
#pragma once

#include <stdbool.h>

#include "drivers/rtc_time.h"

/* Read the real-time clock, and say what it shows. Context: once at boot, after clock_init(). */
void wall_clock_init(void);

/*
 * The date and time of day.
 *
 * time  out: untouched on failure
 *
 * Returns false where no real-time clock could be read. Context: any.
 */
bool wall_clock_now(struct rtc_time *time);
