/* SPDX-License-Identifier: MIT */
/*
 * VGA text mode, 80x25, 16 colours, with the hardware cursor, as a display for
 * a terminal. The card, which is slow to read, is only ever written: its cells
 * are the terminal's own.
 *
 * Context: any, one at a time. No locks, no allocation, no waiting.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/terminal_display.h"

#define VGA_COLUMNS 80
#define VGA_ROWS    25
#define VGA_CELLS   (VGA_COLUMNS * VGA_ROWS)

/* Where the card's text cells are in physical memory, and how many bytes of them are shown. */
#define VGA_TEXT_CELLS 0xb8000UL
#define VGA_TEXT_SIZE  ((size_t)VGA_CELLS * sizeof(terminal_cell))

/*
 * Whether a VGA answers that is in a colour text mode with its cells at
 * VGA_TEXT_CELLS. A monochrome adapter, a card in a graphics mode and a card
 * that nobody set up count as absent. The registers are left as they were.
 *
 * Context: any.
 */
bool vga_text_is_present(void);

/*
 * Take over the screen: the page at VGA_TEXT_CELLS is shown, with what is in
 * it, no cursor until one is put, an underline then, all 16 colours for the
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

/* The screen as a terminal sees it; nothing is put before vga_text_init(). */
extern const struct terminal_display vga_text_display;
