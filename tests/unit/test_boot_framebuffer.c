/* SPDX-License-Identifier: MIT */
/*
 * Framebuffers: those that machines have, and each way to be absurd.
 */
#include "boot/boot_framebuffer.h"
#include "tests/unit/boot_fixture.h"

static struct boot_builder builder = {.info = &parsed, .limits = &machine_limits};

static const struct boot_framebuffer rgb = {
    .kind = BOOT_FRAMEBUFFER_RGB,
    .address = {0xfd000000},
    .pitch_bytes = 5120, /* more than 1024 pixels need, as QEMU's bochs-display has it */
    .width = 1024,
    .height = 768,
    .bits_per_pixel = 32,
    .red = {16, 8},
    .green = {8, 8},
    .blue = {0, 8},
};

static const struct boot_framebuffer indexed = {
    .kind = BOOT_FRAMEBUFFER_INDEXED,
    .address = {0xa0000},
    .pitch_bytes = 320,
    .width = 320,
    .height = 200,
    .bits_per_pixel = 8,
};

static const struct boot_framebuffer text = {
    .kind = BOOT_FRAMEBUFFER_EGA_TEXT,
    .address = {0xb8000},
    .pitch_bytes = 160,
    .width = 80,
    .height = 25,
    .bits_per_pixel = 16,
};

static void set(const struct boot_framebuffer *framebuffer)
{
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    for (size_t i = 0; i < MACHINE_MAP_COUNT; i++) {
        boot_builder_add_map_entry(&builder, &machine_map[i]);
    }
    CHECK_OK(boot_builder_finish_map(&builder));
    boot_framebuffer_set(&builder, framebuffer);
}

static void check_taken(const struct boot_framebuffer *framebuffer)
{
    set(framebuffer);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.framebuffer.kind, framebuffer->kind);
    CHECK_EQ(parsed.framebuffer.address.value, framebuffer->address.value);
    CHECK_EQ(parsed.framebuffer.bits_per_pixel, framebuffer->bits_per_pixel);
}

static void check_refused(const struct boot_framebuffer *framebuffer, enum boot_problem_kind kind,
                          uint64_t got)
{
    set(framebuffer);
    CHECK_PROBLEM(kind, BOOT_NO_TAG, got);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
    CHECK(is_free(KERNEL_END, RAM_END));
}

KTEST(boot_framebuffer, is_taken_when_sound)
{
    check_taken(&rgb);
    check_taken(&indexed);
    check_taken(&text);
}

KTEST(boot_framebuffer, depth_is_taken_when_its_kind_has_it)
{
    for (unsigned bits = 0; bits < 256; bits++) {
        struct boot_framebuffer framebuffer = rgb;

        framebuffer.bits_per_pixel = (uint8_t)bits;
        framebuffer.red = framebuffer.green = framebuffer.blue = (struct boot_color_field){0, 5};
        if (bits == 15 || bits == 16 || bits == 24 || bits == 32) {
            check_taken(&framebuffer);
        } else {
            check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_DEPTH, bits);
        }
        framebuffer = indexed;
        framebuffer.bits_per_pixel = (uint8_t)bits;
        if (bits == 8) {
            check_taken(&framebuffer);
        } else {
            check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_DEPTH, bits);
        }
        framebuffer = text;
        framebuffer.bits_per_pixel = (uint8_t)bits;
        if (bits == 16) {
            check_taken(&framebuffer);
        } else {
            check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_DEPTH, bits);
        }
    }
}

KTEST(boot_framebuffer, is_refused_when_it_has_no_kind)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.kind = BOOT_FRAMEBUFFER_NONE;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_DEPTH, 32);
}

KTEST(boot_framebuffer, is_refused_when_it_has_no_pixel)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.width = 0;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_EMPTY, 0);
    framebuffer = rgb;
    framebuffer.height = 0;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_EMPTY, 0);
}

KTEST(boot_framebuffer, is_refused_when_its_pitch_is_below_a_row)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.pitch_bytes = 4096;
    check_taken(&framebuffer);
    framebuffer.pitch_bytes = 4095;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_PITCH, 4095);
    framebuffer.pitch_bytes = 0;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_PITCH, 0);
    /* A row of 2^32 bytes, and then some. */
    framebuffer.pitch_bytes = 4096;
    framebuffer.width = 0x40000001;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_PITCH, 4096);
}

