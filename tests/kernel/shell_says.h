/* SPDX-License-Identifier: MIT */
/* A line run as a command, and what it printed. */
#pragma once

#include <stdbool.h>

/*
 * Run a line in the calling task.
 *
 * Returns what was printed; valid until the next call.
 */
const char *shell_says(const char *line);

/* Whether a text has a part, or a line, or begins with something. */
bool text_has(const char *text, const char *part);
bool text_has_line(const char *text, const char *line);
bool text_begins(const char *text, const char *beginning);

/* The number behind "key: " at the start of a line of the text; UINT64_MAX for none. */
unsigned long text_number(const char *text, const char *key);
