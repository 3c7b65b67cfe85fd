/* SPDX-License-Identifier: MIT */
/* The pixel display against a plain model, which works a pixel at a time. */
#include "drivers/framebuffer.h"

#include "drivers/glyphs.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define COLUMNS   5
#define ROWS      3
#define PIXELS    (256 * KIB)
#define UNTOUCHED 0xa5

static uint8_t pixels[PIXELS];
static terminal_cell cells[2 * COLUMNS * ROWS];
static struct framebuffer_mode mode;
static const struct terminal_display *display;

/* What the model says is on the screen. */
static terminal_cell picture[ROWS][COLUMNS];
static bool has_cursor;
static uint32_t cursor_row;
static uint32_t cursor_column;

static const struct framebuffer_mode modes[] = {
    {.width = 40,
     .height = 50,
     .pitch_bytes = 160,
     .bits_per_pixel = 32,
     .red = {16, 8},
     .green = {8, 8},
     .blue = {0, 8}},
    {.width = 43,
     .height = 48,
     .pitch_bytes = 200,
     .bits_per_pixel = 32,
     .red = {20, 10},
     .green = {10, 10},
     .blue = {0, 10}},
    {.width = 40,
     .height = 48,
     .pitch_bytes = 121,
     .bits_per_pixel = 24,
     .red = {0, 8},
     .green = {8, 8},
     .blue = {16, 8}},
    {.width = 41,
     .height = 48,
     .pitch_bytes = 90,
     .bits_per_pixel = 16,
     .red = {11, 5},
     .green = {5, 6},
     .blue = {0, 5}},
    {.width = 40,
     .height = 48,
     .pitch_bytes = 80,
     .bits_per_pixel = 15,
     .red = {10, 5},
     .green = {5, 5},
     .blue = {0, 5}},
};

static const uint8_t colors[16][3] = {
    {0, 0, 0},     {0, 0, 170},     {0, 170, 0},    {0, 170, 170},   {170, 0, 0},   {170, 0, 170},
    {170, 85, 0},  {170, 170, 170}, {85, 85, 85},   {85, 85, 255},   {85, 255, 85}, {85, 255, 255},
    {255, 85, 85}, {255, 85, 255},  {255, 255, 85}, {255, 255, 255},
};

static terminal_cell blank(void)
{
    return terminal_cell_of(' ', terminal_attribute(TERMINAL_LIGHT_GREY, TERMINAL_BLACK));
}

static void start(const struct framebuffer_mode *wanted)
{
    mode = *wanted;
    memset(pixels, UNTOUCHED, sizeof(pixels));
    display = framebuffer_start(&mode, pixels, COLUMNS, ROWS, cells);
    for (unsigned i = 0; i < ROWS * COLUMNS; i++) {
        (&picture[0][0])[i] = blank();
    }
    has_cursor = false;
}

static void put(uint32_t row, uint32_t column, terminal_cell cell)
{
    display->put(row, column, &cell, 1);
    picture[row][column] = cell;
}

static void show(uint32_t row, uint32_t column, bool with_cursor)
{
    display->show(row, column, with_cursor);
    has_cursor = with_cursor;
    cursor_row = row;
    cursor_column = column;
}

static uint32_t bytes_per_pixel(void)
{
    return (mode.bits_per_pixel + 7U) / 8;
}

static uint32_t read_pixel(uint32_t x, uint32_t y)
{
    uint32_t pixel = 0;

    for (uint32_t i = 0; i < bytes_per_pixel(); i++) {
        pixel |= (uint32_t)pixels[y * mode.pitch_bytes + x * bytes_per_pixel() + i] << i * 8;
    }
    return pixel;
}

static uint32_t share(uint8_t value, struct framebuffer_field field)
{
    uint32_t most = (1U << field.size) - 1;

    return (2 * value * most + 255) / 510 << field.position;
}

