/* SPDX-License-Identifier: MIT */
/*
 * The registers of a VGA that the text driver and its tests touch, at their
 * colour addresses. Source: IBM VGA/XGA Technical Reference Manual; names as
 * in the FreeVGA project's VGA documentation.
 */
#pragma once

#include "lib/bits.h"

/* Miscellaneous Output register, read side. */
#define VGA_MISC_READ       0x3cc
#define VGA_MISC_IO_ADDRESS BIT(0) /* CRTC at 0x3d4 (colour); 0: at 0x3b4 (monochrome) */

/* CRT controller: an index port, then the register it selects. */
#define VGA_CRTC_INDEX 0x3d4
#define VGA_CRTC_DATA  0x3d5

#define VGA_CRTC_MAX_SCAN_LINE 0x09 /* bits 0-4: scan lines of a character row, less one */
#define VGA_CRTC_CURSOR_START  0x0a /* bits 0-4: first scan line of the cursor */
#define VGA_CRTC_CURSOR_END    0x0b /* bits 0-4: last scan line of the cursor */
#define VGA_CRTC_START_HIGH    0x0c /* start address: the cell at the top left, */
#define VGA_CRTC_START_LOW     0x0d /* counted from the start of the card's memory */
#define VGA_CRTC_CURSOR_HIGH   0x0e /* cursor location, a cell counted like the */
#define VGA_CRTC_CURSOR_LOW    0x0f /* start address */

#define VGA_CRTC_SCAN_LINE_MASK   0x1f
#define VGA_CRTC_CURSOR_START_OFF BIT(5) /* no cursor */

/* Graphics controller: an index port, then the register it selects. */
#define VGA_GRAPHICS_INDEX 0x3ce
#define VGA_GRAPHICS_DATA  0x3cf

#define VGA_GRAPHICS_MISC           0x06
#define VGA_GRAPHICS_MISC_ALPHA_OFF BIT(0) /* a graphics mode */
#define VGA_GRAPHICS_MISC_MAP_MASK  (BIT(2) | BIT(3)) /* where the CPU sees the memory */
#define VGA_GRAPHICS_MISC_MAP_B8000 (BIT(2) | BIT(3)) /* 32 KiB from 0xb8000 */

/*
 * Attribute controller: index and data are written to one port in turn; a read
 * of Input Status 1 makes the next write an index.
 */
#define VGA_INPUT_STATUS_1  0x3da
#define VGA_ATTRIBUTE_WRITE 0x3c0
#define VGA_ATTRIBUTE_READ  0x3c1

#define VGA_ATTRIBUTE_PALETTE_LOCKED BIT(5) /* with the index: 0 turns the picture off */
#define VGA_ATTRIBUTE_MODE           0x10
#define VGA_ATTRIBUTE_MODE_BLINK     BIT(3) /* attribute bit 7 blinks; 0: bright background */
