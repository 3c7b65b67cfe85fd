/* SPDX-License-Identifier: MIT */
/*
 * The screen on loan to a test of its driver: blank, behind a terminal of the
 * test's own, the cursor in the corner, interrupts masked so that nobody prints
 * in between; given back as it was. The card's side of it, which the driver
 * never reads, is read here: its memory and its registers are what the display
 * shows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/terminal.h"

#define SCREEN_NORMAL 0x07 /* light grey on black */

/* Borrow the screen. Returns false, nothing borrowed, without a text mode. */
bool screen_borrow(void);
void screen_give_back(void);

/* The terminal on the borrowed screen. */
struct terminal *screen_terminal(void);

/* Write text that ends in a NUL. */
void screen_type(const char *text);

/* Choose colours, as terminal_attribute() makes them. */
void screen_set_attribute(uint8_t attribute);

/* The cells in the card's memory. */
volatile terminal_cell *screen_card(void);

/* Whether the card shows this text in a row, blanks behind it, all in one colour. */
bool screen_row_is(size_t row, const char *text, uint8_t attribute);

/* How many cells the card shows otherwise than the terminal has them. */
size_t screen_cells_that_differ(void);

/* The cell the card shows its cursor on, counted from the top left. */
size_t screen_cursor(void);

/* The CRT controller's registers, by index. */
uint8_t screen_crtc_read(uint8_t index);
void screen_crtc_write(uint8_t index, uint8_t value);
