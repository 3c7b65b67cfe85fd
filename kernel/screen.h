/* SPDX-License-Identifier: MIT */
/*
 * The screen as a console: a terminal on the display that this machine has, a
 * VGA's text mode or pixels that the loader handed over. Pixels are shown in
 * two steps: 80 columns by 25 rows of them as soon as they are known, so that
 * early failures can be read, and all of them once there is a heap.
 *
 * Context: any, unless said otherwise; interrupts are masked while the screen
 * changes. No locks and, unless said otherwise, no allocation, so that a panic
 * can print.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot_info.h"
#include "lib/compiler.h"
#include "lib/status.h"

/* Lines that have left the screen at the top and are kept. */
#define SCREEN_HISTORY_LINES 1000

/* Whether there is a screen that text goes to. */
bool screen_is_there(void);

/* Take a VGA's text mode over, if there is one. Context: once at boot. */
void screen_init(void);

/*
 * Show text on the pixels that the loader handed over, if it did, from now on;
 * those above BOOT_MAP_SIZE wait for screen_remap(). Pixels that cannot be
 * shown are logged. Context: once at boot, on the boot tables.
 */
void screen_use_framebuffer(const struct boot_framebuffer *framebuffer);

/*
 * Give the screen's memory a mapping of its own, now that device memory has one.
 *
 * Returns as paging_map_device(); then there is no screen any more.
 * Context: once, when the kernel's own tables are loaded and before anything is printed.
 */
MUST_CHECK enum status screen_remap(void);

/*
 * Use all of the pixels, and remember what leaves at the top; as much of it as
 * there is memory for. Context: once, when there is a heap.
 */
void screen_grow(void);

/* Print text; lib/terminal.h says what it interprets. */
void screen_write(const char *text, size_t length);

/* Make sure that the next text is seen; for panics. */
void screen_recover(void);

/*
 * Look at what was there before.
 *
 * steps  half screens back; negative: forward; 0 draws the picture anew
 */
void screen_scroll_view(int32_t steps);

/* Show what is there now. */
void screen_end_view(void);
