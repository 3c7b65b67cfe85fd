/* SPDX-License-Identifier: MIT */
/*
 * Boot information, as the PVH protocol hands it over. The input is the
 * machine's memory from address 0 on; the structure lies at its beginning and
 * may point to anything in it. The magic number is set right.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/pvh.h"
#include "lib/bits.h"
#include "tests/fuzz/boot_claims.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t magic = PVH_START_INFO_MAGIC;
    static struct boot_info info;
    uint8_t *memory = malloc(size);
    const struct phys_window window = {.bytes = memory, .base = 0, .size = size};

    memcpy(memory, data, size);
    memcpy(memory, &magic, MIN(size, sizeof(magic)));
    boot_claims_check(&info, pvh_parse(&window, paddr(0), &boot_claims_limits, &info));
    free(memory);
    return 0;
}
