/* SPDX-License-Identifier: MIT */
/*
 * The probe, the registers, and the copy of cells. Source: IBM VGA/XGA
 * Technical Reference Manual.
 */
#include "drivers/vga_text.h"

#include "drivers/vga_cp437.h"
#include "drivers/vga_registers.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

/* Cells go to the card in groups of this many: 8 bytes, one bus write. */
#define CELL_GROUP 4

static struct {
    terminal_cell *cells; /* the card's */
    bool has_cursor; /* the card shows one */
} vga;

static uint8_t crtc_read(uint8_t index)
{
    port_write8(VGA_CRTC_INDEX, index);
    return port_read8(VGA_CRTC_DATA);
}

/* One 16-bit write is index and value, so that nothing can come between them. */
static void crtc_write(uint8_t index, uint8_t value)
{
    port_write16(VGA_CRTC_INDEX, (uint16_t)(value << 8 | index));
}

/* Whether a register holds what is written to it; it keeps its old value. */
static bool crtc_register_holds(uint8_t index, uint8_t value)
{
    uint8_t old = crtc_read(index);

    crtc_write(index, value);
    /* crtc_read() puts the index on the bus first, so that no echo of the value is read. */
    bool holds = crtc_read(index) == value;

    crtc_write(index, old);
    return holds;
}

static bool has_color_crtc(void)
{
    if ((port_read8(VGA_MISC_READ) & VGA_MISC_IO_ADDRESS) == 0) {
        return false;
    }
    return crtc_register_holds(VGA_CRTC_CURSOR_LOW, 0x5a) &&
           crtc_register_holds(VGA_CRTC_CURSOR_LOW, 0xa5) &&
           crtc_register_holds(VGA_CRTC_CURSOR_HIGH, 0x05);
}

static bool is_in_text_mode(void)
{
    uint8_t old_index = port_read8(VGA_GRAPHICS_INDEX);

    port_write8(VGA_GRAPHICS_INDEX, VGA_GRAPHICS_MISC);
    uint8_t misc = port_read8(VGA_GRAPHICS_DATA);

    port_write8(VGA_GRAPHICS_INDEX, old_index);
    return (misc & (VGA_GRAPHICS_MISC_ALPHA_OFF | VGA_GRAPHICS_MISC_MAP_MASK)) ==
           VGA_GRAPHICS_MISC_MAP_B8000;
}

bool vga_text_is_present(void)
{
    uint64_t flags = irq_save();
    bool present = has_color_crtc() && is_in_text_mode();

    irq_restore(flags);
    return present;
}

static void set_start_address(uint16_t cell)
{
    crtc_write(VGA_CRTC_START_HIGH, (uint8_t)(cell >> 8));
    crtc_write(VGA_CRTC_START_LOW, (uint8_t)cell);
}

static void set_cursor(size_t cell)
{
    crtc_write(VGA_CRTC_CURSOR_HIGH, (uint8_t)(cell >> 8));
    crtc_write(VGA_CRTC_CURSOR_LOW, (uint8_t)cell);
}

/* The last two scan lines of a row, 14 and 15 with the usual font of 16; or no cursor. */
static void set_cursor_shape(bool is_shown)
{
    uint8_t last = crtc_read(VGA_CRTC_MAX_SCAN_LINE) & VGA_CRTC_SCAN_LINE_MASK;
    uint8_t first = last > 0 ? last - 1 : 0;

    crtc_write(VGA_CRTC_CURSOR_START, is_shown ? first : first | VGA_CRTC_CURSOR_START_OFF);
    crtc_write(VGA_CRTC_CURSOR_END, last);
}

static void set_bright_backgrounds(void)
{
    uint8_t index = VGA_ATTRIBUTE_MODE | VGA_ATTRIBUTE_PALETTE_LOCKED;

    (void)port_read8(VGA_INPUT_STATUS_1);
    port_write8(VGA_ATTRIBUTE_WRITE, index);
    port_write8(VGA_ATTRIBUTE_WRITE,
                port_read8(VGA_ATTRIBUTE_READ) & (uint8_t)~VGA_ATTRIBUTE_MODE_BLINK);
}

void vga_text_move(void *cells)
{
    ASSERT(cells != NULL && IS_ALIGNED((uintptr_t)cells, sizeof(uint64_t)));
    vga.cells = cells;
}

void *vga_text_cells(void)
{
    return vga.cells;
}

void vga_text_init(void *cells)
{
    vga_text_move(cells);

    uint64_t flags = irq_save();

    set_bright_backgrounds();
    vga.has_cursor = false;
    set_cursor_shape(false);
    set_start_address(0);
    irq_restore(flags);
}

static uint16_t glyph(uint32_t code_point)
{
    return vga_cp437(code_point);
}

/* The card is not memory that the compiler knows, so it may not make anything else of this. */
static void put(void *device, uint32_t first, const terminal_cell *cells, const uint8_t *high,
                uint32_t count)
{
    const void *source = cells;
    void *destination = vga.cells + first;
    size_t groups = count / CELL_GROUP;
    size_t rest = count % CELL_GROUP;

    (void)device;
    (void)high;
    ASSERT_CMP(first, <=, VGA_CELLS);
    ASSERT_CMP(count, <=, VGA_CELLS - first);
    __asm__ volatile("rep movsq" : "+S"(source), "+D"(destination), "+c"(groups) : : "memory");
    __asm__ volatile("rep movsw" : "+S"(source), "+D"(destination), "+c"(rest) : : "memory");
}

static void show(void *device, uint32_t cursor, bool has_cursor)
{
    (void)device;
    set_cursor(cursor);
    if (has_cursor != vga.has_cursor) {
        set_cursor_shape(has_cursor);
        vga.has_cursor = has_cursor;
    }
}

const struct terminal_display vga_text_display = {
    .columns = VGA_COLUMNS, .rows = VGA_ROWS, .glyph = glyph, .put = put, .show = show};
