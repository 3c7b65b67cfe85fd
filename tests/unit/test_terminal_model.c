/* SPDX-License-Identifier: MIT */
/*
 * The terminal against a plain model of one: an endless scroll of lines, each
 * change made cell by cell. Random operations are done to the model and, as
 * bytes, to the terminal; both must show the same, history included.
 */
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/terminal.h"
#include "lib/utf8.h"
#include "tests/ktest.h"
#include "tests/unit/glass.h"
#include "tests/unit/pseudo_random.h"

#define COLUMNS    23
#define ROWS       7
#define LINES      19 /* history and rows */
#define LINES_EVER 500 /* a round makes fewer */

static const uint8_t pc_color[] = {0, 4, 2, 6, 1, 5, 3, 7};

/* The place and colours that can be saved. */
struct place {
    uint32_t row;
    uint32_t column; /* COLUMNS while a wrap is due */
    uint8_t foreground;
    uint8_t background;
    bool bold;
    bool reverse;
};

static struct {
    struct glass_cell lines[LINES_EVER][COLUMNS];
    uint32_t top; /* the line that is row 0 */
    struct place now;
    struct place saved;
    bool hidden;
} model;

static struct terminal terminal;

static struct glass_cell blank(void)
{
    return (struct glass_cell){' ', terminal_attribute(model.now.foreground, model.now.background)};
}

static void blank_row(uint32_t row)
{
    for (uint32_t column = 0; column < COLUMNS; column++) {
        model.lines[model.top + row][column] = blank();
    }
}

static void model_start(void)
{
    model.top = 0;
    model.now = model.saved = (struct place){.foreground = 7};
    model.hidden = false;
    for (uint32_t row = 0; row < ROWS; row++) {
        blank_row(row);
    }
}

static void down(void)
{
    if (model.now.row < ROWS - 1) {
        model.now.row++;
    } else {
        model.top++;
        blank_row(ROWS - 1);
    }
}

static void put(uint16_t glyph)
{
    uint8_t ink = model.now.foreground | (model.now.bold ? 8 : 0);
    uint8_t paper = model.now.background;
    uint8_t attribute = (uint8_t)(model.now.reverse ? ink << 4 | paper : paper << 4 | ink);

    if (model.now.column == COLUMNS) {
        model.now.column = 0;
        down();
    }
    model.lines[model.top + model.now.row][model.now.column++] =
        (struct glass_cell){glyph, attribute};
}

/* The column as a sequence sees it; the wrap is off then. */
static void settle(void)
{
    model.now.column = MIN(model.now.column, (uint32_t)COLUMNS - 1);
}

static void erase(uint32_t first, uint32_t end)
{
    for (uint32_t cell = first; cell < end; cell++) {
        model.lines[model.top + cell / COLUMNS][cell % COLUMNS] = blank();
    }
}

/* Each operation changes the model and writes what does the same to the terminal. */
typedef size_t operation(uint64_t *seed, char *bytes, size_t size);

static size_t do_text(uint64_t *seed, char *bytes, size_t size)
{
    static const uint16_t others[] = {0xe4, 0x2500, 0x2588, 0xfffd, 0x416};
    size_t count = 1 + pseudo_random_below(seed, 40);
    size_t length = 0;

    while (count-- > 0 && length + UTF8_BYTES_MAX < size) {
        bool is_ascii = pseudo_random_below(seed, 16) != 0;
        uint16_t glyph = is_ascii ? (uint16_t)(' ' + pseudo_random_below(seed, 95))
                                  : others[pseudo_random_below(seed, ARRAY_SIZE(others))];

        put(glyph);
        length += utf8_encode(glyph, bytes + length);
    }
    return length;
}

