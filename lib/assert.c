/* SPDX-License-Identifier: MIT */
/* The sentences of broken contracts; out of line, so that a check is a comparison and a call. */
#include "lib/assert.h"

#include <stdbool.h>

#define SMALL_MAX 0xffffU

static bool is_decimal(enum assert_notation notation, uint64_t left, uint64_t right)
{
    return notation == ASSERT_DECIMAL ||
           (notation == ASSERT_BY_SIZE && left <= SMALL_MAX && right <= SMALL_MAX);
}

void assert_compare_failed(const char *text, uint64_t left, uint64_t right,
                           enum assert_notation notation, const char *file, int line)
{
    if (is_decimal(notation, left, right)) {
        panic("assertion failed: %s: got %ld and %ld (%s:%d)", text, (int64_t)left, (int64_t)right,
              file, line);
    }
    panic("assertion failed: %s: got 0x%lx and 0x%lx (%s:%d)", text, left, right, file, line);
}

void assert_status_failed(const char *text, enum status status, const char *file, int line)
{
    panic("assertion failed: %s: got %s, want OK (%s:%d)", text, status_name(status), file, line);
}
