/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's large memory is made of frames, taken once and kept: as a
 * part of the image it would be more than the boot tables map.
 */
#include "tests/large_memory.h"

#include <stddef.h>

#include "lib/panic.h"
#include "mm/frame.h"
#include "mm/layout.h"

uint8_t *large_memory(void)
{
    static uint8_t *memory;
    paddr_t first;

    if (memory == NULL) {
        enum status status = frame_alloc_run(LARGE_MEMORY_SIZE / PAGE_SIZE, PAGE_SIZE, PADDR_MAX,
                                             FRAME_OTHER, &first);

        if (status != OK) {
            panic("tests: %lu KiB for the suites: %s", LARGE_MEMORY_SIZE / KIB,
                  status_sentence(status));
        }
        memory = direct_map(first);
    }
    return memory;
}
