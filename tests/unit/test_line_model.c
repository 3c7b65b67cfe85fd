/* SPDX-License-Identifier: MIT */
/*
 * The line editor against a plain model: an array of characters and a cursor.
 * Random keystrokes go to both; after each the line must be the same, and the
 * screen, behind the terminal that the editor writes to, must show it: the
 * prompt, the window's part of the line, the marks, the cursor on its character.
 */
#include "lib/bits.h"
#include "lib/char_width.h"
#include "lib/string.h"
#include "lib/utf8.h"
#include "tests/ktest.h"
#include "tests/unit/line_desk.h"
#include "tests/unit/pseudo_random.h"

#define WINDOW       (DESK_COLUMNS - 3) /* the prompt's two columns, and the last */
#define CTRL(letter) ((letter)&0x1f)

#define LENGTH_MAX (DESK_LINE_SIZE - 1) /* bytes, so characters too */

struct text {
    uint32_t characters[LENGTH_MAX];
    size_t length;
};

static struct {
    struct text line;
    size_t cursor;
    struct text killed;
} model;

static size_t bytes_of(const struct text *text)
{
    char bytes[UTF8_BYTES_MAX];
    size_t total = 0;

    for (size_t i = 0; i < text->length; i++) {
        total += utf8_encode(text->characters[i], bytes);
    }
    return total;
}

static void insert(const struct text *text)
{
    struct text *line = &model.line;

    if (bytes_of(line) + bytes_of(text) > LENGTH_MAX) {
        return;
    }
    memmove(line->characters + model.cursor + text->length, line->characters + model.cursor,
            (line->length - model.cursor) * sizeof(line->characters[0]));
    memcpy(line->characters + model.cursor, text->characters,
           text->length * sizeof(line->characters[0]));
    line->length += text->length;
    model.cursor += text->length;
}

static void erase(size_t first, size_t end)
{
    struct text *line = &model.line;

    memmove(line->characters + first, line->characters + end,
            (line->length - end) * sizeof(line->characters[0]));
    line->length -= end - first;
    model.cursor = first;
}

static void kill(size_t first, size_t end)
{
    if (first == end) {
        return;
    }
    model.killed.length = end - first;
    memcpy(model.killed.characters, model.line.characters + first,
           (end - first) * sizeof(model.killed.characters[0]));
    erase(first, end);
}

static size_t word_left(void)
{
    size_t at = model.cursor;

    for (; at > 0 && model.line.characters[at - 1] == ' '; at--) {
    }
    for (; at > 0 && model.line.characters[at - 1] != ' '; at--) {
    }
    return at;
}

static size_t word_right(void)
{
    size_t at = model.cursor;

    for (; at < model.line.length && model.line.characters[at] == ' '; at++) {
    }
    for (; at < model.line.length && model.line.characters[at] != ' '; at++) {
    }
    return at;
}

static void transpose(void)
{
    struct text *line = &model.line;
    size_t at = model.cursor == line->length && line->length > 0 ? line->length - 1 : model.cursor;

    if (at == 0 || line->length < 2) {
        return;
    }
    uint32_t before = line->characters[at - 1];

    line->characters[at - 1] = line->characters[at];
    line->characters[at] = before;
    model.cursor = at + 1;
}

/* Keys, the ways to say each, and what the model makes of it. */
enum deed {
    INSERT,
    LEFT,
    RIGHT,
    HOME,
    END,
    WORD_LEFT,
    WORD_RIGHT,
    BACKSPACE,
    DELETE,
    KILL_BEFORE,
    KILL_BEHIND,
    KILL_WORD_BEFORE,
    KILL_WORD_BEHIND,
    YANK,
    TRANSPOSE,
    REDRAW,
};

