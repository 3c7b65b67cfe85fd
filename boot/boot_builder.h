/* SPDX-License-Identifier: MIT */
/*
 * How a parser fills a boot_info: every check that does not depend on the boot
 * protocol is made here, once. A parser calls begin; then add for all map
 * entries, subtract for all of them, finish_map; then the rest in any order.
 * All are pure and run before there is anything else; each reports what it
 * refuses in the boot_info.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "boot/boot_info.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

struct boot_builder {
    struct boot_info *info;
    const struct boot_limits *limits;
    uint32_t tag; /* being read, for reports; BOOT_NO_TAG outside of tags */
};

/* Start a boot_info over, all empty. The builder's info and limits must be set. */
void boot_builder_begin(struct boot_builder *builder, enum boot_protocol protocol);

/* Note a problem: the first BOOT_PROBLEMS_MAX are recorded, all are counted. */
void boot_builder_report(struct boot_builder *builder, enum boot_problem_kind kind, uint64_t got);

/*
 * Take a memory map entry. What any entry reserves must win over what any
 * other makes available, wherever they stand in the map: `add` copies each for
 * reports and takes in available ranges, `subtract` then takes the others out.
 *
 * An available entry that wraps around 2^64 is refused, a reserved one is cut
 * there. Types nobody knows are reserved.
 */
typedef void boot_builder_map_step(struct boot_builder *builder,
                                   const struct boot_map_entry *entry);
boot_builder_map_step boot_builder_add_map_entry;
boot_builder_map_step boot_builder_subtract_map_entry;

/*
 * Complete `usable`, cut to what the CPU can address, and make `free` from it
 * without low memory and the kernel image.
 *
 * Returns OK
 *         ERR_NOT_FOUND  no map entry was added
 *         ERR_NO_MEMORY  no whole page is available
 *         Both maps are right then, too: the rest can still be read.
 */
MUST_CHECK enum status boot_builder_finish_map(struct boot_builder *builder);

/* Keep `size` bytes out of `free`. After finish_map, like the functions below. */
void boot_builder_reserve(struct boot_builder *builder, paddr_t start, uint64_t size);

/*
 * Record a module, unless it is reversed, over the kernel or not in available
 * memory. One that is not recorded, also because there are too many, is kept
 * out of `free` all the same, if it is a range at all.
 */
void boot_builder_add_module(struct boot_builder *builder, const struct boot_module *module);

/*
 * Copy a text, cut to fit, always terminated. A text that is cut is reported,
 * and so is one without a terminator.
 *
 * size       bytes in destination, 1 or more
 * available  bytes that may be read; the text should end before
 *
 * Returns the number of bytes copied, terminator left out.
 */
size_t boot_builder_copy_text(struct boot_builder *builder, char *destination, size_t size,
                              const uint8_t *text, uint64_t available);
