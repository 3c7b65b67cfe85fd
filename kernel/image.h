/* SPDX-License-Identifier: MIT */
/* Where linker.ld has the kernel's image and its sections: addresses without a content. */
#pragma once

#include <stdint.h>

extern const uint8_t __image_start[], __image_end[]; /* stacks included */
extern const uint8_t __text_start[], __text_end[];
extern const uint8_t __rodata_start[], __rodata_end[];
extern const uint8_t __data_start[], __bss_start[], __bss_end[]; /* .data ends where .bss begins */
