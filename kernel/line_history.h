/* SPDX-License-Identifier: MIT */
/*
 * The lines that have been entered, newest last, in memory that its owner
 * gives. What there is no room for pushes out the oldest. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LINE_HISTORY_MAX 100

struct line_history {
    char *bytes; /* lines one behind the other, each with its NUL */
    size_t size;
    size_t used;
    uint32_t count; /* lines, LINE_HISTORY_MAX at the most */
};

/* Start with no lines. size: bytes of memory, 1 or more; a line takes its length and one. */
void line_history_init(struct line_history *history, char *memory, size_t size);

/*
 * Add a line, terminated. One that is empty, is the same as the newest or does
 * not fit into the whole memory is not kept.
 */
void line_history_add(struct line_history *history, const char *line);

/* A line by how long ago it was added, 1 for the newest; NULL when there is none. */
const char *line_history_get(const struct line_history *history, uint32_t back);
