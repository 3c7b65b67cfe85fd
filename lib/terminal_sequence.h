/* SPDX-License-Identifier: MIT */
/*
 * What the terminal does for escape sequences. Private to lib/terminal.c,
 * lib/terminal_sequence.c and lib/terminal_rendition.c.
 */
#pragma once

#include <stdint.h>

#include "lib/terminal.h"

/* Move the cursor, which then stays within the screen; no wrap is due any more. */
void terminal_move(struct terminal *terminal, uint32_t row, uint32_t column);

/* Move the cursor one row down, in the last row the screen one up. */
void terminal_index(struct terminal *terminal);

/* Go back to the default colours. */
void terminal_reset_colors(struct terminal *terminal);

/* Have what is written next look as the cursor's colours say. */
void terminal_update_attribute(struct terminal *terminal);

/* Do what the parameters of SGR say. */
void terminal_select_renditions(struct terminal *terminal);

/* Do what a complete sequence, in terminal->parser, says. */
void terminal_do_escape(struct terminal *terminal, uint8_t final);
void terminal_do_csi(struct terminal *terminal, uint8_t final);
