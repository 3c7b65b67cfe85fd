/* SPDX-License-Identifier: MIT */
/*
 * A framebuffer's checks, in an order in which each relies on those before it.
 */
#include "boot/boot_framebuffer.h"

#include "lib/bits.h"

/* Where a VGA card in text mode shows 16-bit cells from: the only text memory there is. */
#define TEXT_WINDOW_START 0xb8000UL
#define TEXT_WINDOW_SIZE  0x8000UL

/* Refuse, saying why; made to be returned. */
static bool refuse(struct boot_builder *builder, enum boot_problem_kind kind, uint64_t got)
{
    boot_builder_report(builder, kind, got);
    return false;
}

static bool is_depth_supported(enum boot_framebuffer_kind kind, uint8_t bits_per_pixel)
{
    switch (kind) {
    case BOOT_FRAMEBUFFER_INDEXED:
        return bits_per_pixel == 8;
    case BOOT_FRAMEBUFFER_RGB:
        return bits_per_pixel == 15 || bits_per_pixel == 16 || bits_per_pixel == 24 ||
               bits_per_pixel == 32;
    case BOOT_FRAMEBUFFER_EGA_TEXT:
        return bits_per_pixel == 16;
    default:
        return false;
    }
}

/* Rows and columns that the pitch has room for. */
static bool is_shape_sound(struct boot_builder *builder, const struct boot_framebuffer *fb)
{
    uint64_t bytes_per_pixel = (fb->bits_per_pixel + 7U) / 8;

    if (!is_depth_supported(fb->kind, fb->bits_per_pixel)) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_DEPTH, fb->bits_per_pixel);
    }
    if (fb->width == 0 || fb->height == 0) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_EMPTY, 0);
    }
    if (fb->pitch_bytes < fb->width * bytes_per_pixel) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_PITCH, fb->pitch_bytes);
    }
    return true;
}

static bool is_place_sound(struct boot_builder *builder, const struct boot_framebuffer *fb,
                           uint64_t size)
{
    const struct boot_limits *limits = builder->limits;
    uint64_t start = fb->address.value;
    uint64_t physical_end = BIT(limits->physical_bits);

    /* No card shows address 0; a loader that says so means that it does not know. */
    if (start == 0 || start >= physical_end || size > physical_end - start) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, start);
    }
    if (start < limits->kernel_end.value && start + size > limits->kernel_start.value) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_OVER_KERNEL, start);
    }
    if (fb->kind == BOOT_FRAMEBUFFER_EGA_TEXT &&
        (start != TEXT_WINDOW_START || size > TEXT_WINDOW_SIZE)) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_TEXT_WINDOW, start);
    }
    return true;
}

static bool is_color_sound(struct boot_builder *builder, const struct boot_framebuffer *fb,
                           struct boot_color_field color)
{
    if (color.size == 0 || color.position + color.size > fb->bits_per_pixel) {
        return refuse(builder, BOOT_PROBLEM_FRAMEBUFFER_COLOR,
                      (uint64_t)color.position << 8 | color.size);
    }
    return true;
}

static bool are_colors_sound(struct boot_builder *builder, const struct boot_framebuffer *fb)
{
    if (fb->kind != BOOT_FRAMEBUFFER_RGB) {
        return true;
    }
    return is_color_sound(builder, fb, fb->red) && is_color_sound(builder, fb, fb->green) &&
           is_color_sound(builder, fb, fb->blue);
}

void boot_framebuffer_set(struct boot_builder *builder, const struct boot_framebuffer *framebuffer)
{
    uint64_t size = boot_framebuffer_size(framebuffer);

    if (is_shape_sound(builder, framebuffer) && is_place_sound(builder, framebuffer, size) &&
        are_colors_sound(builder, framebuffer)) {
        builder->info->framebuffer = *framebuffer;
        boot_builder_reserve(builder, framebuffer->address, size);
    }
}
