/* SPDX-License-Identifier: MIT */
/*
 * VGA text mode, 80x25, 16 colours, with the hardware cursor. The driver keeps
 * the screen in RAM (vga_screen) and only ever writes to the card.
 *
 * Usable from any context: what touches the screen masks interrupts, and a
 * panic that an NMI brings into the middle of that finds every index in range.
 * No locks, no allocation, no waiting.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/vga_screen.h"

/* Where the card's text cells are in physical memory, and how many bytes of them are shown. */
#define VGA_TEXT_CELLS 0xb8000UL
#define VGA_TEXT_SIZE  ((size_t)VGA_CELLS * sizeof(uint16_t))

/*
 * Whether a VGA answers that is in a colour text mode with its cells at
 * VGA_TEXT_CELLS. A monochrome adapter, a card in a graphics mode and a card
 * that nobody set up count as absent. The registers are left as they were.
 *
 * Context: any.
 */
bool vga_text_is_present(void);

/*
 * Take over the screen: cleared, light grey on black, the page at
 * VGA_TEXT_CELLS shown, an underline as cursor, all 16 colours for the
 * background too (attribute bit 7 is brightness, never blinking).
 *
 * cells  the kernel's pointer to VGA_TEXT_CELLS, mapped for as long as the
 *        driver is used; 8-byte aligned
 *
 * Needs vga_text_is_present(). What follows needs this.
 */
void vga_text_init(void *cells);

/*
 * Use another mapping of the cells from now on; the screen stays as it is.
 *
 * cells  as for vga_text_init()
 */
void vga_text_move(void *cells);

/* Where the cells are mapped; NULL before vga_text_init(). */
void *vga_text_cells(void);

/*
 * Write text at the cursor; see vga_screen_write() for what it interprets. The
 * card sees each changed cell and the cursor once for the whole call.
 *
 * length  bytes of text, which need not end in a NUL
 */
void vga_text_write(const char *text, size_t length);

/* Blank the screen in the current colours, the cursor in the top left corner. */
void vga_text_clear(void);

/* Choose the colours of what is written and blanked from now on. */
void vga_text_set_color(enum vga_color foreground, enum vga_color background);

/* The colours in use, as vga_attribute() makes them. */
uint8_t vga_text_attribute(void);

/* The cell at row 0-24, column 0-79, as the driver remembers it. */
uint16_t vga_text_cell(size_t row, size_t column);
