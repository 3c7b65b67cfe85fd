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
static uint64_t memory[FRAMEBUFFER_MEMORY(COLUMNS, ROWS) / sizeof(uint64_t) + 1];
static struct framebuffer_mode mode;
static struct framebuffer framebuffer;
static const struct terminal_display *display;

/* What the model says is on the screen. */
static struct {
    uint32_t code_point;
    uint8_t attribute;
} picture[ROWS][COLUMNS];
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

static void clear_picture(uint8_t attribute)
{
    for (uint32_t place = 0; place < COLUMNS * ROWS; place++) {
        picture[place / COLUMNS][place % COLUMNS].code_point = ' ';
        picture[place / COLUMNS][place % COLUMNS].attribute = attribute;
    }
    has_cursor = false;
}

static void start(const struct framebuffer_mode *wanted)
{
    mode = *wanted;
    memset(pixels, UNTOUCHED, sizeof(pixels));
    display = framebuffer_start(&framebuffer, &mode, pixels, COLUMNS, ROWS, memory);
    clear_picture(0x07);
}

/* Put a stretch of the picture, as a terminal does. */
static void put_picture(uint32_t first, uint32_t count)
{
    terminal_cell cells[COLUMNS * ROWS];
    uint8_t high[COLUMNS * ROWS];

    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = (first + i) / COLUMNS;
        uint32_t column = (first + i) % COLUMNS;
        uint16_t glyph = glyph_number(picture[row][column].code_point);

        cells[i] = terminal_cell_of(glyph, picture[row][column].attribute);
        high[i] = (uint8_t)(glyph >> 8);
    }
    display->put(display->device, first, cells, high, count);
}

static void set(uint32_t row, uint32_t column, uint32_t code_point, uint8_t attribute)
{
    picture[row][column].code_point = code_point;
    picture[row][column].attribute = attribute;
}

static void put(uint32_t row, uint32_t column, uint32_t code_point, uint8_t attribute)
{
    set(row, column, code_point, attribute);
    put_picture(row * COLUMNS + column, 1);
}

static void show(uint32_t row, uint32_t column, bool with_cursor)
{
    display->show(display->device, row * COLUMNS + column, with_cursor);
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
        const uint8_t *glyph = glyph_rows(glyph_number(picture[row][column].code_point));
        uint8_t attribute = picture[row][column].attribute;
        bool is_front = (glyph[glyph_y] << glyph_x & 0x80) != 0;

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
            set(cell / COLUMNS, cell % COLUMNS, cell % 2 == 0 ? 'A' + cell : 0x2580 + cell,
                terminal_attribute(cell, 15 - cell));
        }
        put_picture(0, ROWS * COLUMNS);
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
    display = framebuffer_start(&framebuffer, &wide, pixels, COLUMNS, 1, memory);
    clear_picture(0); /* black, as where there are no cells */
    for (uint32_t column = 0; column < COLUMNS; column++) {
        put(0, column, 'a' + column, 0x1e);
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

KTEST(framebuffer, any_stretch_can_be_put)
{
    NEED_GLYPHS();
    for (uint32_t first = 0; first < ROWS * COLUMNS; first++) {
        for (uint32_t count = 0; count <= ROWS * COLUMNS - first; count++) {
            start(&modes[3]);
            for (uint32_t place = first; place < first + count; place++) {
                set(place / COLUMNS, place % COLUMNS, 'a' + place, 0x2f);
            }
            put_picture(first, count);
            check_picture(1);
        }
    }
}

KTEST(framebuffer, cursor_comes_and_goes_without_a_trace)
{
    NEED_GLYPHS();
    start(&modes[2]);
    put(1, 1, 'g', 0x4f);
    show(1, 1, true);
    check_picture(1);
    put(1, 1, 'j', 0x4f); /* under the cursor, which stays */
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
    NEED_GLYPHS();
    start(&modes[0]);
    for (uint32_t cell = 0; cell < ROWS * COLUMNS; cell++) {
        set(cell / COLUMNS, cell % COLUMNS, '=', 0x07);
    }
    set(2, 3, 'x', 0x07);
    put_picture(0, ROWS * COLUMNS);
    show(0, 0, false);
    memset(pixels, UNTOUCHED, sizeof(pixels));
    set(2, 3, '=', 0x07); /* as when a scroll takes the x one up */
    set(1, 3, 'x', 0x07);
    put_picture(0, ROWS * COLUMNS);
    show(0, 0, false);
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t column = 0; column < COLUMNS; column++) {
            CHECK_EQ(was_painted(row, column), column == 3 && row >= 1);
        }
    }
}

KTEST(framebuffer, a_difference_in_any_part_of_a_cell_is_seen)
{
    static const struct {
        uint32_t code_point;
        uint8_t attribute;
    } changes[] = {{'B', 0x07}, {0x2502, 0x07}, {0x2502, 0x17}, {'B', 0x17}, {'B', 0x07}};

    NEED_GLYPHS();
    for (uint32_t place = 0; place < ROWS * COLUMNS; place++) {
        start(&modes[0]);
        for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
            set(place / COLUMNS, place % COLUMNS, changes[i].code_point, changes[i].attribute);
            put_picture(0, ROWS * COLUMNS);
            check_picture(1);
        }
    }
}

KTEST(framebuffer, resize_shows_another_number_of_cells)
{
    NEED_GLYPHS();
    mode = modes[1];
    memset(pixels, UNTOUCHED, sizeof(pixels));
    display = framebuffer_start(&framebuffer, &mode, pixels, 2, 1, memory);
    display->put(display->device, 0, (const terminal_cell[]){0x1741, 0x2742},
                 (const uint8_t[]){0, 0}, 2);
    display->show(display->device, 1, true);
    CHECK_EQ(framebuffer_resize(&framebuffer, COLUMNS, ROWS, memory), display);
    clear_picture(0x07);
    put(2, 4, 'Z', 0x31);
    show(2, 4, true);
    check_picture(1);
}

KTEST(framebuffer, move_goes_on_elsewhere_with_the_same_picture)
{
    NEED_GLYPHS();
    start(&modes[0]);
    put(0, 0, '1', 0x07);
    /* As a new mapping would: the same pixels at another address. */
    memmove(pixels + KIB, pixels, (size_t)mode.pitch_bytes * mode.height);
    framebuffer_move(&framebuffer, pixels + KIB);
    put(0, 1, '2', 0x07);
    memmove(pixels, pixels + KIB, (size_t)mode.pitch_bytes * mode.height);
    memset(pixels + (size_t)mode.pitch_bytes * mode.height, UNTOUCHED,
           sizeof(pixels) - (size_t)mode.pitch_bytes * mode.height);
    check_picture(1);
}
