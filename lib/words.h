/* SPDX-License-Identifier: MIT */
/*
 * A line cut into words as a shell does. Blanks separate words. Quotes, single
 * or double, keep what they enclose as it is, and a backslash the character
 * behind it, but within single quotes it is itself. A word may be made of
 * several such pieces, and "" is a word. A bare & at the end is none: it asks
 * for the background. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/compiler.h"
#include "lib/status.h"

#define WORDS_MAX 32

struct words {
    size_t count;
    const char *at[WORDS_MAX]; /* terminated, all within the line */
    bool in_background;
};

/*
 * Split a line.
 *
 * line   changed: the words are made in it, and valid as long as it is
 * words  out; of no use on failure
 *
 * Returns OK
 *         ERR_CORRUPT  a quote is not closed, a backslash ends the line, or a
 *                      bare & is not its end, or all there is
 *         ERR_FULL     more than WORDS_MAX words
 * Context: any.
 */
MUST_CHECK enum status words_split(char *line, struct words *words);
