/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks of the pixel display, on plain memory of a screen's size. The
 * copies are what a redraw is measured by: the same bytes, moved.
 */
#include "drivers/framebuffer.h"

#include "drivers/glyphs.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/terminal.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "tests/kbench.h"

/* 240 columns and 67 rows on both. */
#define COLUMNS 240
#define ROWS    67

/* Apart by no power of two: QEMU's TLB would alias them. */
#define GAP (17 * PAGE_SIZE)

static struct framebuffer framebuffer;
static uint64_t memory[FRAMEBUFFER_MEMORY(COLUMNS, ROWS) / sizeof(uint64_t)];
static terminal_cell cells[COLUMNS * ROWS];
static uint8_t high[COLUMNS * ROWS];

struct room {
    paddr_t frames;
    size_t frame_count;
    uint8_t *pixels;
    uint8_t *others; /* as many */
    size_t size;
};

static const struct framebuffer_mode full_hd = {.width = 1920,
                                                .height = 1080,
                                                .pitch_bytes = 1920 * 4,
                                                .bits_per_pixel = 32,
                                                .red = {16, 8},
                                                .green = {8, 8},
                                                .blue = {0, 8}};
static const struct framebuffer_mode ultra_hd = {.width = 3840,
                                                 .height = 2160,
                                                 .pitch_bytes = 3840 * 4,
                                                 .bits_per_pixel = 32,
                                                 .red = {16, 8},
                                                 .green = {8, 8},
                                                 .blue = {0, 8}};

static bool room_make(struct room *room, const struct framebuffer_mode *mode)
{
    room->size = (size_t)mode->pitch_bytes * mode->height;
    room->frame_count = (2 * room->size + GAP) / PAGE_SIZE + 1;
    if (!glyphs_are_there() || frame_alloc_run(room->frame_count, PAGE_SIZE, PADDR_MAX, FRAME_OTHER,
                                               &room->frames) != OK) {
        return false;
    }
    room->pixels = direct_map(room->frames);
    room->others = room->pixels + room->size + GAP;
    return true;
}

static void room_free(const struct room *room)
{
    frame_free_run(room->frames, room->frame_count, FRAME_OTHER);
}

static void put_everywhere(const struct terminal_display *display, uint32_t shift)
{
    for (uint32_t i = 0; i < COLUMNS * ROWS; i++) {
        cells[i] = terminal_cell_of((uint16_t)('!' + (i + shift) % 90), 0x1e);
    }
    display->put(display->device, 0, cells, high, COLUMNS * ROWS);
    display->show(display->device, 0, true);
}

static void measure_redraw(struct kbench_run *bench, const struct framebuffer_mode *mode)
{
    struct room room;

    if (!room_make(&room, mode)) {
        return;
    }
    const struct terminal_display *display =
        framebuffer_start(&framebuffer, mode, room.pixels, COLUMNS, ROWS, memory);

    put_everywhere(display, 0);
    KBENCH_REPEAT(bench, 1)
    {
        put_everywhere(display, 1);
    }
    room_free(&room);
}

static void measure_copy(struct kbench_run *bench, const struct framebuffer_mode *mode)
{
    struct room room;

    if (!room_make(&room, mode)) {
        return;
    }
    memset(room.pixels, 0, room.size);
    memset(room.others, 0, room.size);
    KBENCH_REPEAT(bench, 1)
    {
        memcpy(room.pixels, room.others, room.size);
    }
    room_free(&room);
}

KBENCH(framebuffer, redraw_1080p)
{
    measure_redraw(bench, &full_hd);
}

KBENCH(framebuffer, copy_1080p)
{
    measure_copy(bench, &full_hd);
}

KBENCH(framebuffer, redraw_4k)
{
    measure_redraw(bench, &ultra_hd);
}

KBENCH(framebuffer, copy_4k)
{
    measure_copy(bench, &ultra_hd);
}

static void measure_lines(struct kbench_run *bench, const struct framebuffer_mode *mode,
                          const char *line, size_t length)
{
    static struct terminal terminal;
    static uint64_t lines[TERMINAL_PAGE_SIZE(ROWS, COLUMNS, true) / sizeof(uint64_t)];
    struct room room;

    if (!room_make(&room, mode)) {
        return;
    }
    terminal_init(&terminal,
                  framebuffer_start(&framebuffer, mode, room.pixels, COLUMNS, ROWS, memory), lines,
                  ROWS);
    for (unsigned i = 0; i < ROWS; i++) {
        terminal_write(&terminal, line, length);
    }
    KBENCH_REPEAT(bench, 200)
    {
        terminal_write(&terminal, line, length);
    }
    room_free(&room);
}

static const char line_of_79[] = "0123456789012345678901234567890123456789"
                                 "012345678901234567890123456789012345678\n";

/* A scroll of equal lines, as in a listing: few cells change. */
KBENCH(framebuffer, line_of_79_with_scroll_1080p)
{
    measure_lines(bench, &full_hd, line_of_79, 80);
}

KBENCH(framebuffer, line_of_1_with_scroll_1080p)
{
    measure_lines(bench, &full_hd, "x\n", 2);
}

KBENCH(framebuffer, line_of_79_with_scroll_4k)
{
    measure_lines(bench, &ultra_hd, line_of_79, 80);
}

KBENCH(framebuffer, line_of_1_with_scroll_4k)
{
    measure_lines(bench, &ultra_hd, "x\n", 2);
}
