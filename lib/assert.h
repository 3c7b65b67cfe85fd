/* SPDX-License-Identifier: MIT */
/*
 * Contracts that the caller must keep. Always compiled in: a kernel that runs
 * on after a broken contract damages what it should have protected. What was
 * compared belongs in the message, so a condition with a comparison in it is
 * ASSERT_CMP's or ASSERT_OK's; `make check` refuses it in an ASSERT.
 */
#pragma once

#include <stdint.h>

#include "lib/compiler.h"
#include "lib/panic.h"
#include "lib/status.h"

/* Panic unless a condition holds that has no values to show: a predicate, `!= NULL`. */
#define ASSERT(condition)                                                          \
    do {                                                                           \
        if (UNLIKELY(!(condition))) {                                              \
            panic("assertion failed: %s (%s:%d)", #condition, __FILE__, __LINE__); \
        }                                                                          \
    } while (0)

/*
 * Panic unless `left op right`, with both values in the message.
 *
 * left, right  integers or pointers; each is evaluated once. A constant on the
 *              right takes the left's type: no suffix, no cast
 * op           == != < <= > >=
 */
#define ASSERT_CMP(left, op, right)                                                      \
    do {                                                                                 \
        __typeof__(left) assert_left = (left);                                           \
        ASSERT_TYPE_OF_RIGHT(left, right) assert_right = (right);                        \
        if (UNLIKELY(!(assert_left op assert_right))) {                                  \
            assert_compare_failed(                                                       \
                #left " " #op " " #right, (uint64_t)assert_left, (uint64_t)assert_right, \
                ASSERT_NOTATION(1 ? assert_left : assert_right), __FILE__, __LINE__);    \
        }                                                                                \
    } while (0)

#define ASSERT_TYPE_OF_RIGHT(left, right) \
    __typeof__(__builtin_choose_expr(__builtin_constant_p(right), (left), (right)))

/* Panic unless an enum status is OK, with its name in the message. */
#define ASSERT_OK(answer)                                                     \
    do {                                                                      \
        enum status assert_status = (answer);                                 \
        if (UNLIKELY(assert_status != OK)) {                                  \
            assert_status_failed(#answer, assert_status, __FILE__, __LINE__); \
        }                                                                     \
    } while (0)

/* How the two values are printed, by the type that the comparison makes of both. */
enum assert_notation {
    ASSERT_DECIMAL, /* signed: -1 is to be seen as that */
    ASSERT_BY_SIZE, /* unsigned: decimal as long as both are small, a count and its bound */
    ASSERT_HEX, /* pointers */
};

/* clang-format off */
#define ASSERT_NOTATION(value)                   \
    _Generic((value),                            \
             int: ASSERT_DECIMAL,                \
             long: ASSERT_DECIMAL,               \
             long long: ASSERT_DECIMAL,          \
             unsigned: ASSERT_BY_SIZE,           \
             unsigned long: ASSERT_BY_SIZE,      \
             unsigned long long: ASSERT_BY_SIZE, \
             default: ASSERT_HEX)
/* clang-format on */

/* What the macros end in. text: the condition as it is written. Context: as panic(). */
NORETURN COLD void assert_compare_failed(const char *text, uint64_t left, uint64_t right,
                                         enum assert_notation notation, const char *file, int line);
NORETURN COLD void assert_status_failed(const char *text, enum status status, const char *file,
                                        int line);
