/* SPDX-License-Identifier: MIT */
/*
 * The VGA driver against the card: the probe, the registers, and that what
 * changes gets there, all of it and nothing else.
 */
#include "drivers/vga_registers.h"
#include "drivers/vga_text.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/kernel/screen_loan.h"
#include "tests/ktest.h"

#define MISC_WRITE  0x3c2
#define OTHER_MODE  0x04 /* of the attribute controller: text, the ninth dot as in box drawing */
#define CELL_GROUP  4 /* cells are written together, aligned */
#define OTHER_INDEX 0x05 /* of the graphics controller, not the one the probe uses */

static uint8_t graphics_misc_read(void)
{
    port_write8(VGA_GRAPHICS_INDEX, VGA_GRAPHICS_MISC);
    return port_read8(VGA_GRAPHICS_DATA);
}

static void graphics_misc_write(uint8_t value)
{
    port_write8(VGA_GRAPHICS_INDEX, VGA_GRAPHICS_MISC);
    port_write8(VGA_GRAPHICS_DATA, value);
}

static uint8_t attribute_mode_read(void)
{
    (void)port_read8(VGA_INPUT_STATUS_1);
    port_write8(VGA_ATTRIBUTE_WRITE, VGA_ATTRIBUTE_MODE | VGA_ATTRIBUTE_PALETTE_LOCKED);
    return port_read8(VGA_ATTRIBUTE_READ);
}

static void attribute_mode_write(uint8_t value)
{
    (void)port_read8(VGA_INPUT_STATUS_1);
    port_write8(VGA_ATTRIBUTE_WRITE, VGA_ATTRIBUTE_MODE | VGA_ATTRIBUTE_PALETTE_LOCKED);
    port_write8(VGA_ATTRIBUTE_WRITE, value);
}

KTEST(vga_text, probe_finds_the_card_and_leaves_its_registers)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_crtc_write(VGA_CRTC_CURSOR_HIGH, 0x02);
    screen_crtc_write(VGA_CRTC_CURSOR_LOW, 0x9c);

    uint8_t misc = graphics_misc_read();

    port_write8(VGA_GRAPHICS_INDEX, OTHER_INDEX);
    CHECK(vga_text_is_present());
    CHECK_EQ(port_read8(VGA_GRAPHICS_INDEX), OTHER_INDEX);
    CHECK_EQ(screen_cursor(), 0x29c);
    CHECK_EQ(graphics_misc_read(), misc);
    screen_give_back();
}

KTEST(vga_text, probe_rejects_a_monochrome_card)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }

    uint8_t misc = port_read8(VGA_MISC_READ);

    port_write8(MISC_WRITE, misc & (uint8_t)~VGA_MISC_IO_ADDRESS);
    bool present = vga_text_is_present();

    port_write8(MISC_WRITE, misc);
    CHECK(!present);
    CHECK(vga_text_is_present());
    screen_give_back();
}

KTEST(vga_text, probe_rejects_graphics_and_other_addresses)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }

    uint8_t misc = graphics_misc_read();

    graphics_misc_write(misc | VGA_GRAPHICS_MISC_ALPHA_OFF);
    bool in_graphics = vga_text_is_present();

    graphics_misc_write(misc & (uint8_t)~VGA_GRAPHICS_MISC_MAP_MASK);
    bool elsewhere = vga_text_is_present();

    graphics_misc_write(misc);
    CHECK(!in_graphics);
    CHECK(!elsewhere);
    CHECK(vga_text_is_present());
    screen_give_back();
}

KTEST(vga_text, init_takes_over_from_any_state)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }

    uint8_t last_line = screen_crtc_read(VGA_CRTC_MAX_SCAN_LINE) & VGA_CRTC_SCAN_LINE_MASK;
    uint8_t old_mode = attribute_mode_read();

    screen_crtc_write(VGA_CRTC_START_HIGH, 0x12);
    screen_crtc_write(VGA_CRTC_START_LOW, 0x34);
    screen_crtc_write(VGA_CRTC_CURSOR_START, VGA_CRTC_CURSOR_START_OFF);
    screen_crtc_write(VGA_CRTC_CURSOR_END, 0);
    attribute_mode_write(OTHER_MODE | VGA_ATTRIBUTE_MODE_BLINK);
    /* An index without its data: the next write to the port would be taken for that. */
    port_write8(VGA_ATTRIBUTE_WRITE, VGA_ATTRIBUTE_MODE | VGA_ATTRIBUTE_PALETTE_LOCKED);
    screen_type("something\n");
    vga_text_init(vga_text_cells());

    CHECK_EQ(screen_crtc_read(VGA_CRTC_START_HIGH), 0);
    CHECK_EQ(screen_crtc_read(VGA_CRTC_START_LOW), 0);
    CHECK_EQ(screen_crtc_read(VGA_CRTC_CURSOR_START),
             (last_line - 1) | (uint8_t)VGA_CRTC_CURSOR_START_OFF);
    CHECK_EQ(screen_crtc_read(VGA_CRTC_CURSOR_END), last_line);
    CHECK_EQ(attribute_mode_read(), OTHER_MODE);
    CHECK(screen_row_is(0, "something", SCREEN_NORMAL));
    attribute_mode_write(old_mode);
    screen_give_back();
}

KTEST(vga_text, attribute_controller_still_drives_the_picture_after_init)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    (void)port_read8(VGA_INPUT_STATUS_1);
    CHECK_EQ(port_read8(VGA_ATTRIBUTE_WRITE) & VGA_ATTRIBUTE_PALETTE_LOCKED,
             VGA_ATTRIBUTE_PALETTE_LOCKED);
    screen_give_back();
}

