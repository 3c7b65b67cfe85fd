/* SPDX-License-Identifier: MIT */
/* The boot information, loaded once and kept. */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"

/*
 * Parse and copy what the loader left; panics where the kernel cannot go on
 * without it.
 *
 * protocol, address  as the entry code hands them over
 *
 * Context: once at boot, before anything writes to memory outside the image.
 */
void boot_load(uint32_t protocol, uint32_t address);

/*
 * Find the loader's pixels, before all else is known and whatever else is
 * wrong: a report may have no other place.
 *
 * Returns what was found, of kind BOOT_FRAMEBUFFER_NONE where there is nothing.
 * Context: on the boot tables, before boot_load(); a panic too.
 */
const struct boot_framebuffer *boot_find_framebuffer(void);

/* What was loaded. Valid after boot_load(). Any context. */
const struct boot_info *boot_info(void);

/* Log the loader and every problem that was found. Context: once, after boot_load(). */
void boot_report(void);
