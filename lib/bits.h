/* SPDX-License-Identifier: MIT */
/*
 * Bits, alignment and array lengths. Alignments are powers of two; the macros
 * work on any unsigned integer and keep its type.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BIT(n) (1UL << (n))

#define KIB (1UL << 10)
#define MIB (1UL << 20)
#define GIB (1UL << 30)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define ALIGN_DOWN(value, alignment) ((value) & ~((__typeof__(value))(alignment)-1))
/* Wraps to 0 for values above the type's last multiple of the alignment. */
#define ALIGN_UP(value, alignment) \
    ALIGN_DOWN((value) + ((__typeof__(value))(alignment)-1), alignment)
#define IS_ALIGNED(value, alignment) (((value) & ((__typeof__(value))(alignment)-1)) == 0)

#define MIN(a, b)                      \
    ({                                 \
        __typeof__(a) min_a = (a);     \
        __typeof__(b) min_b = (b);     \
        min_a < min_b ? min_a : min_b; \
    })
#define MAX(a, b)                      \
    ({                                 \
        __typeof__(a) max_a = (a);     \
        __typeof__(b) max_b = (b);     \
        max_a > max_b ? max_a : max_b; \
    })

/* The number of the highest bit of a value that is not 0. `63 ^` is `63 -` that costs nothing. */
static inline uint64_t highest_bit(uint64_t value)
{
    return 63 ^ (uint64_t)__builtin_clzl(value);
}
