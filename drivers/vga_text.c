/* SPDX-License-Identifier: MIT */
/*
 * The card's side of the text screen: the probe, the registers, and the copy
 * of changed cells. Source: IBM VGA/XGA Technical Reference Manual.
 */
#include "drivers/vga_text.h"

#include "drivers/vga_registers.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

static struct {
    uint16_t *cells; /* the card's */
    struct vga_screen screen;
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

/* The last two scan lines of a row: 14 and 15 with the usual font of 16. */
static void set_cursor_shape(void)
{
    uint8_t last = crtc_read(VGA_CRTC_MAX_SCAN_LINE) & VGA_CRTC_SCAN_LINE_MASK;

    crtc_write(VGA_CRTC_CURSOR_START, last > 0 ? last - 1 : 0);
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

/* Whole groups of cells; the card is not memory the compiler knows, so it may not change this. */
static void copy_to_card(const struct vga_run *run)
{
    const void *source = run->cells;
    void *destination = vga.cells + run->first;
    size_t groups = run->count / VGA_CELL_GROUP;

    __asm__ volatile("rep movsq" : "+S"(source), "+D"(destination), "+c"(groups) : : "memory");
}

static void show(void)
{
    struct vga_run runs[VGA_RUNS_MAX];
    size_t count = vga_screen_changes(&vga.screen, runs);

    ASSERT(vga.cells != NULL);
    for (size_t i = 0; i < count; i++) {
        copy_to_card(&runs[i]);
    }
    vga_screen_set_clean(&vga.screen);
    set_cursor(vga_screen_cursor(&vga.screen));
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

    vga_screen_init(&vga.screen);
    set_bright_backgrounds();
    set_cursor_shape();
    show();
    set_start_address(0);
    irq_restore(flags);
}

void vga_text_write(const char *text, size_t length)
{
    uint64_t flags = irq_save();

    vga_screen_write(&vga.screen, text, length);
    show();
    irq_restore(flags);
}

void vga_text_clear(void)
{
    uint64_t flags = irq_save();

    vga_screen_clear(&vga.screen);
    show();
    irq_restore(flags);
}

void vga_text_set_color(enum vga_color foreground, enum vga_color background)
{
    vga_screen_set_color(&vga.screen, foreground, background);
}

uint8_t vga_text_attribute(void)
{
    return vga.screen.attribute;
}

uint16_t vga_text_cell(size_t row, size_t column)
{
    return vga_screen_cell(&vga.screen, row, column);
}
