/* SPDX-License-Identifier: MIT */
/*
 * Names for addresses of code and data, from a compact table that the build
 * makes from the linked kernel and links in again (tools/symbols.py).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct symbol {
    const char *name;
    uint64_t offset; /* bytes from the function's or object's first */
};

/*
 * Find the function or object that holds an address of the image.
 *
 * symbol  out: untouched when there is none
 *
 * Returns false for an address outside the image, and for what has no name
 * there: string literals, the stacks. Any context.
 */
bool symbol_find(uint64_t address, struct symbol *symbol);

/* Whether an address lies in the kernel's text. Any context. */
bool symbol_is_code(uint64_t address);