static uint32_t expected_pixel(uint32_t x, uint32_t y, uint32_t scale)
{
    uint32_t glyph_x = x / scale % GLYPH_WIDTH;
    uint32_t glyph_y = y / scale % GLYPH_HEIGHT;
    uint32_t column = x / scale / GLYPH_WIDTH;
    uint32_t row = y / scale / GLYPH_HEIGHT;
    uint8_t color = TERMINAL_BLACK;

    if (column < COLUMNS && row < ROWS) {
        uint32_t code_point = terminal_cell_code_point(picture[row][column]);
        uint8_t attribute = terminal_cell_attribute(picture[row][column]);
        bool is_front = code_point != 0 && (glyph_find(code_point)[glyph_y] << glyph_x & 0x80) != 0;

        if (has_cursor && row == cursor_row && column == cursor_column && glyph_y >= 14) {
            is_front = true;
        }
        color = is_front ? attribute & 0xf : attribute >> 4;
    }
    return share(colors[color][0], mode.red) | share(colors[color][1], mode.green) |
           share(colors[color][2], mode.blue);
}

/* Every pixel of the mode is as the model says, and nothing behind the last row was written. */
static void check_picture(uint32_t scale)
{
    size_t wrong = 0;
    size_t end = (size_t)mode.pitch_bytes * mode.height;

    for (uint32_t y = 0; y < mode.height; y++) {
        for (uint32_t x = 0; x < mode.width; x++) {
            wrong += read_pixel(x, y) != expected_pixel(x, y, scale);
        }
    }
    CHECK_EQ(wrong, 0);
    for (size_t i = end; i < sizeof(pixels); i++) {
        wrong += pixels[i] != UNTOUCHED;
    }
    CHECK_EQ(wrong, 0);
}

#define NEED_GLYPHS()                                     \
    do {                                                  \
        if (!glyphs_are_there()) {                        \
            SKIP("this kernel was built without glyphs"); \
        }                                                 \
    } while (0)

KTEST(framebuffer, pictures_are_right_in_every_format)
{
    NEED_GLYPHS();
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
        start(&modes[i]);
        check_picture(1);
        for (uint32_t cell = 0; cell < ROWS * COLUMNS; cell++) {
            put(cell / COLUMNS, cell % COLUMNS,
                terminal_cell_of('A' + cell, terminal_attribute(cell, 15 - cell)));
        }
        show(0, 0, false);
        check_picture(1);
    }
}

KTEST(framebuffer, wide_screens_have_every_pixel_doubled)
{
    struct framebuffer_mode wide = modes[0];
    uint32_t columns;
    uint32_t rows;

    NEED_GLYPHS();
    wide.width = 2560;
    wide.pitch_bytes = 2 * 2560; /* as few bytes as will do for it in 16 bits */
    wide.height = 50;
    wide.bits_per_pixel = 16;
    wide.red = (struct framebuffer_field){11, 5};
    wide.green = (struct framebuffer_field){5, 6};
    wide.blue = (struct framebuffer_field){0, 5};
    CHECK(framebuffer_grid(&wide, &columns, &rows));
    CHECK_EQ(columns, 160);
    CHECK_EQ(rows, 1);
    /* Of the grid's 160 by 1 cells the first few. */
    mode = wide;
    memset(pixels, UNTOUCHED, sizeof(pixels));
    display = framebuffer_start(&wide, pixels, COLUMNS, 1, cells);
    for (unsigned i = 0; i < ROWS * COLUMNS; i++) {
        (&picture[0][0])[i] = terminal_cell_of(' ', 0); /* black, as where there are no cells */
    }
    for (uint32_t column = 0; column < COLUMNS; column++) {
        put(0, column, terminal_cell_of('a' + column, 0x1e));
    }
    show(0, 3, true);
    check_picture(2);
}

KTEST(framebuffer, grid_refuses_what_is_no_display)
{
    struct framebuffer_mode odd = modes[0];
    uint32_t columns = 77;
    uint32_t rows = 77;

    odd.bits_per_pixel = 8;
    CHECK(!framebuffer_grid(&odd, &columns, &rows));
    odd = modes[0];
    odd.width = 15;
    CHECK(!framebuffer_grid(&odd, &columns, &rows));
    odd = modes[0];
    odd.height = 15;
    CHECK(!framebuffer_grid(&odd, &columns, &rows));
    CHECK_EQ(columns, 77);
    CHECK_EQ(rows, 77);
    CHECK(framebuffer_grid(&modes[0], &columns, &rows));
    CHECK_EQ(columns, 5);
    CHECK_EQ(rows, 3);
}

