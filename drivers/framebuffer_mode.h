/* SPDX-License-Identifier: MIT */
/* A linear framebuffer as a loader describes it. */
#pragma once

#include <stdint.h>

/* Where a colour is in a pixel read as a little-endian number. */
struct framebuffer_field {
    uint8_t position; /* of its lowest bit */
    uint8_t size; /* bits, 1 or more */
};

/* Pixels of direct colours, row by row from the top left. */
struct framebuffer_mode {
    uint32_t width; /* pixels */
    uint32_t height;
    uint32_t pitch_bytes; /* from one row to the next */
    uint8_t bits_per_pixel; /* 15, 16, 24 or 32 */
    struct framebuffer_field red, green, blue;
};