static size_t do_control(uint64_t *seed, char *bytes, size_t size)
{
    static const char controls[] = "\n\n\n\r\b\t";
    char control = controls[pseudo_random_below(seed, sizeof(controls) - 1)];

    (void)size;
    bytes[0] = control;
    if (control == '\t') {
        /* A due wrap stays due. */
        if (model.now.column < COLUMNS) {
            model.now.column = MIN((model.now.column / 8 + 1) * 8, (uint32_t)COLUMNS - 1);
        }
        return 1;
    }
    settle();
    if (control == '\b') {
        model.now.column -= model.now.column > 0;
    } else {
        model.now.column = 0;
    }
    if (control == '\n') {
        down();
    }
    return 1;
}

static size_t do_move(uint64_t *seed, char *bytes, size_t size)
{
    static const char finals[] = "ABCDEFGHd";
    char final = finals[pseudo_random_below(seed, sizeof(finals) - 1)];
    uint32_t n = (uint32_t)pseudo_random_below(seed, 12);
    uint32_t m = (uint32_t)pseudo_random_below(seed, 30);
    uint32_t count = MAX(n, 1U);
    struct place *now = &model.now;

    settle();
    switch (final) {
    case 'A':
    case 'F':
        now->row = now->row > count ? now->row - count : 0;
        break;
    case 'B':
    case 'E':
        now->row = MIN(now->row + count, (uint32_t)ROWS - 1);
        break;
    case 'C':
        now->column = MIN(now->column + count, (uint32_t)COLUMNS - 1);
        break;
    case 'D':
        now->column = now->column > count ? now->column - count : 0;
        break;
    case 'G':
        now->column = count - 1;
        break;
    case 'd':
        now->row = MIN(count, (uint32_t)ROWS) - 1;
        break;
    default:
        now->row = MIN(count, (uint32_t)ROWS) - 1;
        now->column = MIN(MAX(m, 1U), (uint32_t)COLUMNS) - 1;
        return ksnprintf(bytes, size, "\x1b[%u;%uH", n, m);
    }
    if (final == 'E' || final == 'F') {
        now->column = 0;
    }
    return ksnprintf(bytes, size, "\x1b[%u%c", n, final);
}

static size_t do_erase(uint64_t *seed, char *bytes, size_t size)
{
    uint32_t kind = (uint32_t)pseudo_random_below(seed, 3);
    uint32_t which = (uint32_t)pseudo_random_below(seed, 5);

    settle();

    uint32_t cursor = model.now.row * COLUMNS + model.now.column;
    uint32_t row = model.now.row * COLUMNS;

    if (which == 0) {
        erase(kind == 0 ? cursor : 0, kind == 1 ? cursor + 1 : ROWS * COLUMNS);
        return ksnprintf(bytes, size, "\x1b[%uJ", kind);
    }
    if (which < 3) {
        erase(kind == 0 ? cursor : row, kind == 1 ? cursor + 1 : row + COLUMNS);
        return ksnprintf(bytes, size, "\x1b[%uK", kind);
    }
    erase(cursor, MIN(cursor + kind + 1, row + COLUMNS));
    return ksnprintf(bytes, size, "\x1b[%uX", kind + 1);
}

static size_t do_color(uint64_t *seed, char *bytes, size_t size)
{
    uint32_t digit = (uint32_t)pseudo_random_below(seed, 8);
    uint8_t color = pc_color[digit];
    struct place *now = &model.now;

    switch (pseudo_random_below(seed, 7)) {
    case 0:
        now->foreground = color;
        return ksnprintf(bytes, size, "\x1b[3%um", digit);
    case 1:
        now->background = color;
        return ksnprintf(bytes, size, "\x1b[4%um", digit);
    case 2:
        now->foreground = color | 8;
        return ksnprintf(bytes, size, "\x1b[9%um", digit);
    case 3:
        now->background = color | 8;
        return ksnprintf(bytes, size, "\x1b[10%um", digit);
    case 4:
        now->bold = digit % 2 != 0;
        return ksnprintf(bytes, size, "\x1b[%sm", now->bold ? "1" : "22");
    case 5:
        now->reverse = digit % 2 != 0;
        return ksnprintf(bytes, size, "\x1b[%sm", now->reverse ? "7" : "27");
    default:
        now->foreground = 7;
        now->background = 0;
        now->bold = now->reverse = false;
        return ksnprintf(bytes, size, "\x1b[0m");
    }
}

