/* SPDX-License-Identifier: MIT */
/*
 * The memory maps of real machines in tests/data/e820. A file's lines are
 * "start end type" in hex, end exclusive, and comments, one of which has
 * "usable_4k_pages=N". Tests that read them run from the top of the tree.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "boot/boot_info.h"

#define E820_ENTRIES 64

struct e820_map {
    const char *path;
    struct boot_map_entry entries[E820_ENTRIES];
    size_t count;
    uint64_t usable_pages; /* that the file says it has */
};

/*
 * Have a map parsed as if it came from a Multiboot2 loader, into boot_fixture.h's
 * `parsed`: the boot information is at BLOCK_ADDRESS, the kernel from
 * KERNEL_START to KERNEL_END.
 */
void e820_parse(const struct e820_map *map);

/* Hand each map to `check`, which may change it. A file that cannot be read fails the test. */
void e820_for_each(void (*check)(struct e820_map *map));