KTEST(boot_framebuffer, row_has_two_bytes_a_pixel_when_depth_is_15)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.bits_per_pixel = 15;
    framebuffer.red = framebuffer.green = framebuffer.blue = (struct boot_color_field){10, 5};
    framebuffer.pitch_bytes = 2048;
    check_taken(&framebuffer);
    framebuffer.pitch_bytes = 2047;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_PITCH, 2047);
}

KTEST(boot_framebuffer, is_refused_when_its_address_is_0)
{
    struct boot_framebuffer framebuffer = indexed;

    framebuffer.address = paddr(0);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, 0);
    framebuffer.address = paddr(1);
    check_taken(&framebuffer);
}

KTEST(boot_framebuffer, is_refused_when_the_cpu_cannot_address_all_of_it)
{
    const uint64_t top = 1UL << 36;
    const uint64_t size = 5120 * 768;
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.address = paddr(top - size);
    check_taken(&framebuffer);
    framebuffer.address = paddr(top - size + 1);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, top - size + 1);
    framebuffer.address = paddr(top);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, top);
    framebuffer.address = paddr(UINT64_MAX - 0xfff);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, UINT64_MAX - 0xfff);
    framebuffer = rgb;
    framebuffer.pitch_bytes = UINT32_MAX;
    framebuffer.height = UINT32_MAX;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, 0xfd000000);
}

KTEST(boot_framebuffer, is_refused_when_over_the_kernel)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.address = paddr(KERNEL_END - 1);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_OVER_KERNEL, KERNEL_END - 1);
    framebuffer.address = paddr(KERNEL_END);
    check_taken(&framebuffer);
    framebuffer = indexed;
    framebuffer.address = paddr(KERNEL_START - 320 * 200);
    check_taken(&framebuffer);
    framebuffer.address = paddr(KERNEL_START - 320 * 200 + 1);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_OVER_KERNEL, KERNEL_START - 320 * 200 + 1);
}

KTEST(boot_framebuffer, memory_is_kept_out_when_it_lies_in_ram)
{
    struct boot_framebuffer framebuffer = rgb;

    framebuffer.address = paddr(0x1000000);
    check_taken(&framebuffer);
    CHECK(is_reserved(0x1000000, 0x1000000 + 5120 * 768));
    CHECK(is_free(KERNEL_END, 0x1000000));
    CHECK(is_free(0x1000000 + 5120 * 768, RAM_END));
}

KTEST(boot_framebuffer, text_is_refused_when_the_card_cannot_show_it)
{
    struct boot_framebuffer framebuffer = text;

    framebuffer.address = paddr(0xb0000);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_TEXT_WINDOW, 0xb0000);
    framebuffer.address = paddr(0xb8001);
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_TEXT_WINDOW, 0xb8001);
    framebuffer = text;
    framebuffer.height = 0x8000 / 160;
    check_taken(&framebuffer);
    framebuffer.height = 0x8000 / 160 + 1;
    check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_TEXT_WINDOW, 0xb8000);
    framebuffer = text;
    framebuffer.width = 128;
    framebuffer.pitch_bytes = 256;
    framebuffer.height = 128;
    check_taken(&framebuffer);
}

KTEST(boot_framebuffer, is_refused_when_a_colour_is_not_in_the_pixel)
{
    static const struct boot_color_field bad[] = {{0, 0},  {8, 0},  {25, 8},
                                                  {32, 1}, {0, 33}, {255, 255}};
    static const struct boot_color_field good[] = {{24, 8}, {31, 1}, {0, 32}, {22, 10}};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        uint64_t got = (uint64_t)bad[i].position << 8 | bad[i].size;
        struct boot_framebuffer framebuffer = rgb;

        framebuffer.red = bad[i];
        check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_COLOR, got);
        framebuffer = rgb;
        framebuffer.green = bad[i];
        check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_COLOR, got);
        framebuffer = rgb;
        framebuffer.blue = bad[i];
        check_refused(&framebuffer, BOOT_PROBLEM_FRAMEBUFFER_COLOR, got);
    }
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        struct boot_framebuffer framebuffer = rgb;

        framebuffer.red = framebuffer.green = framebuffer.blue = good[i];
        check_taken(&framebuffer);
    }
}
