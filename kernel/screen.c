/* SPDX-License-Identifier: MIT */
/* The one screen, its terminal and what that remembers. */
#include "kernel/screen.h"

#include "drivers/framebuffer.h"
#include "drivers/glyphs.h"
#include "drivers/vga_text.h"
#include "kernel/boot.h"
#include "kernel/boot_window.h"
#include "kernel/log.h"
#include "lib/bits.h"
#include "lib/terminal.h"
#include "lib/x86/cpu.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/paging.h"

/* What of the pixels is used before there is a heap. */
#define SMALL_COLUMNS 80U
#define SMALL_ROWS    25U

#define VGA_LINES  (VGA_ROWS + SCREEN_HISTORY_LINES)
#define VGA_MEMORY TERMINAL_PAGE_SIZE(VGA_LINES, VGA_COLUMNS, false)

enum screen_kind {
    SCREEN_NONE,
    SCREEN_VGA_TEXT,
    SCREEN_PIXELS,
};

static struct {
    enum screen_kind kind;
    struct terminal terminal;
    struct framebuffer framebuffer;
    struct framebuffer_mode mode; /* of pixels */
    paddr_t pixels;
} screen;

/* A text mode's terminal; of pixels first the framebuffer's memory, then the terminal's. */
static uint8_t memory[VGA_MEMORY] ALIGNED(sizeof(uint64_t));

bool screen_is_there(void)
{
    return screen.kind != SCREEN_NONE;
}

bool screen_size(uint32_t *columns, uint32_t *rows)
{
    if (!screen_is_there()) {
        return false;
    }
    *columns = screen.terminal.page.columns;
    *rows = screen.terminal.page.rows;
    return true;
}

static struct framebuffer_field field_of(struct boot_color_field field)
{
    return (struct framebuffer_field){.position = field.position, .size = field.size};
}

/* Whether the kernel can show text on these pixels; if not, it is said why. */
static bool find_mode(const struct boot_framebuffer *framebuffer, struct framebuffer_mode *mode)
{
    uint32_t columns;
    uint32_t rows;

    if (framebuffer->kind == BOOT_FRAMEBUFFER_INDEXED) {
        log_warn("screen", "pixels with a palette: not shown, want direct colours");
        return false;
    }
    *mode = (struct framebuffer_mode){.width = framebuffer->width,
                                      .height = framebuffer->height,
                                      .pitch_bytes = framebuffer->pitch_bytes,
                                      .bits_per_pixel = framebuffer->bits_per_pixel,
                                      .red = field_of(framebuffer->red),
                                      .green = field_of(framebuffer->green),
                                      .blue = field_of(framebuffer->blue)};
    if (!framebuffer_grid(mode, &columns, &rows)) {
        log_warn("screen", "%ux%u pixels of %u bits: not shown, want room for 2 characters",
                 mode->width, mode->height, (unsigned)mode->bits_per_pixel);
        return false;
    }
    if (!glyphs_are_there()) {
        log_warn("screen", "%ux%u pixels: not shown, this kernel was built without GRUB's font",
                 mode->width, mode->height);
        return false;
    }
    return true;
}

static uint64_t pixels_size(void)
{
    return (uint64_t)screen.mode.pitch_bytes * screen.mode.height;
}

/* Show as many characters as need no more than the static memory. */
static void start_small(void *pixels)
{
    uint32_t columns = 0;
    uint32_t rows = 0;
    size_t used;

    (void)framebuffer_grid(&screen.mode, &columns, &rows);
    columns = MIN(columns, SMALL_COLUMNS);
    rows = MIN(rows, SMALL_ROWS);
    used = ALIGN_UP(FRAMEBUFFER_MEMORY(columns, rows), sizeof(uint64_t));
    terminal_init(
        &screen.terminal,
        framebuffer_start(&screen.framebuffer, &screen.mode, pixels, columns, rows, memory),
        memory + used, (uint32_t)((sizeof(memory) - used) / TERMINAL_PAGE_SIZE(1, columns, true)));
    screen.kind = SCREEN_PIXELS;
}

