/* SPDX-License-Identifier: MIT */
/* Which part of the virtual address space an address is in, in words. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The region's name, ".text"; NULL in none, and in stacks of tasks. Context: any. */
const char *region_name(uint64_t address);

/*
 * Write the region that holds an address, mapped or not: ".text", "direct map",
 * "double fault stack", "no region".
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Context: any.
 */
const char *region_describe(char *buffer, size_t size, uint64_t address);
