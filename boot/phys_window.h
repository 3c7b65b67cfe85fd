/* SPDX-License-Identifier: MIT */
/*
 * The only way a parser gets at memory a loader filled: through a window that
 * says which physical bytes there are to be read. In the kernel the window is
 * what the boot tables map; in a test it is an array.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mm/address.h"

struct phys_window {
    const uint8_t *bytes; /* the byte at physical address `base` */
    uint64_t base;
    uint64_t size; /* bytes; base + size is 2^64 at the most */
};

/* How many bytes the window has from an address on; 0 for an address outside. Any context. */
static inline uint64_t phys_window_rest(const struct phys_window *window, paddr_t address)
{
    uint64_t offset = address.value - window->base; /* huge for an address below the base */

    return offset < window->size ? window->size - offset : 0;
}

/*
 * Point at physical bytes.
 *
 * length  bytes
 *
 * Returns the first of `length` readable bytes, aligned to nothing; NULL when
 * there are none, or one of them is outside the window. Context: any.
 */
static inline const void *phys_window_at(const struct phys_window *window, paddr_t address,
                                         uint64_t length)
{
    if (length == 0 || length > phys_window_rest(window, address)) {
        return NULL;
    }
    return window->bytes + (address.value - window->base);
}
