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

/* Lines that have left the screen at the top and are kept. */
#define SCREEN_HISTORY_LINES 1000

/* Whether there is a screen that text goes to. */
bool screen_is_there(void);

/* How many characters it shows. columns, rows out: untouched without a screen. Returns whether. */
bool screen_size(uint32_t *columns, uint32_t *rows);

/*
 * Find the screen: the pixels that the loader handed over, else a VGA's text
 * mode. Pixels that cannot be shown are logged.
 *
 * Context: once, on the boot tables; a panic too.
 */
void screen_init(void);

/*
 * Load the kernel's own page tables, with a mapping of the screen's memory in
 * them. Without room for that there is no screen any more.
 *
 * Context: once, after paging_init(), interrupts masked.
 */
void screen_change_tables(void);

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
