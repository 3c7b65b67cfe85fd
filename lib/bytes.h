/* SPDX-License-Identifier: MIT */
/*
 * Little-endian numbers at any address, and sums over bytes: for structures
 * that others have written and that owe nobody alignment. Any context.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline uint16_t load_u16(const uint8_t *bytes)
{
    uint16_t value;

    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

static inline uint32_t load_u32(const uint8_t *bytes)
{
    uint32_t value;

    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

static inline uint64_t load_u64(const uint8_t *bytes)
{
    uint64_t value;

    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

/* The sum of all bytes, modulo 256: 0 where the last of them is a checksum that is right. */
static inline uint8_t byte_sum(const uint8_t *bytes, size_t count)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    return sum;
}
