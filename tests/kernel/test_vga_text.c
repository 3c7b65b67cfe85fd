/* SPDX-License-Identifier: MIT */
/*
 * The screen as the card has it: what is read here, through a pointer to its
 * memory and from its registers, is what the display shows. What text does to
 * the cells in all its cases is tested on vga_screen; here it must arrive.
 *
 * Each test borrows the screen with interrupts masked, so that nobody prints
 * in between, and gives it back as it was.
 */
#include "drivers/vga_registers.h"
#include "drivers/vga_text.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "mm/layout.h"
#include "tests/ktest.h"

#define NORMAL      0x07 /* light grey on black */
#define MISC_WRITE  0x3c2
#define MANY_LINES  200
#define OTHER_MODE  0x04 /* of the attribute controller: text, the ninth dot as in box drawing */
#define OTHER_INDEX 0x05 /* of the graphics controller, not the one the probe uses */

static struct {
    uint64_t flags;
    uint16_t cells[VGA_ROWS][VGA_COLUMNS];
    size_t cursor;
    uint8_t attribute;
} borrowed;

static volatile uint16_t *card(void)
{
    return direct_map(paddr(VGA_TEXT_CELLS));
}

static uint16_t card_cell(size_t row, size_t column)
{
    return card()[row * VGA_COLUMNS + column];
}

static uint8_t crtc_read(uint8_t index)
{
    port_write8(VGA_CRTC_INDEX, index);
    return port_read8(VGA_CRTC_DATA);
}

static void crtc_write(uint8_t index, uint8_t value)
{
    port_write8(VGA_CRTC_INDEX, index);
    port_write8(VGA_CRTC_DATA, value);
}

static size_t crtc_cursor(void)
{
    return (size_t)crtc_read(VGA_CRTC_CURSOR_HIGH) << 8 | crtc_read(VGA_CRTC_CURSOR_LOW);
}

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

static void write(const char *text)
{
    vga_text_write(text, strlen(text));
}

static void borrow_screen(void)
{
    borrowed.flags = irq_save();
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        borrowed.cells[cell / VGA_COLUMNS][cell % VGA_COLUMNS] =
            vga_text_cell(cell / VGA_COLUMNS, cell % VGA_COLUMNS);
    }
    borrowed.cursor = crtc_cursor();
    borrowed.attribute = vga_text_attribute();
    vga_text_init(direct_map(paddr(VGA_TEXT_CELLS)));
}

static void set_attribute(uint8_t attribute)
{
    vga_text_set_color(attribute & 0x0f, attribute >> 4);
}

static void write_cells(size_t row, size_t count)
{
    for (size_t column = 0; column < count; column++) {
        char code = (char)borrowed.cells[row][column];

        set_attribute((uint8_t)(borrowed.cells[row][column] >> 8));
        vga_text_write(&code, 1);
    }
}

/*
 * Type the old screen again: whole rows follow each other without newlines,
 * the cursor's is typed up to it a second time. A cursor on a character at the
 * end of its row means that a wrap is due.
 */
static void give_back_screen(void)
{
    size_t row = borrowed.cursor / VGA_COLUMNS;
    size_t column = borrowed.cursor % VGA_COLUMNS;

    set_attribute(borrowed.attribute);
    vga_text_clear();
    for (size_t above = 0; above <= row; above++) {
        write_cells(above, VGA_COLUMNS);
    }
    if (column < VGA_COLUMNS - 1 || (borrowed.cells[row][column] & 0xff) == ' ') {
        write("\r");
        write_cells(row, column);
    }
    set_attribute(borrowed.attribute);
    irq_restore(borrowed.flags);
}

/* Whether the card shows a row with this text, blanks behind it, all in one colour. */
static bool card_row_is(size_t row, const char *text, uint8_t attribute)
{
    size_t length = strlen(text);

    for (size_t column = 0; column < VGA_COLUMNS; column++) {
        uint8_t code = (uint8_t)(column < length ? text[column] : ' ');

        if (card_cell(row, column) != vga_cell(code, attribute)) {
            return false;
        }
    }
    return true;
}

static size_t cells_that_differ_from_the_card(void)
{
    size_t count = 0;

    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        count += card()[cell] != vga_text_cell(cell / VGA_COLUMNS, cell % VGA_COLUMNS);
    }
    return count;
}

KTEST(vga_text, probe_finds_the_card_and_leaves_its_registers)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    crtc_write(VGA_CRTC_CURSOR_HIGH, 0x02);
    crtc_write(VGA_CRTC_CURSOR_LOW, 0x9c);

    uint8_t misc = graphics_misc_read();

    port_write8(VGA_GRAPHICS_INDEX, OTHER_INDEX);
    CHECK(vga_text_is_present());
    CHECK_EQ(port_read8(VGA_GRAPHICS_INDEX), OTHER_INDEX);
    CHECK_EQ(crtc_cursor(), 0x29c);
    CHECK_EQ(graphics_misc_read(), misc);
    give_back_screen();
}

