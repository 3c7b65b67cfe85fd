/* SPDX-License-Identifier: MIT */
/* The host's large memory lies between two pages that nobody may touch. */
#include "tests/large_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "mm/address.h"

uint8_t *large_memory(void)
{
    static uint8_t *memory;

    if (memory == NULL) {
        size_t size = LARGE_MEMORY_SIZE + 2 * PAGE_SIZE;
        uint8_t *pages = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (pages == MAP_FAILED ||
            mprotect(pages + PAGE_SIZE, LARGE_MEMORY_SIZE, PROT_READ | PROT_WRITE) != 0) {
            perror("large_memory");
            exit(EXIT_FAILURE);
        }
        memory = pages + PAGE_SIZE;
    }
    return memory;
}
