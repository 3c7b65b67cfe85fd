/* SPDX-License-Identifier: MIT */
/*
 * One Multiboot2 tag, as the walk in multiboot2.c finds it and the readers take
 * it apart. Invariant: all `size` bytes lie inside the boot information.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/boot_builder.h"

/* Offsets in a framebuffer's tag. */
#define TAG_FRAMEBUFFER_ADDRESS 8
#define TAG_FRAMEBUFFER_PITCH   16
#define TAG_FRAMEBUFFER_WIDTH   20
#define TAG_FRAMEBUFFER_HEIGHT  24
#define TAG_FRAMEBUFFER_BPP     28
#define TAG_FRAMEBUFFER_TYPE    29
#define TAG_FRAMEBUFFER_COMMON  32 /* size of the part all types have */
#define TAG_FRAMEBUFFER_RED     32
#define TAG_FRAMEBUFFER_GREEN   34
#define TAG_FRAMEBUFFER_BLUE    36
#define TAG_FRAMEBUFFER_RGB     38 /* size with the colours */

struct multiboot2_tag {
    const uint8_t *bytes; /* the header included */
    uint32_t type;
    uint32_t size; /* MULTIBOOT2_TAG_HEADER_SIZE or more */
};

/* Whether a tag has its fixed fields, `size` bytes with the header; one that has not is reported.
 */
bool multiboot2_tag_has(struct boot_builder *builder, const struct multiboot2_tag *tag,
                        uint32_t size);

/*
 * Take over what a tag says, if that makes sense, and report it if not. Memory
 * maps, and types nobody knows, are passed over.
 *
 * Context: after boot_builder_finish_map().
 */
void multiboot2_tag_read(struct boot_builder *builder, const struct multiboot2_tag *tag);