KTEST(framebuffer, scroll_moves_the_picture_up_and_fills_from_below)
{
    terminal_cell fresh = terminal_cell_of('.', terminal_attribute(TERMINAL_RED, TERMINAL_GREEN));

    NEED_GLYPHS();
    start(&modes[0]);
    for (uint32_t cell = 0; cell < ROWS * COLUMNS; cell++) {
        put(cell / COLUMNS, cell % COLUMNS, terminal_cell_of('a' + cell, 0x07));
    }
    show(1, 1, true);
    display->scroll(2, fresh);
    memcpy(picture[0], picture[2], sizeof(picture[0]));
    for (uint32_t column = 0; column < COLUMNS; column++) {
        picture[1][column] = fresh;
        picture[2][column] = fresh;
    }
    show(2, 4, true);
    check_picture(1);
}

KTEST(framebuffer, cursor_comes_and_goes_without_a_trace)
{
    NEED_GLYPHS();
    start(&modes[2]);
    put(1, 1, terminal_cell_of('g', 0x4f));
    show(1, 1, true);
    check_picture(1);
    put(1, 1, terminal_cell_of('j', 0x4f)); /* under the cursor, which stays */
    show(1, 1, true);
    check_picture(1);
    show(1, 2, true);
    check_picture(1);
    show(0, 0, false);
    check_picture(1);
}

/* Whether a cell's pixels were written since all of them were set to UNTOUCHED. */
static bool was_painted(uint32_t row, uint32_t column)
{
    for (uint32_t y = row * GLYPH_HEIGHT; y < (row + 1) * GLYPH_HEIGHT; y++) {
        const uint8_t *at = pixels + y * mode.pitch_bytes;

        for (uint32_t x = 0; x < GLYPH_WIDTH * bytes_per_pixel(); x++) {
            if (at[column * GLYPH_WIDTH * bytes_per_pixel() + x] != UNTOUCHED) {
                return true;
            }
        }
    }
    return false;
}

KTEST(framebuffer, only_cells_that_changed_are_painted)
{
    terminal_cell same = terminal_cell_of('=', 0x07);

    NEED_GLYPHS();
    start(&modes[0]);
    for (uint32_t cell = 0; cell < ROWS * COLUMNS; cell++) {
        put(cell / COLUMNS, cell % COLUMNS, same);
    }
    put(2, 3, terminal_cell_of('x', 0x07));
    show(0, 0, false);
    memset(pixels, UNTOUCHED, sizeof(pixels));
    put(0, 0, same);
    display->scroll(1, same); /* the x goes one up, all others are as they were */
    show(0, 0, false);
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t column = 0; column < COLUMNS; column++) {
            CHECK_EQ(was_painted(row, column), column == 3 && row >= 1);
        }
    }
}

KTEST(framebuffer, right_half_of_a_wide_character_is_background)
{
    NEED_GLYPHS();
    start(&modes[3]);
    put(0, 0, terminal_cell_of(0x4e00, 0x2e)); /* no glyph of ours */
    put(0, 1, terminal_cell_of(0, 0x2e));
    show(0, 0, false);
    check_picture(1);
}

KTEST(framebuffer, move_goes_on_elsewhere_with_the_same_picture)
{
    NEED_GLYPHS();
    start(&modes[0]);
    put(0, 0, terminal_cell_of('1', 0x07));
    show(0, 0, false);
    /* As a new mapping would: the same pixels at another address. */
    memmove(pixels + KIB, pixels, (size_t)mode.pitch_bytes * mode.height);
    framebuffer_move(pixels + KIB);
    put(0, 1, terminal_cell_of('2', 0x07));
    show(0, 0, false);
    memmove(pixels, pixels + KIB, (size_t)mode.pitch_bytes * mode.height);
    memset(pixels + (size_t)mode.pitch_bytes * mode.height, UNTOUCHED,
           sizeof(pixels) - (size_t)mode.pitch_bytes * mode.height);
    check_picture(1);
}
