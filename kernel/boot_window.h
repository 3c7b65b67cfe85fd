/* SPDX-License-Identifier: MIT */
/*
 * A look at physical memory beyond BOOT_MAP_SIZE while the boot tables are
 * loaded: for a card whose pixels lie there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mm/address.h"

/*
 * Map device memory, writable and never executable, until the kernel's own
 * tables are loaded. There is one window: what was in it is there no more.
 *
 * start   anywhere that the CPU can address
 * size    bytes; up to 1 GiB less what it takes to begin on a large page
 * mapped  out: the pointer to start's byte; untouched on failure
 *
 * Returns whether it fits. Context: on the boot tables, interrupts masked.
 */
bool boot_window_map(paddr_t start, uint64_t size, void **mapped);