static size_t do_index(uint64_t *seed, char *bytes, size_t size)
{
    bool is_reverse = pseudo_random_below(seed, 2) != 0;

    settle();
    if (!is_reverse) {
        down();
    } else if (model.now.row > 0) {
        model.now.row--;
    } else {
        for (uint32_t row = ROWS - 1; row > 0; row--) {
            memcpy(model.lines[model.top + row], model.lines[model.top + row - 1],
                   sizeof(model.lines[0]));
        }
        blank_row(0);
    }
    return ksnprintf(bytes, size, "\x1b%c", is_reverse ? 'M' : 'D');
}

static size_t do_save(uint64_t *seed, char *bytes, size_t size)
{
    bool is_csi = pseudo_random_below(seed, 2) != 0;

    if (pseudo_random_below(seed, 2) != 0) {
        model.saved = model.now;
        return ksnprintf(bytes, size,
                         is_csi ? "\x1b[s"
                                : "\x1b"
                                  "7");
    }
    model.now = model.saved;
    return ksnprintf(bytes, size,
                     is_csi ? "\x1b[u"
                            : "\x1b"
                              "8");
}

static size_t do_hide(uint64_t *seed, char *bytes, size_t size)
{
    model.hidden = pseudo_random_below(seed, 2) != 0;
    return ksnprintf(bytes, size, "\x1b[?25%c", model.hidden ? 'l' : 'h');
}

static operation *const operations[] = {do_text,    do_text,  do_text,  do_control,
                                        do_control, do_move,  do_erase, do_color,
                                        do_color,   do_index, do_save,  do_hide};

/* Whether the glass shows the model's lines from one on; the first difference is noted. */
static bool is_showing(uint32_t first_line)
{
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t column = 0; column < COLUMNS; column++) {
            struct glass_cell got = glass_at(row, column);
            struct glass_cell want = model.lines[first_line + row][column];

            if (got.glyph != want.glyph || got.attribute != want.attribute) {
                ktest_note("row %u, column %u", row, column);
                CHECK_EQ(got.glyph, want.glyph);
                CHECK_EQ(got.attribute, want.attribute);
                return false;
            }
        }
    }
    return true;
}

static bool is_history_right(uint64_t *seed)
{
    uint32_t history = MIN(model.top, (uint32_t)LINES - ROWS);
    uint32_t back = (uint32_t)pseudo_random_below(seed, LINES + 2);

    terminal_scroll_view(&terminal, (int32_t)back);
    bool is_right = is_showing(model.top - MIN(back, history));

    terminal_end_view(&terminal);
    return is_right;
}

static void run_round(uint64_t *seed)
{
    glass_start(&terminal, COLUMNS, ROWS, LINES, false);
    model_start();
    for (size_t step = 0; step < 500 && model.top + ROWS + 4 < LINES_EVER; step++) {
        char bytes[256];
        size_t length = 0;

        /* Some operations in one write, as the display then sees only what they leave. */
        for (size_t count = pseudo_random_below(seed, 5); count > 0; count--) {
            operation *next = operations[pseudo_random_below(seed, ARRAY_SIZE(operations))];

            length += next(seed, bytes + length, 60);
        }
        REQUIRE(length < sizeof(bytes));
        terminal_write(&terminal, bytes, length);
        REQUIRE(is_showing(model.top));
        REQUIRE_EQ(glass.has_cursor, !model.hidden);
        if (glass.has_cursor) {
            uint32_t column = MIN(model.now.column, (uint32_t)COLUMNS - 1);

            REQUIRE_EQ(glass_cursor(), model.now.row * 1000 + column);
        }
        REQUIRE(step % 16 != 0 || is_history_right(seed));
    }
}

KTEST(terminal_model, random_operations_show_as_in_the_model)
{
    uint64_t seed = 1;

    for (size_t round = 0; round < 20; round++) {
        run_round(&seed);
    }
}
