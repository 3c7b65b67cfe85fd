/* SPDX-License-Identifier: MIT */
/*
 * The text screen against two others: what it reports as changed is copied to
 * a stand-in for the card, random text also goes through a plain model, and
 * all three must show the same.
 */
#include "drivers/vga_screen.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define NORMAL 0x07 /* light grey on black */

/* Guards around the screen: an index out of range would show here. */
static struct {
    uint64_t before[VGA_COLUMNS];
    struct vga_screen screen;
    uint64_t after[VGA_COLUMNS];
} area;

static struct vga_screen *const screen = &area.screen;

static void write(const char *text)
{
    vga_screen_write(screen, text, strlen(text));
}

static size_t cursor_at(size_t row, size_t column)
{
    return row * VGA_COLUMNS + column;
}

/* Bring the stand-in for the card up to date; returns how many cells that took. */
static size_t update(uint16_t card[VGA_CELLS])
{
    struct vga_run runs[VGA_RUNS_MAX];
    size_t run_count = vga_screen_changes(screen, runs);
    size_t cells = 0;

    for (size_t i = 0; i < run_count; i++) {
        CHECK(IS_ALIGNED((uintptr_t)runs[i].cells, sizeof(uint64_t)));
        CHECK_EQ(runs[i].first % VGA_CELL_GROUP, 0);
        CHECK_EQ(runs[i].count % VGA_CELL_GROUP, 0);
        CHECK_GT(runs[i].count, 0);
        CHECK_LE(runs[i].first + runs[i].count, VGA_CELLS);
        memcpy(card + runs[i].first, runs[i].cells, runs[i].count * sizeof(uint16_t));
        cells += runs[i].count;
    }
    vga_screen_set_clean(screen);
    return cells;
}

KTEST(vga_screen, changes_are_the_touched_groups_and_nothing_when_clean)
{
    static uint16_t card[VGA_CELLS];

    vga_screen_init(screen);
    CHECK_EQ(update(card), VGA_CELLS);
    CHECK_EQ(update(card), 0);
    write("\r\t");
    CHECK_EQ(update(card), 0);
    write("abc");
    CHECK_EQ(update(card), 4);
    write("de");
    CHECK_EQ(update(card), 8);
    write("\b");
    CHECK_EQ(update(card), 4);
    write("\nx");
    CHECK_EQ(update(card), 4);
    for (size_t i = 0; i < VGA_ROWS; i++) {
        write("\n");
    }
    CHECK_EQ(update(card), VGA_CELLS);
}

KTEST(vga_screen, changes_survive_when_nobody_copied_them)
{
    static uint16_t card[VGA_CELLS];
    struct vga_run runs[VGA_RUNS_MAX];

    vga_screen_init(screen);
    update(card);
    write("cut off");
    (void)vga_screen_changes(screen, runs);
    write("\n\n\n!");
    update(card);
    CHECK_EQ(card[0], vga_cell('c', NORMAL));
    CHECK_EQ(card[cursor_at(3, 0)], vga_cell('!', NORMAL));
}

/* The rules again, as plainly as they can be put: no ring, one cell at a time. */
struct model {
    uint16_t cells[VGA_ROWS][VGA_COLUMNS];
    size_t row;
    size_t column;
    uint8_t attribute;
};

static void model_new_line(struct model *model)
{
    model->column = 0;
    if (++model->row == VGA_ROWS) {
        model->row--;
        memmove(model->cells[0], model->cells[1], sizeof(model->cells) - sizeof(model->cells[0]));
        for (size_t column = 0; column < VGA_COLUMNS; column++) {
            model->cells[VGA_ROWS - 1][column] = vga_cell(' ', model->attribute);
        }
    }
}

static void model_put(struct model *model, uint8_t byte)
{
    if (byte == '\n') {
        model_new_line(model);
    } else if (byte == '\r') {
        model->column = 0;
    } else if (byte == '\b') {
        if (model->column > 0) {
            model->cells[model->row][--model->column] = vga_cell(' ', model->attribute);
        }
    } else {
        if (model->column == VGA_COLUMNS) {
            model_new_line(model);
        }
        if (byte == '\t') {
            model->column += 8 - model->column % 8;
        } else {
            bool printable = byte >= ' ' && byte <= '~';

            model->cells[model->row][model->column++] =
                vga_cell(printable ? byte : 0xfe, model->attribute);
        }
    }
}

/* Mostly words, enough controls that every one meets every column. */
static uint8_t random_byte(uint64_t *state)
{
    static const char controls[] = "\n\n\r\t\b\b\b";

    switch (pseudo_random_below(state, 16)) {
    case 0:
        return (uint8_t)controls[pseudo_random_below(state, sizeof(controls) - 1)];
    case 1:
        return (uint8_t)pseudo_random_below(state, 256);
    default:
        return (uint8_t)(' ' + pseudo_random_below(state, 95));
    }
}

KTEST(vga_screen, random_text_shows_as_in_a_plain_model)
{
    static struct model model;
    static uint16_t card[VGA_CELLS];
    uint64_t seed = 1;

    memset(area.before, 0x5a, sizeof(area.before));
    memset(area.after, 0x5a, sizeof(area.after));
    vga_screen_init(screen);
    update(card);
    memcpy(model.cells, card, sizeof(card));
    model.row = model.column = 0;
    model.attribute = NORMAL;
    for (size_t round = 0; round < 2000; round++) {
        char text[200];
        size_t length = pseudo_random_below(&seed, sizeof(text));

        if (round % 8 == 0) {
            model.attribute = (uint8_t)pseudo_random_below(&seed, 256);
            vga_screen_set_color(screen, model.attribute & 0x0f, model.attribute >> 4);
        }
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)random_byte(&seed);
            model_put(&model, (uint8_t)text[i]);
        }
        vga_screen_write(screen, text, length);
        update(card);
        REQUIRE(memcmp(card, model.cells, sizeof(card)) == 0);
        REQUIRE_EQ(vga_screen_cursor(screen),
                   cursor_at(model.row, MIN(model.column, (size_t)VGA_COLUMNS - 1)));
    }
    for (size_t i = 0; i < VGA_COLUMNS; i++) {
        CHECK_EQ(area.before[i], 0x5a5a5a5a5a5a5a5a);
        CHECK_EQ(area.after[i], 0x5a5a5a5a5a5a5a5a);
    }
}
