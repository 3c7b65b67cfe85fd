/* SPDX-License-Identifier: MIT */
/*
 * The keys. Each changes the line and the cursor in it; the view finds out by
 * itself what that means on the screen.
 */
#include "kernel/line_editor.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/utf8.h"

#define CTRL(letter) ((letter)&0x1f)
#define DELETE       0x7f

#define BELL         "\a"
#define CLEAR_SCREEN "\x1b[H\x1b[2J"

static void bell(struct line_editor *editor)
{
    line_view_send(&editor->view, BELL, 1);
}

/* --- Places in the line ------------------------------------------------------ */

static size_t character_before(const struct line_editor *editor, size_t at)
{
    while (at > 0 && utf8_is_continuation(editor->setup.line[--at])) {
    }
    return at;
}

static size_t character_behind(const struct line_editor *editor, size_t at)
{
    at += at < editor->length;
    while (at < editor->length && utf8_is_continuation(editor->setup.line[at])) {
        at++;
    }
    return at;
}

static size_t word_before(const struct line_editor *editor, size_t at)
{
    const char *line = editor->setup.line;

    while (at > 0 && line[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && line[at - 1] != ' ') {
        at--;
    }
    return at;
}

static size_t word_behind(const struct line_editor *editor, size_t at)
{
    const char *line = editor->setup.line;

    while (at < editor->length && line[at] == ' ') {
        at++;
    }
    while (at < editor->length && line[at] != ' ') {
        at++;
    }
    return at;
}

/* --- Changes ----------------------------------------------------------------- */

bool line_editor_insert(struct line_editor *editor, const char *text, size_t length)
{
    char *line = editor->setup.line;
    size_t cursor = editor->cursor;

    if (length >= editor->setup.line_size - editor->length) {
        bell(editor);
        return false;
    }
    memmove(line + cursor + length, line + cursor, editor->length - cursor);
    memcpy(line + cursor, text, length);
    editor->length += length;
    editor->cursor += length;
    return true;
}

/* Take out what is between two places; the cursor is where it was. */
static void erase(struct line_editor *editor, size_t first, size_t end)
{
    char *line = editor->setup.line;

    memmove(line + first, line + end, editor->length - end);
    editor->length -= end - first;
    editor->cursor = first;
}

static void kill(struct line_editor *editor, size_t first, size_t end)
{
    if (first < end) {
        memcpy(editor->setup.killed, editor->setup.line + first, end - first);
        editor->killed_length = end - first;
        erase(editor, first, end);
    }
}

/* The character at the cursor and the one before change places; at the end the last two. */
static void transpose(struct line_editor *editor)
{
    char *line = editor->setup.line;
    char moved[UTF8_BYTES_MAX];
    size_t at = editor->cursor;

    if (at == editor->length) {
        at = character_before(editor, at);
    }

    size_t before = character_before(editor, at);
    size_t behind = character_behind(editor, at);

    if (at == 0 || at == behind) {
        bell(editor);
        return;
    }
    memcpy(moved, line + before, at - before);
    memmove(line + before, line + at, behind - at);
    memcpy(line + before + (behind - at), moved, at - before);
    editor->cursor = behind;
}

static void insert_character(struct line_editor *editor, uint32_t character)
{
    char bytes[UTF8_BYTES_MAX];
    bool is_control = character < ' ' || (character >= DELETE && character < 0xa0);

    if (!is_control) {
        (void)line_editor_insert(editor, bytes, utf8_encode(character, bytes));
    }
}

/* --- History ----------------------------------------------------------------- */

static void load(struct line_editor *editor, const char *text)
{
    editor->length =
        string_copy(editor->setup.line, editor->setup.line_size, text, editor->setup.line_size - 1);
    editor->cursor = editor->length;
}

/* Show the line that was entered so many lines ago; 0 for the one being edited. */
static void go_back(struct line_editor *editor, uint32_t back)
{
    const char *line = back == 0 ? editor->setup.kept : line_history_get(&editor->history, back);

    if (line == NULL || back == editor->back) {
        bell(editor);
        return;
    }
    if (editor->back == 0) {
        string_copy(editor->setup.kept, editor->setup.line_size, line_editor_line(editor),
                    editor->length);
    }
    editor->back = back;
    load(editor, line);
}

/* --- Keys -------------------------------------------------------------------- */

static void move_by_key(struct line_editor *editor, struct keystroke stroke)
{
    bool by_word = (stroke.modifiers & (KEYSTROKE_ALT | KEYSTROKE_CTRL)) != 0;
    size_t at = editor->cursor;

    switch (stroke.key) {
    case KEY_LEFT:
        editor->cursor = by_word ? word_before(editor, at) : character_before(editor, at);
        break;
    case KEY_RIGHT:
        editor->cursor = by_word ? word_behind(editor, at) : character_behind(editor, at);
        break;
    case KEY_HOME:
        editor->cursor = 0;
        break;
    case KEY_END:
        editor->cursor = editor->length;
        break;
    case KEY_DELETE:
        erase(editor, at, character_behind(editor, at));
        break;
    case KEY_UP:
        go_back(editor, editor->back + 1);
        break;
    case KEY_DOWN:
        go_back(editor, editor->back - MIN(editor->back, 1U));
        break;
    default:
        break;
    }
}

static void take_with_alt(struct line_editor *editor, uint32_t character)
{
    size_t at = editor->cursor;

    switch (character) {
    case 'b':
    case 'B':
        editor->cursor = word_before(editor, at);
        break;
    case 'f':
    case 'F':
        editor->cursor = word_behind(editor, at);
        break;
    case 'd':
    case 'D':
        kill(editor, at, word_behind(editor, at));
        break;
    case '\b':
        kill(editor, word_before(editor, at), at);
        break;
    default:
        break;
    }
}

/* Control codes that move as keys do, too. */
static enum key key_of_control(uint32_t character)
{
    switch (character) {
    case CTRL('A'):
        return KEY_HOME;
    case CTRL('B'):
        return KEY_LEFT;
    case CTRL('D'):
        return KEY_DELETE;
    case CTRL('E'):
        return KEY_END;
    case CTRL('F'):
        return KEY_RIGHT;
    case CTRL('N'):
        return KEY_DOWN;
    case CTRL('P'):
        return KEY_UP;
    default:
        return KEY_NONE;
    }
}

static void take_character(struct line_editor *editor, uint32_t character)
{
    size_t at = editor->cursor;

    switch (character) {
    case '\b':
        erase(editor, character_before(editor, at), at);
        break;
    case CTRL('K'):
        kill(editor, at, editor->length);
        break;
    case CTRL('U'):
        kill(editor, 0, at);
        break;
    case CTRL('W'):
        kill(editor, word_before(editor, at), at);
        break;
    case CTRL('Y'):
        (void)line_editor_insert(editor, editor->setup.killed, editor->killed_length);
        break;
    case CTRL('T'):
        transpose(editor);
        break;
    case CTRL('L'):
        line_view_send(&editor->view, CLEAR_SCREEN, strlen(CLEAR_SCREEN));
        line_view_redraw(&editor->view, line_editor_text(editor));
        break;
    default:
        insert_character(editor, character);
        break;
    }
}

static enum line_result end(struct line_editor *editor, enum line_result result, const char *mark)
{
    line_view_end(&editor->view, line_editor_text(editor), mark);
    if (result == LINE_COMPLETE) {
        line_history_add(&editor->history, line_editor_line(editor));
    }
    return result;
}

static void edit(struct line_editor *editor, struct keystroke stroke)
{
    bool is_second_tab = editor->tab_was_last;

    editor->tab_was_last = stroke.character == '\t';
    if (stroke.character == '\t') {
        line_editor_complete(editor, is_second_tab);
    } else if (stroke.character == 0) {
        move_by_key(editor, stroke);
    } else if ((stroke.modifiers & KEYSTROKE_ALT) != 0) {
        take_with_alt(editor, stroke.character);
    } else if (key_of_control(stroke.character) != KEY_NONE) {
        move_by_key(editor, (struct keystroke){.key = key_of_control(stroke.character)});
    } else {
        take_character(editor, stroke.character);
    }
}

enum line_result line_editor_take(struct line_editor *editor, struct keystroke stroke)
{
    switch (stroke.character) {
    case '\n':
    case '\r':
        return end(editor, LINE_COMPLETE, "");
    case CTRL('C'):
        return end(editor, LINE_GIVEN_UP, "^C");
    case CTRL('D'):
        if (editor->length == 0) {
            return end(editor, LINE_END, "");
        }
        break;
    default:
        break;
    }
    edit(editor, stroke);
    line_view_update(&editor->view, line_editor_text(editor));
    return LINE_GOES_ON;
}

void line_editor_init(struct line_editor *editor, const struct line_editor_setup *setup,
                      uint32_t columns)
{
    ASSERT_CMP(setup->line_size, >=, 1);
    memset(editor, 0, sizeof(*editor));
    editor->setup = *setup;
    editor->columns = columns;
    editor->view.write = setup->write;
    line_history_init(&editor->history, setup->history, setup->history_size);
}

void line_editor_begin(struct line_editor *editor, const char *prompt)
{
    editor->length = 0;
    editor->cursor = 0;
    editor->back = 0;
    editor->tab_was_last = false;
    line_view_begin(&editor->view, prompt, editor->columns);
}

const char *line_editor_line(const struct line_editor *editor)
{
    editor->setup.line[editor->length] = '\0';
    return editor->setup.line;
}

void line_editor_hide(struct line_editor *editor)
{
    line_view_hide(&editor->view);
}

void line_editor_show(struct line_editor *editor)
{
    line_view_redraw(&editor->view, line_editor_text(editor));
}
