/* SPDX-License-Identifier: MIT */
/*
 * A line editor that writes to a terminal that shows on glass: what is typed
 * can be looked at as a person would.
 */
#pragma once

#include "kernel/line_editor.h"
#include "tests/unit/glass.h"

#define DESK_PROMPT    "> "
#define DESK_COLUMNS   30 /* that the editor is told of */
#define DESK_ROWS      12
#define DESK_LINE_SIZE 101 /* a hundred bytes and the terminator */

struct desk {
    struct terminal terminal;
    struct line_editor editor;
    enum line_result result; /* of the last keystroke */
    uint32_t bells; /* ever */
    uint64_t bytes_written; /* ever */
};

extern struct desk desk;

/* A new editor on a new screen of at least DESK_COLUMNS columns, the prompt printed. */
void desk_start(uint32_t screen_columns);

/* The editor takes one keystroke; when a line is over, the next is begun. */
void desk_take(struct keystroke stroke);

/* The same for what a serial terminal sends. */
void desk_type(const char *bytes);

/* The row the cursor is in, without blanks at its end, and the cursor's column. */
const char *desk_row(void);
uint32_t desk_column(void);
