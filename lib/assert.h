/* SPDX-License-Identifier: MIT */
/*
 * Contracts that the caller must keep. Always compiled in: a kernel that runs
 * on after a broken contract damages what it should have protected.
 */
#pragma once

#include <stdint.h>

#include "lib/panic.h"

#define ASSERT(condition)                                                          \
    do {                                                                           \
        if (__builtin_expect(!(condition), 0)) {                                   \
            panic("assertion failed: %s (%s:%d)", #condition, __FILE__, __LINE__); \
        }                                                                          \
    } while (0)

/* ASSERT(left op right) for integers and pointers, with both values in the message. */
#define ASSERT_CMP(left, op, right)                                                              \
    do {                                                                                         \
        __typeof__(left) assert_left = (left);                                                   \
        __typeof__(right) assert_right = (right);                                                \
        if (__builtin_expect(!(assert_left op assert_right), 0)) {                               \
            panic("assertion failed: %s: got 0x%lx and 0x%lx (%s:%d)", #left " " #op " " #right, \
                  (uint64_t)assert_left, (uint64_t)assert_right, __FILE__, __LINE__);            \
        }                                                                                        \
    } while (0)
