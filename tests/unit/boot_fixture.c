/* SPDX-License-Identifier: MIT */
/*
 * The machine that the tests of boot information play on.
 */
#include "tests/unit/boot_fixture.h"

struct boot_info parsed;

const struct boot_limits machine_limits = {
    .kernel_start = {KERNEL_START},
    .kernel_end = {KERNEL_END},
    .physical_bits = 36,
};

const struct boot_map_entry machine_map[MACHINE_MAP_COUNT] = {
    {0, 0x9fc00, BOOT_MAP_AVAILABLE},
    {0x9fc00, 0x400, 2},
    {0x100000, RAM_END - 0x100000, BOOT_MAP_AVAILABLE},
    {0xfffc0000, 0x40000, 2},
};

bool is_reserved(uint64_t start, uint64_t end)
{
    for (size_t i = 0; i < parsed.free.count; i++) {
        if (parsed.free.ranges[i].start < end && parsed.free.ranges[i].end > start) {
            return false;
        }
    }
    return memory_map_contains(&parsed.usable, paddr(start), end - start);
}

bool is_free(uint64_t start, uint64_t end)
{
    return memory_map_contains(&parsed.free, paddr(start), end - start);
}

void put_u32(uint8_t *bytes, uint32_t value)
{
    memcpy(bytes, &value, sizeof(value));
}

void put_u64(uint8_t *bytes, uint64_t value)
{
    memcpy(bytes, &value, sizeof(value));
}

void fix_checksum(uint8_t *bytes, size_t count, size_t checksum_at)
{
    uint8_t sum = 0;

    bytes[checksum_at] = 0;
    for (size_t i = 0; i < count; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    bytes[checksum_at] = (uint8_t)-sum;
}

void put_rsdp(uint8_t *bytes, uint8_t revision, uint32_t length)
{
    memset(bytes, 0, length);
    memcpy(bytes, "RSD PTR ODYSSE", 14);
    bytes[15] = revision;
    fix_checksum(bytes, RSDP_SHORT, 8);
    if (revision >= 2) {
        put_u32(bytes + 20, length);
        fix_checksum(bytes, length, 32);
    }
}
