/* SPDX-License-Identifier: MIT */
/*
 * Boot information, as Multiboot2 hands it over. The input is the block; its
 * copy ends where the memory does, so that a read behind it is seen. The total
 * size is set right for every other input, as nothing gets far with a wrong one.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/multiboot2.h"
#include "tests/fuzz/boot_claims.h"
#include "tests/fuzz/fuzz.h"

#define BLOCK_ADDRESS 0x200000UL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct boot_info info;
    uint8_t *block = malloc(size);
    const struct phys_window window = {.bytes = block, .base = BLOCK_ADDRESS, .size = size};
    enum status status;

    memcpy(block, data, size);
    if (size >= MULTIBOOT2_INFO_HEADER_SIZE && size % 2 == 0) {
        const uint32_t total_size = (uint32_t)size;

        memcpy(block, &total_size, sizeof(total_size));
    }
    status = multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &boot_claims_limits, &info);
    boot_claims_check(&info, status);
    if (status == OK) {
        ASSERT(!boot_claims_is_free(&info, BLOCK_ADDRESS, MULTIBOOT2_INFO_SIZE_LEAST));
    }
    free(block);
    return 0;
}
