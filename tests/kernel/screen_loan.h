/* SPDX-License-Identifier: MIT */
/*
 * The screen on loan to a test of its driver: blank, the cursor in the corner,
 * interrupts masked so that nobody prints in between; given back as it was. The
 * card's side of it, which the driver never reads, is read here: its memory
 * and its registers are what the display shows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_NORMAL 0x07 /* light grey on black, as vga_attribute() makes it */

/* Borrow the screen. Returns false, nothing borrowed, without a text mode. Loans nest once. */
bool screen_borrow(void);
void screen_give_back(void);

/* Write text that ends in a NUL. */
void screen_write(const char *text);

/* Choose colours, as vga_attribute() makes them. */
void screen_set_attribute(uint8_t attribute);

/* The cells in the card's memory. */
volatile uint16_t *screen_card(void);

/* Whether the card shows this text in a row, blanks behind it, all in one colour. */
bool screen_row_is(size_t row, const char *text, uint8_t attribute);

/* How many cells the card shows otherwise than the driver remembers. */
size_t screen_cells_that_differ(void);

/* The cell the card shows its cursor on, counted from the top left. */
size_t screen_cursor(void);

/* The CRT controller's registers, by index. */
uint8_t screen_crtc_read(uint8_t index);
void screen_crtc_write(uint8_t index, uint8_t value);