KTEST(vga_text, probe_rejects_a_monochrome_card)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();

    uint8_t misc = port_read8(VGA_MISC_READ);

    port_write8(MISC_WRITE, misc & (uint8_t)~VGA_MISC_IO_ADDRESS);
    bool present = vga_text_is_present();

    port_write8(MISC_WRITE, misc);
    CHECK(!present);
    CHECK(vga_text_is_present());
    give_back_screen();
}

KTEST(vga_text, probe_rejects_graphics_and_other_addresses)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();

    uint8_t misc = graphics_misc_read();

    graphics_misc_write(misc | VGA_GRAPHICS_MISC_ALPHA_OFF);
    bool in_graphics = vga_text_is_present();

    graphics_misc_write(misc & (uint8_t)~VGA_GRAPHICS_MISC_MAP_MASK);
    bool elsewhere = vga_text_is_present();

    graphics_misc_write(misc);
    CHECK(!in_graphics);
    CHECK(!elsewhere);
    CHECK(vga_text_is_present());
    give_back_screen();
}

KTEST(vga_text, init_takes_over_from_any_state)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();

    uint8_t last_line = crtc_read(VGA_CRTC_MAX_SCAN_LINE) & VGA_CRTC_SCAN_LINE_MASK;
    uint8_t old_mode = attribute_mode_read();

    crtc_write(VGA_CRTC_START_HIGH, 0x12);
    crtc_write(VGA_CRTC_START_LOW, 0x34);
    crtc_write(VGA_CRTC_CURSOR_START, VGA_CRTC_CURSOR_START_OFF);
    crtc_write(VGA_CRTC_CURSOR_END, 0);
    attribute_mode_write(OTHER_MODE | VGA_ATTRIBUTE_MODE_BLINK);
    /* An index without its data: the next write to the port would be taken for that. */
    port_write8(VGA_ATTRIBUTE_WRITE, VGA_ATTRIBUTE_MODE | VGA_ATTRIBUTE_PALETTE_LOCKED);
    write("something\n");
    vga_text_set_color(VGA_RED, VGA_GREEN);
    vga_text_init(direct_map(paddr(VGA_TEXT_CELLS)));

    CHECK_EQ(crtc_read(VGA_CRTC_START_HIGH), 0);
    CHECK_EQ(crtc_read(VGA_CRTC_START_LOW), 0);
    CHECK_EQ(crtc_read(VGA_CRTC_CURSOR_START), last_line - 1);
    CHECK_EQ(crtc_read(VGA_CRTC_CURSOR_END), last_line);
    CHECK_EQ(crtc_cursor(), 0);
    CHECK_EQ(attribute_mode_read(), OTHER_MODE);
    for (size_t row = 0; row < VGA_ROWS; row++) {
        CHECK(card_row_is(row, "", NORMAL));
    }
    CHECK_EQ(cells_that_differ_from_the_card(), 0);
    attribute_mode_write(old_mode);
    give_back_screen();
}

KTEST(vga_text, attribute_controller_still_drives_the_picture_after_init)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    (void)port_read8(VGA_INPUT_STATUS_1);
    CHECK_EQ(port_read8(VGA_ATTRIBUTE_WRITE) & VGA_ATTRIBUTE_PALETTE_LOCKED,
             VGA_ATTRIBUTE_PALETTE_LOCKED);
    give_back_screen();
}

KTEST(vga_text, colours_reach_the_card)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    for (unsigned attribute = 0; attribute < 256; attribute++) {
        set_attribute((uint8_t)attribute);
        CHECK_EQ(vga_text_attribute(), attribute);
        write("#");
        CHECK_EQ(card()[attribute], vga_cell('#', (uint8_t)attribute));
    }
    give_back_screen();
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

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        write(steps[i].text);
        CHECK_EQ(crtc_cursor(), steps[i].row * VGA_COLUMNS + steps[i].column);
    }
    vga_text_clear();
    CHECK_EQ(crtc_cursor(), 0);
    for (size_t column = 1; column <= VGA_COLUMNS; column++) {
        write("x");
        CHECK_EQ(crtc_cursor(), MIN(column, (size_t)VGA_COLUMNS - 1));
    }
    write("y");
    CHECK_EQ(crtc_cursor(), VGA_COLUMNS + 1);
    give_back_screen();
}

KTEST(vga_text, card_is_never_read)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    write("first\nsecond");
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        card()[cell] = vga_cell('?', NORMAL);
    }
    for (size_t row = 1; row < VGA_ROWS; row++) {
        write("\n");
    }
    CHECK(card_row_is(0, "second", NORMAL));
    for (size_t row = 1; row < VGA_ROWS; row++) {
        CHECK(card_row_is(row, "", NORMAL));
    }
    give_back_screen();
}

