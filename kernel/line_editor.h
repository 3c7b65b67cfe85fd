/* SPDX-License-Identifier: MIT */
/*
 * Edits a line, keystroke by keystroke, in memory that its owner gives. Pure.
 *
 *   Left, Right, Ctrl-B, F     a character        Home, End, Ctrl-A, E   the line's ends
 *   the same with Alt or Ctrl, Alt-B, F   a word, which is what stands between blanks
 *   Backspace, Delete, Ctrl-D  erase a character  Ctrl-T   swap two
 *   Ctrl-U, Ctrl-K             kill what is before, behind the cursor
 *   Ctrl-W, Alt-Backspace, Alt-D   kill the word before, behind it
 *   Ctrl-Y                     insert what was killed last
 *   Up, Down, Ctrl-P, N        the history        Tab      complete the word; twice: what it can be
 *   Ctrl-L                     clear the screen   Enter    the line is complete
 *   Ctrl-C                     give it up         Ctrl-D in an empty line: the end
 *
 * A line is valid UTF-8 without control codes, and never longer than its
 * memory: what does not fit is refused with a bell. Other keys do nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/keystroke.h"
#include "kernel/line_history.h"
#include "kernel/line_view.h"
#include "lib/compiler.h"

/* What the owner gives; all of it must stay. */
struct line_editor_setup {
    /* Three of the same size: the line, the one left for the history's, and what was killed. */
    char *line;
    char *kept;
    char *killed;
    size_t line_size; /* bytes, the terminator's included */
    char *history;
    size_t history_size;

    /* Send UTF-8 with escape sequences to every terminal. */
    void (*write)(const char *bytes, size_t length);

    /*
     * The words that can stand at the end of a line, for completion, one by
     * one; those that do not begin as the last word does are passed over.
     *
     * before  what stands in the line before that word, not terminated
     * index   from 0
     *
     * Returns a word, terminated; NULL behind the last. The function may be NULL.
     */
    const char *(*candidate)(const char *before, size_t length, size_t index);
};

enum line_result {
    LINE_GOES_ON,
    LINE_COMPLETE, /* line_editor_line() has it; it is in the history */
    LINE_GIVEN_UP, /* Ctrl-C */
    LINE_END, /* Ctrl-D in an empty line */
};

struct line_editor {
    struct line_editor_setup setup;
    struct line_view view;
    struct line_history history;
    size_t length; /* of the line, in bytes */
    size_t cursor; /* byte that it is on */
    size_t killed_length;
    uint32_t columns; /* of the terminal */
    uint32_t back; /* which line of the history is here; 0 for none */
    bool tab_was_last; /* another Tab lists what the word can be */
};

/* Set an editor up. columns: as for line_view_begin() with the prompts to come. */
void line_editor_init(struct line_editor *editor, const struct line_editor_setup *setup,
                      uint32_t columns);

/* Begin an empty line at the start of a row. prompt: as for line_view_begin(). */
void line_editor_begin(struct line_editor *editor, const char *prompt);

/* Take a keystroke. When the line is over, the cursor is at the start of a row. */
MUST_CHECK enum line_result line_editor_take(struct line_editor *editor, struct keystroke stroke);

/* The line, terminated; valid until line_editor_begin(). */
const char *line_editor_line(const struct line_editor *editor);

/* Take the line from the screen for other output, which ends its row; then put it back. */
void line_editor_hide(struct line_editor *editor);
void line_editor_show(struct line_editor *editor);

/* The part of the line editor that completes words, for itself alone: what Tab does. */
void line_editor_complete(struct line_editor *editor, bool is_second_tab);

/* Put text in at the cursor. When it does not fit: false, a bell, and nothing changed. */
bool line_editor_insert(struct line_editor *editor, const char *text, size_t length);

/* What the view shows. */
static inline struct line_text line_editor_text(const struct line_editor *editor)
{
    return (struct line_text){editor->setup.line, editor->length, editor->cursor};
}