static const struct {
    enum deed deed;
    struct keystroke stroke;
} keys[] = {
    {LEFT, {.key = KEY_LEFT}},
    {LEFT, {.character = CTRL('B')}},
    {LEFT, {.key = KEY_LEFT, .modifiers = KEYSTROKE_SHIFT}},
    {RIGHT, {.key = KEY_RIGHT}},
    {RIGHT, {.character = CTRL('F')}},
    {HOME, {.key = KEY_HOME}},
    {HOME, {.character = CTRL('A')}},
    {END, {.key = KEY_END}},
    {END, {.character = CTRL('E')}},
    {WORD_LEFT, {.key = KEY_LEFT, .modifiers = KEYSTROKE_CTRL}},
    {WORD_LEFT, {.character = 'b', .modifiers = KEYSTROKE_ALT}},
    {WORD_RIGHT, {.key = KEY_RIGHT, .modifiers = KEYSTROKE_ALT}},
    {WORD_RIGHT, {.character = 'f', .modifiers = KEYSTROKE_ALT}},
    {BACKSPACE, {.character = '\b'}},
    {BACKSPACE, {.character = '\b'}},
    {DELETE, {.key = KEY_DELETE}},
    {KILL_BEFORE, {.character = CTRL('U')}},
    {KILL_BEHIND, {.character = CTRL('K')}},
    {KILL_WORD_BEFORE, {.character = CTRL('W')}},
    {KILL_WORD_BEHIND, {.character = 'd', .modifiers = KEYSTROKE_ALT}},
    {YANK, {.character = CTRL('Y')}},
    {YANK, {.character = CTRL('Y')}},
    {TRANSPOSE, {.character = CTRL('T')}},
    {REDRAW, {.character = CTRL('L')}},
};

static void model_do(enum deed deed, uint32_t character)
{
    struct text one = {.characters = {character}, .length = 1};
    size_t at = model.cursor;
    size_t length = model.line.length;

    switch (deed) {
    case INSERT:
        insert(&one);
        break;
    case LEFT:
        model.cursor -= at > 0;
        break;
    case RIGHT:
        model.cursor += at < length;
        break;
    case HOME:
        model.cursor = 0;
        break;
    case END:
        model.cursor = length;
        break;
    case WORD_LEFT:
        model.cursor = word_left();
        break;
    case WORD_RIGHT:
        model.cursor = word_right();
        break;
    case BACKSPACE:
        erase(at - (at > 0), at);
        break;
    case DELETE:
        erase(at, at + (at < length));
        break;
    case KILL_BEFORE:
        kill(0, at);
        break;
    case KILL_BEHIND:
        kill(at, length);
        break;
    case KILL_WORD_BEFORE:
        kill(word_left(), at);
        break;
    case KILL_WORD_BEHIND:
        kill(at, word_right());
        break;
    case YANK:
        insert(&model.killed);
        break;
    case TRANSPOSE:
        transpose();
        break;
    case REDRAW:
        break;
    }
}

static bool is_line_right(void)
{
    char expected[DESK_LINE_SIZE];
    size_t length = 0;
    size_t cursor = 0;

    for (size_t i = 0; i < model.line.length; i++) {
        if (i == model.cursor) {
            cursor = length;
        }
        length += utf8_encode(model.line.characters[i], expected + length);
    }
    expected[length] = '\0';
    cursor = model.cursor == model.line.length ? length : cursor;
    return strcmp(line_editor_line(&desk.editor), expected) == 0 && desk.editor.cursor == cursor;
}

static uint32_t width(uint32_t character)
{
    return char_width(character) == 2 ? 2 : 1;
}

/* As the glass shows it, which knows the first 65536 characters. */
static uint32_t shape(uint32_t character)
{
    return char_width(character) == 0 || character > UINT16_MAX ? UTF8_REPLACEMENT : character;
}

/* The picture that the row should be, of the line from a character on. Returns the cursor's column.
 */