KTEST(vga_text, only_what_changed_is_written)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    card()[VGA_CELL_GROUP] = vga_cell('?', NORMAL);
    card()[VGA_CELLS - 1] = vga_cell('?', NORMAL);
    write("abcd");
    CHECK_EQ(card_cell(0, 3), vga_cell('d', NORMAL));
    CHECK_EQ(card()[VGA_CELL_GROUP], vga_cell('?', NORMAL));
    CHECK_EQ(card()[VGA_CELLS - 1], vga_cell('?', NORMAL));
    vga_text_clear();
    CHECK_EQ(cells_that_differ_from_the_card(), 0);
    give_back_screen();
}

KTEST(vga_text, nothing_behind_the_screen_is_written)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    uint16_t old = card()[VGA_CELLS];

    card()[VGA_CELLS] = 0x5a5a;
    for (size_t line = 0; line < 2 * VGA_ROWS + 1; line++) {
        write("a line that makes the ring turn past its seam\n");
        CHECK_EQ(cells_that_differ_from_the_card(), 0);
    }
    CHECK_EQ(card()[VGA_CELLS], 0x5a5a);
    card()[VGA_CELLS] = old;
    give_back_screen();
}

KTEST(vga_text, screen_is_given_back_as_it_was)
{
    static uint16_t cells[VGA_CELLS];
    static __typeof__(borrowed) outer;

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    write("a row\nand \x01, half of another\r");
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        cells[cell] = card()[cell];
    }

    outer = borrowed;
    borrow_screen();
    write("over it");
    give_back_screen();
    borrowed = outer;
    CHECK_EQ(crtc_cursor(), VGA_COLUMNS);
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        CHECK_EQ(card()[cell], cells[cell]);
    }
    give_back_screen();
}

KTEST(printing, text_is_in_the_screen_buffer)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    write("Some test string that fits on a single line");
    CHECK(card_row_is(0, "Some test string that fits on a single line", NORMAL));
    CHECK(card_row_is(1, "", NORMAL));
    give_back_screen();
}

KTEST(printing, many_lines_leave_the_last_ones)
{
    char line[32];

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    for (int number = 0; number < MANY_LINES; number++) {
        ksnprintf(line, sizeof(line), "line %d of many\n", number);
        write(line);
    }
    for (int row = 0; row < VGA_ROWS - 1; row++) {
        ksnprintf(line, sizeof(line), "line %d of many", MANY_LINES - (VGA_ROWS - 1) + row);
        CHECK(card_row_is((size_t)row, line, NORMAL));
    }
    CHECK(card_row_is(VGA_ROWS - 1, "", NORMAL));
    CHECK_EQ(crtc_cursor(), (VGA_ROWS - 1) * VGA_COLUMNS);
    give_back_screen();
}

KTEST(printing, scrolling_moves_rows_by_exactly_one)
{
    static uint16_t rows[VGA_ROWS][VGA_COLUMNS];

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        const char code = (char)('!' + (cell * 7 + cell / VGA_COLUMNS) % 90);

        set_attribute((uint8_t)(cell % 251));
        vga_text_write(&code, 1);
    }
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        rows[cell / VGA_COLUMNS][cell % VGA_COLUMNS] = card()[cell];
    }
    set_attribute(NORMAL);
    write("\n");
    for (size_t row = 0; row < VGA_ROWS - 1; row++) {
        for (size_t column = 0; column < VGA_COLUMNS; column++) {
            CHECK_EQ(card_cell(row, column), rows[row + 1][column]);
        }
    }
    CHECK(card_row_is(VGA_ROWS - 1, "", NORMAL));
    give_back_screen();
}

KTEST(printing, full_row_and_newline_leave_no_empty_row)
{
    char text[VGA_COLUMNS + 1];

    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    memset(text, '=', VGA_COLUMNS);
    text[VGA_COLUMNS] = '\0';
    write(text);
    write("\nnext\n");
    CHECK(card_row_is(0, text, NORMAL));
    CHECK(card_row_is(1, "next", NORMAL));
    give_back_screen();
}

KTEST(printing, controls_and_blocks_show_as_they_should)
{
    if (!vga_text_is_present()) {
        SKIP("no VGA in text mode");
    }
    borrow_screen();
    write("a\tb\nxyz\rX\nabc\b\bB\n\x01\x7f\x80\xff");
    CHECK(card_row_is(0, "a       b", NORMAL));
    CHECK(card_row_is(1, "Xyz", NORMAL));
    CHECK(card_row_is(2, "aB", NORMAL));
    CHECK(card_row_is(3, "\xfe\xfe\xfe\xfe", NORMAL));
    give_back_screen();
}
