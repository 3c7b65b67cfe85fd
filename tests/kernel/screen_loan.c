/* SPDX-License-Identifier: MIT */
/* Lends the screen to tests. */
#include "tests/kernel/screen_loan.h"

#include "drivers/vga_registers.h"
#include "drivers/vga_text.h"
#include "kernel/screen.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define HISTORY_LINES 30

static struct {
    struct terminal terminal; /* the tests' own */
    terminal_cell cells[(VGA_ROWS + HISTORY_LINES) * VGA_COLUMNS] ALIGNED(sizeof(uint64_t));
    uint64_t flags;
    bool is_out;
} loan;

volatile terminal_cell *screen_card(void)
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

struct terminal *screen_terminal(void)
{
    return &loan.terminal;
}

void screen_type(const char *text)
{
    terminal_write(&loan.terminal, text, strlen(text));
}

void screen_set_attribute(uint8_t attribute)
{
    terminal_set_colors(&loan.terminal, attribute & 0x0f, attribute >> 4);
}

bool screen_borrow(void)
{
    if (!vga_text_is_present()) {
        return false;
    }
    ASSERT(!loan.is_out);
    loan.is_out = true;
    loan.flags = irq_save();
    vga_text_init(vga_text_cells());
    terminal_init(&loan.terminal, &vga_text_display, loan.cells, VGA_ROWS + HISTORY_LINES);
    return true;
}

/* The kernel's terminal knows what it has shown. */
void screen_give_back(void)
{
    vga_text_init(vga_text_cells());
    screen_scroll_view(0);
    loan.is_out = false;
    irq_restore(loan.flags);
}

bool screen_row_is(size_t row, const char *text, uint8_t attribute)
{
    size_t length = strlen(text);

    for (size_t column = 0; column < VGA_COLUMNS; column++) {
        uint8_t code = (uint8_t)(column < length ? text[column] : ' ');

        if (screen_card()[row * VGA_COLUMNS + column] != terminal_cell_of(code, attribute)) {
            return false;
        }
    }
    return true;
}

size_t screen_cells_that_differ(void)
{
    const struct terminal_page *page = &loan.terminal.page;
    size_t count = 0;

    for (size_t cell = 0; cell < VGA_CELLS; cell++) {
        size_t place = (page->top * VGA_COLUMNS + cell) % ARRAY_SIZE(loan.cells);

        count += screen_card()[cell] != loan.cells[place];
    }
    return count;
}