KTEST(vga_text, colours_reach_the_card)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    for (unsigned attribute = 0; attribute < 256; attribute++) {
        screen_set_attribute((uint8_t)attribute);
        screen_type("#");
        CHECK_EQ(screen_card()[attribute], terminal_cell_of('#', (uint8_t)attribute));
    }
    screen_give_back();
}

KTEST(vga_text, cursor_registers_follow_the_text)
{
    static const struct {
        const char *text;
        size_t row;
        size_t column;
    } steps[] = {
        {"abc", 0, 3},    {"\n", 1, 0}, {"\t", 1, 8},
        {"x\b", 1, 8},    {"\r", 1, 0}, {"\b", 1, 0},
        {"\n\n", 3, 0},   {"12", 3, 2}, {"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 24, 0},
        {"\t\t", 24, 16},
    };

    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        screen_type(steps[i].text);
        CHECK_EQ(screen_cursor(), steps[i].row * VGA_COLUMNS + steps[i].column);
    }
    screen_type("\x1b[H\x1b[2J");
    CHECK_EQ(screen_cursor(), 0);
    for (size_t column = 1; column <= VGA_COLUMNS; column++) {
        screen_type("x");
        CHECK_EQ(screen_cursor(), MIN(column, (size_t)VGA_COLUMNS - 1));
    }
    screen_type("y");
    CHECK_EQ(screen_cursor(), VGA_COLUMNS + 1);
    screen_give_back();
}

KTEST(vga_text, card_is_never_read)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_type("first\nsecond");
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        screen_card()[cell] = terminal_cell_of('?', SCREEN_NORMAL);
    }
    for (size_t row = 1; row < VGA_ROWS; row++) {
        screen_type("\n");
    }
    CHECK(screen_row_is(0, "second", SCREEN_NORMAL));
    for (size_t row = 1; row < VGA_ROWS; row++) {
        CHECK(screen_row_is(row, "", SCREEN_NORMAL));
    }
    screen_give_back();
}

KTEST(vga_text, only_what_changed_is_written)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_card()[CELL_GROUP] = terminal_cell_of('?', SCREEN_NORMAL);
    screen_card()[VGA_CELLS - 1] = terminal_cell_of('?', SCREEN_NORMAL);
    screen_type("abcd");
    CHECK_EQ(screen_card()[3], terminal_cell_of('d', SCREEN_NORMAL));
    CHECK_EQ(screen_card()[CELL_GROUP], terminal_cell_of('?', SCREEN_NORMAL));
    CHECK_EQ(screen_card()[VGA_CELLS - 1], terminal_cell_of('?', SCREEN_NORMAL));
    screen_type("\x1b[H\x1b[2J");
    CHECK_EQ(screen_cells_that_differ(), 0);
    screen_give_back();
}

KTEST(vga_text, nothing_behind_the_screen_is_written)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    uint16_t old = screen_card()[VGA_CELLS];

    screen_card()[VGA_CELLS] = 0x5a5a;
    for (size_t line = 0; line < 2 * VGA_ROWS + 1; line++) {
        screen_type("a line that makes the ring turn past its seam\n");
        CHECK_EQ(screen_cells_that_differ(), 0);
    }
    CHECK_EQ(screen_card()[VGA_CELLS], 0x5a5a);
    screen_card()[VGA_CELLS] = old;
    screen_give_back();
}

KTEST(vga_text, hidden_cursor_is_off_and_comes_back)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    CHECK_EQ(screen_crtc_read(VGA_CRTC_CURSOR_START) & VGA_CRTC_CURSOR_START_OFF, 0);
    screen_type("\x1b[?25lx");
    CHECK_NE(screen_crtc_read(VGA_CRTC_CURSOR_START) & VGA_CRTC_CURSOR_START_OFF, 0);
    screen_type("\x1b[?25h");
    CHECK_EQ(screen_crtc_read(VGA_CRTC_CURSOR_START) & VGA_CRTC_CURSOR_START_OFF, 0);
    CHECK_EQ(screen_cursor(), 1);
    screen_give_back();
}

KTEST(vga_text, history_comes_onto_the_card_and_goes)
{
    if (!screen_borrow()) {
        SKIP("no VGA in text mode");
    }
    screen_type("first");
    for (size_t row = 0; row < VGA_ROWS; row++) {
        screen_type("\n");
    }
    screen_type("last");
    terminal_scroll_view(screen_terminal(), 1);
    CHECK(screen_row_is(0, "first", SCREEN_NORMAL));
    CHECK_NE(screen_crtc_read(VGA_CRTC_CURSOR_START) & VGA_CRTC_CURSOR_START_OFF, 0);
    terminal_end_view(screen_terminal());
    CHECK(screen_row_is(0, "", SCREEN_NORMAL));
    CHECK(screen_row_is(VGA_ROWS - 1, "last", SCREEN_NORMAL));
    screen_give_back();
}

KTEST(vga_text, screen_is_given_back_as_it_was)
{
    static uint16_t cells[VGA_CELLS];

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    uint64_t flags = irq_save(); /* the clock's log lines may not come in between */
    size_t cursor = screen_cursor();

    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        cells[cell] = screen_card()[cell];
    }
    CHECK(screen_borrow());
    screen_type("over it");
    screen_give_back();
    CHECK_EQ(screen_cursor(), cursor);
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        CHECK_EQ(screen_card()[cell], cells[cell]);
    }
    irq_restore(flags);
}
