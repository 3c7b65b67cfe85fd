/* SPDX-License-Identifier: MIT */
/*
 * The screen as a console: a terminal on the display that this machine has.
 *
 * Context: any, unless said otherwise; interrupts are masked while the screen
 * changes. No locks and no allocation, so that a panic can print.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"

/* Lines that have left the screen at the top and are kept. */
#define SCREEN_HISTORY_LINES 1000

/* Take the screen over. Returns false when there is none that we know. Context: once at boot. */
MUST_CHECK bool screen_init(void);

/*
 * Give the screen's cells a mapping of their own, now that device memory has one.
 *
 * Returns as paging_map_device(). Context: once, after memory_init().
 */
MUST_CHECK enum status screen_remap(void);

/* Print text; lib/terminal.h says what it interprets. Needs a screen. */
void screen_write(const char *text, size_t length);

/* Make sure that the next text is seen; for panics. */
void screen_recover(void);

/*
 * Look at what was there before; without a screen nothing happens.
 *
 * steps  half screens back; negative: forward; 0 draws the picture anew
 */
void screen_scroll_view(int32_t steps);

/* Show what is there now; likewise. */
void screen_end_view(void);
