/* SPDX-License-Identifier: MIT */
/*
 * Physical addresses as a type of their own, so that the compiler rejects a
 * mix-up with a virtual address, and page sizes; what makes a virtual one valid.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SIZE 4096UL

/* A byte's place in physical memory, 0 to 2^52-1 on any CPU of today. */
typedef struct {
    uint64_t value;
} paddr_t;

#define PADDR_MAX ((paddr_t){UINT64_MAX})

static inline paddr_t paddr(uint64_t value)
{
    return (paddr_t){value};
}

/* Whether bits 48 to 63 of a virtual address repeat bit 47; the CPU takes no other. */
static inline bool is_canonical(uint64_t address)
{
    return (address + (1UL << 47)) >> 48 == 0;
}