/* Where the boot tables have the pixels; NULL, which is said, where they cannot. */
static void *early_pixels(void)
{
    void *pixels = direct_map(screen.pixels);

    if (screen.pixels.value + pixels_size() > BOOT_MAP_SIZE &&
        !boot_window_map(screen.pixels, pixels_size(), &pixels)) {
        log_warn("screen", "%ux%u pixels at 0x%lx: not shown, they cannot be mapped",
                 screen.mode.width, screen.mode.height, screen.pixels.value);
        return NULL;
    }
    return pixels;
}

/* Returns whether the loader's pixels are the screen now. */
static bool use_pixels(const struct boot_framebuffer *framebuffer)
{
    void *pixels;

    if (framebuffer->kind == BOOT_FRAMEBUFFER_NONE ||
        framebuffer->kind == BOOT_FRAMEBUFFER_EGA_TEXT || !find_mode(framebuffer, &screen.mode)) {
        return false;
    }
    screen.pixels = framebuffer->address;
    pixels = early_pixels();
    if (pixels != NULL) {
        start_small(pixels);
    }
    return pixels != NULL;
}

void screen_init(void)
{
    if (!use_pixels(boot_find_framebuffer()) && vga_text_is_present()) {
        vga_text_init(direct_map(paddr(VGA_TEXT_CELLS)));
        terminal_init(&screen.terminal, &vga_text_display, memory, VGA_LINES);
        screen.kind = SCREEN_VGA_TEXT;
    }
}

/* Map the screen's memory, whatever it is, in the kernel's tables. NULL where it cannot be. */
static void *map(void)
{
    const unsigned flags = PAGE_WRITE | PAGE_WRITE_COMBINING;
    bool is_text = screen.kind == SCREEN_VGA_TEXT;
    void *mapped = NULL;
    enum status status = paging_map_device(is_text ? paddr(VGA_TEXT_CELLS) : screen.pixels,
                                           is_text ? VGA_TEXT_SIZE : pixels_size(), flags, &mapped);

    return status == OK ? mapped : NULL;
}

void screen_change_tables(void)
{
    void *mapped = screen.kind != SCREEN_NONE ? map() : NULL;

    paging_load();
    if (mapped == NULL) {
        screen.kind = SCREEN_NONE;
    } else if (screen.kind == SCREEN_VGA_TEXT) {
        vga_text_move(mapped);
    } else {
        framebuffer_move(&screen.framebuffer, mapped);
    }
}

void screen_grow(void)
{
    static const uint32_t history_lines[] = {SCREEN_HISTORY_LINES, SCREEN_HISTORY_LINES / 10, 0};
    uint32_t columns;
    uint32_t rows;
    uint64_t flags;

    if (screen.kind != SCREEN_PIXELS || !framebuffer_grid(&screen.mode, &columns, &rows)) {
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(history_lines); i++) {
        uint32_t lines = rows + history_lines[i];
        uint8_t *glass = kmalloc(FRAMEBUFFER_MEMORY(columns, rows));
        uint8_t *page = kmalloc(TERMINAL_PAGE_SIZE(lines, columns, true));

        if (glass != NULL && page != NULL) {
            flags = irq_save();
            terminal_change_display(&screen.terminal,
                                    framebuffer_resize(&screen.framebuffer, columns, rows, glass),
                                    page, lines);
            irq_restore(flags);
            return;
        }
        kfree(glass);
        kfree(page);
    }
    log_warn("screen", "%ux%u characters of %ux%u: no memory for more",
             screen.terminal.page.columns, screen.terminal.page.rows, columns, rows);
}

void screen_write(const char *text, size_t length)
{
    uint64_t flags = irq_save();

    terminal_write(&screen.terminal, text, length);
    irq_restore(flags);
}

void screen_recover(void)
{
    terminal_recover(&screen.terminal);
}

void screen_scroll_view(int32_t steps)
{
    uint64_t flags = irq_save();

    if (screen_is_there()) {
        terminal_scroll_view(&screen.terminal, steps * (int32_t)(screen.terminal.page.rows / 2));
    }
    irq_restore(flags);
}

void screen_end_view(void)
{
    uint64_t flags = irq_save();

    if (screen_is_there()) {
        terminal_end_view(&screen.terminal);
    }
    irq_restore(flags);
}