static uint32_t paint(size_t first, uint16_t row[WINDOW + 2])
{
    uint32_t column = 0;
    uint32_t cursor = 0;
    size_t i = first;

    for (uint32_t k = 0; k < WINDOW + 2; k++) {
        row[k] = ' ';
    }
    for (; i < model.line.length; i++) {
        uint32_t character = model.line.characters[i];

        if (i == model.cursor) {
            cursor = column;
        }
        if (column + width(character) > WINDOW) {
            break;
        }
        row[column] = (uint16_t)shape(character);
        column += width(character);
    }
    if (model.cursor >= i) {
        cursor = column;
    }
    if (first > 0) {
        row[0] = '<';
    }
    if (i < model.line.length) {
        if (width(model.line.characters[i - 1]) == 2) {
            row[column - 2] = ' ';
        }
        row[column - 1] = '>';
    }
    return cursor;
}

static uint32_t total_width(void)
{
    uint32_t total = 0;

    for (size_t i = 0; i < model.line.length; i++) {
        total += width(model.line.characters[i]);
    }
    return total;
}

/* Which character a byte of the editor's line begins. */
static size_t index_of_byte(size_t byte)
{
    const char *line = line_editor_line(&desk.editor);
    size_t index = 0;

    for (size_t i = 0; i < byte; i++) {
        index += !utf8_is_continuation(line[i]);
    }
    return index;
}

static bool is_picture_right(void)
{
    uint32_t screen_row = glass_cursor() / 1000;
    size_t first = index_of_byte(desk.editor.view.first);
    uint16_t row[WINDOW + 2];
    uint32_t cursor = paint(first, row);
    bool is_cursor_seen = first == 0 || (cursor > 0 && model.cursor > first);

    for (uint32_t i = 0; i < 2; i++) {
        if (glass_at(screen_row, i).glyph != DESK_PROMPT[i]) {
            return false;
        }
    }
    for (uint32_t i = 0; i < WINDOW + 1; i++) {
        if (glass_at(screen_row, i + 2).glyph != row[i]) {
            ktest_note("column %u: 0x%x instead of 0x%x", i, glass_at(screen_row, i + 2).glyph,
                       row[i]);
            return false;
        }
    }
    if (model.cursor < model.line.length && row[cursor] == '>' &&
        model.line.characters[model.cursor] != '>') {
        return false;
    }
    return is_cursor_seen && desk_column() == cursor + 2 && (first == 0 || total_width() > WINDOW);
}

static uint32_t random_character(uint64_t *seed)
{
    static const uint32_t others[] = {0xe4, 0x20ac, 0x4e2d, 0x301, 0x1f600, 0x2500};

    switch (pseudo_random_below(seed, 8)) {
    case 0:
        return others[pseudo_random_below(seed, ARRAY_SIZE(others))];
    case 1:
    case 2:
        return ' ';
    default:
        return (uint32_t)('!' + pseudo_random_below(seed, 94));
    }
}

static void run_round(uint64_t *seed, uint32_t screen_columns)
{
    desk_start(screen_columns);
    model.line.length = 0;
    model.cursor = 0;
    model.killed.length = 0;
    for (size_t step = 0; step < 1500; step++) {
        /* Now and then mostly text, so that lines get long. */
        bool is_text = pseudo_random_below(seed, 8) < (step / 100 % 2 == 0 ? 7 : 3);
        uint32_t character = random_character(seed);
        size_t key = pseudo_random_below(seed, ARRAY_SIZE(keys));

        desk_take(is_text ? keystroke_of(character) : keys[key].stroke);
        model_do(is_text ? INSERT : keys[key].deed, character);
        REQUIRE(is_line_right());
        REQUIRE(is_picture_right());
    }
}

KTEST(line_model, random_keys_leave_line_and_screen_as_in_the_model)
{
    uint64_t seed = 1;

    for (uint32_t round = 0; round < 12; round++) {
        run_round(&seed, DESK_COLUMNS + round * 5); /* the screen may be wider than is known */
    }
}
