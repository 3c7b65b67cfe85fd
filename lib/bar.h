/* SPDX-License-Identifier: MIT */
/* A share as a bar of text: "[#####...............] 25 %". Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Write a bar. A share above nothing shows at least one cell, one below the
 * whole leaves at least one; the percentage is rounded down.
 *
 * size   bytes in buffer, 1 or more; the text is cut to fit
 * part   0 to whole
 * whole  1 or more
 * cells  between the brackets, 2 or more
 *
 * Returns buffer. Context: any.
 */
const char *bar_draw(char *buffer, size_t size, uint64_t part, uint64_t whole, unsigned cells);
