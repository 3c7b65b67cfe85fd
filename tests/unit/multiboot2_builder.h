/* SPDX-License-Identifier: MIT */
/*
 * Makes Multiboot2 boot information, right or wrong, tag by tag. The finished
 * block ends where its array ends, so that a sanitizer sees any byte read
 * behind total_size; the window it is parsed through does not stop the read.
 */
#pragma once

#include "boot/multiboot2.h"
#include "tests/unit/boot_fixture.h"

/* Where the information seems to be, in the machine of boot_fixture.h. */
#define BLOCK_ADDRESS  0x200000UL
#define BLOCK_SIZE_MAX 0x40000UL

extern uint8_t block_bytes[BLOCK_SIZE_MAX];
extern uint32_t block_size; /* bytes that are made */

/* Start over: a header and no tag. */
void block_begin(void);

/* The same, with the machine's memory map. */
void block_begin_with_map(void);

/* Append a tag with `payload_size` zero bytes behind its header; returns the payload. */
uint8_t *block_add_tag(uint32_t type, uint32_t payload_size);

/* Append a tag that is a text. */
void block_add_text(uint32_t type, const char *text);

/* Append a memory map tag, with entries of any size from 24 bytes on; returns the payload. */
uint8_t *block_add_map(const struct boot_map_entry *entries, size_t count, uint32_t entry_size);

void block_add_module(uint32_t start, uint32_t end, const char *text);

/* A framebuffer as its tag has it, up to the type; `type` is MULTIBOOT2_FRAMEBUFFER_*. */
struct block_framebuffer {
    uint64_t address;
    uint32_t pitch, width, height;
    uint8_t bits, type;
};

/* Append a framebuffer tag without the colours that some types have behind it. */
void block_add_framebuffer_of(struct block_framebuffer framebuffer);

/* Append a framebuffer of 1024x768 in 32 bits; returns the payload, for what should differ. */
uint8_t *block_add_framebuffer(void);

void block_add_end(void);

/* A whole block with everything in it, in an order that no loader uses. */
void block_make_full(void);

/* Write total_size as it should be, and parse; the window goes on behind the block. */
MUST_CHECK enum status block_parse(void);

/* Parse the first `size` bytes, as they are, through a window of `window_size` bytes. */
MUST_CHECK enum status block_parse_raw(uint32_t size, uint64_t window_size);
