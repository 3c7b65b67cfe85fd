/* SPDX-License-Identifier: MIT */
/* The one screen, its terminal and what that remembers. */
#include "kernel/screen.h"

#include "drivers/vga_text.h"
#include "lib/terminal.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "mm/paging.h"

#define LINES (VGA_ROWS + SCREEN_HISTORY_LINES)

static bool is_present;
static struct terminal terminal;
static uint8_t memory[TERMINAL_PAGE_SIZE(LINES, VGA_COLUMNS, false)] ALIGNED(sizeof(uint64_t));

bool screen_init(void)
{
    if (!vga_text_is_present()) {
        return false;
    }
    vga_text_init(direct_map(paddr(VGA_TEXT_CELLS)));
    terminal_init(&terminal, &vga_text_display, memory, LINES);
    is_present = true;
    return true;
}

enum status screen_remap(void)
{
    void *mapped;
    enum status status = paging_map_device(paddr(VGA_TEXT_CELLS), VGA_TEXT_SIZE,
                                           PAGE_WRITE | PAGE_WRITE_COMBINING, &mapped);

    if (status == OK) {
        vga_text_move(mapped);
    }
    return status;
}

void screen_write(const char *text, size_t length)
{
    uint64_t flags = irq_save();

    terminal_write(&terminal, text, length);
    irq_restore(flags);
}

void screen_recover(void)
{
    terminal_recover(&terminal);
}

void screen_scroll_view(int32_t steps)
{
    uint64_t flags = irq_save();

    if (is_present) {
        terminal_scroll_view(&terminal, steps * (int32_t)(terminal.page.rows / 2));
    }
    irq_restore(flags);
}

void screen_end_view(void)
{
    uint64_t flags = irq_save();

    if (is_present) {
        terminal_end_view(&terminal);
    }
    irq_restore(flags);
}
