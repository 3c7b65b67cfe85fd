/* SPDX-License-Identifier: MIT */
/*
 * The 8254 interval timer, channel 0: the PC's IRQ 0. It counts down at
 * PIT_HZ from a divisor and interrupts as it starts over.
 * Source: Intel 8254 datasheet, "Programming the 8254".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PIT_HZ 1193182 /* 14.31818 MHz / 12 */

/*
 * Start channel 0 in mode 2 (rate generator).
 *
 * divisor  counts a period, 2 to 65535; the rate is PIT_HZ / divisor
 */
void pit_start(uint16_t divisor);

/* What channel 0 counts at this moment, 1 to the divisor. Any context. */
uint16_t pit_read_counter(void);

/*
 * Whether channel 0 counts, so that a timer is there at all. Reads it for up to
 * some milliseconds until it has moved. Context: after pit_start().
 */
bool pit_is_counting(void);

/*
 * Wait by reading channel 0, which is started over for it.
 *
 * us  microseconds, up to an hour's
 *
 * Returns false as soon as the channel is seen not to count. Context: interrupts
 * masked; nothing else may use the channel any more.
 */
bool pit_wait_polled(uint32_t us);
