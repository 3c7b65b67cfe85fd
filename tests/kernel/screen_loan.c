/* SPDX-License-Identifier: MIT */
/* Lends the screen to tests. */
#include "tests/kernel/screen_loan.h"

#include "drivers/vga_registers.h"
#include "drivers/vga_text.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "mm/layout.h"

#define LOANS_MAX 2

struct loan {
    uint64_t flags;
    uint16_t cells[VGA_ROWS][VGA_COLUMNS];
    size_t cursor;
    uint8_t attribute;
};

static struct {
    struct loan loans[LOANS_MAX];
    size_t count;
} lent;

volatile uint16_t *screen_card(void)
{
    return vga_text_cells();
}

uint8_t screen_crtc_read(uint8_t index)
{
    port_write8(VGA_CRTC_INDEX, index);
    return port_read8(VGA_CRTC_DATA);
}

void screen_crtc_write(uint8_t index, uint8_t value)
{
    port_write8(VGA_CRTC_INDEX, index);
    port_write8(VGA_CRTC_DATA, value);
}

size_t screen_cursor(void)
{
    return (size_t)screen_crtc_read(VGA_CRTC_CURSOR_HIGH) << 8 |
           screen_crtc_read(VGA_CRTC_CURSOR_LOW);
}

void screen_write(const char *text)
{
    vga_text_write(text, strlen(text));
}

bool screen_borrow(void)
{
    if (!vga_text_is_present()) {
        return false;
    }
    ASSERT_CMP(lent.count, <, (size_t)LOANS_MAX);

    struct loan *loan = &lent.loans[lent.count++];

    loan->flags = irq_save();
    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        loan->cells[cell / VGA_COLUMNS][cell % VGA_COLUMNS] =
            vga_text_cell(cell / VGA_COLUMNS, cell % VGA_COLUMNS);
    }
    loan->cursor = screen_cursor();
    loan->attribute = vga_text_attribute();
    vga_text_init(vga_text_cells());
    return true;
}

void screen_set_attribute(uint8_t attribute)
{
    vga_text_set_color(attribute & 0x0f, attribute >> 4);
}

static void write_cells(const struct loan *loan, size_t row, size_t count)
{
    for (size_t column = 0; column < count; column++) {
        char code = (char)loan->cells[row][column];

        screen_set_attribute((uint8_t)(loan->cells[row][column] >> 8));
        vga_text_write(&code, 1);
    }
}

/*
 * Type the old screen again: whole rows follow each other without newlines,
 * the cursor's is typed up to it a second time. A cursor on a character at the
 * end of its row means that a wrap is due.
 */
void screen_give_back(void)
{
    const struct loan *loan = &lent.loans[--lent.count];
    size_t row = loan->cursor / VGA_COLUMNS;
    size_t column = loan->cursor % VGA_COLUMNS;

    screen_set_attribute(loan->attribute);
    vga_text_clear();
    for (size_t above = 0; above <= row; above++) {
        write_cells(loan, above, VGA_COLUMNS);
    }
    if (column < VGA_COLUMNS - 1 || (loan->cells[row][column] & 0xff) == ' ') {
        screen_write("\r");
        write_cells(loan, row, column);
    }
    screen_set_attribute(loan->attribute);
    irq_restore(loan->flags);
}

bool screen_row_is(size_t row, const char *text, uint8_t attribute)
{
    size_t length = strlen(text);

    for (size_t column = 0; column < VGA_COLUMNS; column++) {
        uint8_t code = (uint8_t)(column < length ? text[column] : ' ');

        if (screen_card()[row * VGA_COLUMNS + column] != vga_cell(code, attribute)) {
            return false;
        }
    }
    return true;
}

size_t screen_cells_that_differ(void)
{
    size_t count = 0;

    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        count += screen_card()[cell] != vga_text_cell(cell / VGA_COLUMNS, cell % VGA_COLUMNS);
    }
    return count;
}
