/* SPDX-License-Identifier: MIT */
/* The test kernel's large memory is part of its image. */
#include "tests/large_memory.h"

#include "lib/compiler.h"
#include "mm/address.h"

static uint8_t memory[LARGE_MEMORY_SIZE] ALIGNED(PAGE_SIZE);

uint8_t *large_memory(void)
{
    return memory;
}
