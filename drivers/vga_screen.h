/* SPDX-License-Identifier: MIT */
/*
 * The 80x25 text screen as its driver remembers it, so that the card, which is
 * slow to read, never is. Pure: no hardware; also built and tested on the host.
 *
 * The rows are a ring: a scroll turns it and moves no cell. What must still
 * reach the card is one range of cells. Every index is in range after every
 * store, so that a panic in the middle of a write can write, too.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"

#define VGA_COLUMNS 80
#define VGA_ROWS    25
#define VGA_CELLS   (VGA_COLUMNS * VGA_ROWS)

/* Cells go to the card in groups of this many: 8 bytes, one bus write. */
#define VGA_CELL_GROUP 4

/* What stands for a byte that has no shape: a small block in code page 437. */
#define VGA_UNPRINTABLE 0xfe

enum vga_color {
    VGA_BLACK,
    VGA_BLUE,
    VGA_GREEN,
    VGA_CYAN,
    VGA_RED,
    VGA_MAGENTA,
    VGA_BROWN,
    VGA_LIGHT_GREY,
    VGA_DARK_GREY,
    VGA_LIGHT_BLUE,
    VGA_LIGHT_GREEN,
    VGA_LIGHT_CYAN,
    VGA_LIGHT_RED,
    VGA_LIGHT_MAGENTA,
    VGA_YELLOW,
    VGA_WHITE,
};

/* The colour byte of a cell. */
static inline uint8_t vga_attribute(enum vga_color foreground, enum vga_color background)
{
    return (uint8_t)((unsigned)background << 4 | (unsigned)foreground);
}

/* A cell as the card holds it: the character's code low, the colours high. */
static inline uint16_t vga_cell(uint8_t code, uint8_t attribute)
{
    return (uint16_t)((unsigned)attribute << 8 | code);
}

struct vga_screen {
    uint16_t ring[VGA_ROWS][VGA_COLUMNS] ALIGNED(sizeof(uint64_t));
    uint32_t top; /* the ring's row that is the screen's row 0 */
    uint32_t row; /* of the cursor, on the screen */
    uint32_t column; /* 0 to VGA_COLUMNS; the last means that a wrap is due */
    uint32_t changed_first; /* cells of the screen that the card lacks: */
    uint32_t changed_end; /* none when changed_end <= changed_first */
    uint8_t attribute; /* of what is written next */
};

/* Neighbouring cells that are neighbours in memory too; both numbers whole groups. */
struct vga_run {
    const uint16_t *cells;
    size_t first; /* where they go: a cell of the screen, counted from its top left */
    size_t count;
};

/* A run ends where the ring does, so a range of the screen is two at the most. */
#define VGA_RUNS_MAX 2

/* Start with a blank screen, light grey on black, the cursor in the top left corner. */
void vga_screen_init(struct vga_screen *screen);

/* Blank every cell in the current colours and put the cursor in the top left corner. */
void vga_screen_clear(struct vga_screen *screen);

/* Choose the colours of what is written and blanked from now on. */
void vga_screen_set_color(struct vga_screen *screen, enum vga_color foreground,
                          enum vga_color background);

/*
 * Write text at the cursor.
 *
 * newline          to the start of the next row; on the last the screen scrolls
 * carriage return  to the start of the row
 * tab              to the next multiple of 8, over what is there
 * backspace        one cell to the left, which becomes blank; stays in column 0
 * other bytes outside 0x20-0x7e show as VGA_UNPRINTABLE
 *
 * The wrap at the right edge is deferred: the row's last cell leaves the cursor
 * on it, and the next character or tab moves to the next row first. So a line
 * of 80 characters and its newline take one row.
 */
void vga_screen_write(struct vga_screen *screen, const char *text, size_t length);

/* The cell at a place on the screen: row 0-24, column 0-79. */
uint16_t vga_screen_cell(const struct vga_screen *screen, size_t row, size_t column);

/* The cell the cursor is on, counted from the top left; the row's last while a wrap is due. */
size_t vga_screen_cursor(const struct vga_screen *screen);

/*
 * What has changed since vga_screen_set_clean(). Returns how many runs there are.
 * Copy them, then call vga_screen_set_clean(): so nothing that a panic cuts off is lost.
 */
size_t vga_screen_changes(const struct vga_screen *screen, struct vga_run runs[VGA_RUNS_MAX]);
void vga_screen_set_clean(struct vga_screen *screen);
