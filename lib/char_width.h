/* SPDX-License-Identifier: MIT */
/*
 * How many cells of a terminal a character takes. The scripts that fill two
 * cells and the marks that take none are listed by block, not one by one: the
 * point is that the terminal here and the one at the other end of the serial
 * line agree on where the cursor is. Source: The Unicode Standard, Annex 11,
 * "East Asian Width"; "General Category" Mn, Me and Cf.
 */
#pragma once

#include <stdint.h>

/* Cells for a code point, 0 to 2; 0 for control codes too. Any context. */
unsigned char_width(uint32_t code_point);
