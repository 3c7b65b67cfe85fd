/* SPDX-License-Identifier: MIT */
/* Foreign text made fit for one line of output. */
#pragma once

#include <stddef.h>

/*
 * Write text in double quotes, bytes that are not printable ASCII as \xNN; a
 * text that does not fit ends in "..." behind the quote.
 *
 * size    bytes in buffer, 16 or more; always terminated
 * length  bytes of text to look at, at the most; a NUL ends it earlier
 * text    NULL is written NULL
 *
 * Context: any.
 */
void quote(char *buffer, size_t size, const char *text, size_t length);
