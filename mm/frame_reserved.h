/* SPDX-License-Identifier: MIT */
/*
 * Memory that is there but not for the allocator, range by range, with what it
 * holds. Invariant: sorted by start. Ranges may share pages, as loaders pack
 * things, and even bytes, as a bad loader might. A table of zero bytes is empty.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"
#include "mm/frame_kind.h"

#define FRAME_RESERVED_MAX 96

/* The bytes from `start` up to, not including, `end`. */
struct frame_reserved_range {
    uint64_t start;
    uint64_t end;
    enum frame_kind kind;
};

struct frame_reserved {
    size_t count;
    struct frame_reserved_range ranges[FRAME_RESERVED_MAX];
};

/*
 * Note a range.
 *
 * size  bytes, 1 or more; the range does not wrap around 2^64
 *
 * Returns OK
 *         ERR_FULL  FRAME_RESERVED_MAX are noted; the table is untouched
 */
MUST_CHECK enum status frame_reserved_add(struct frame_reserved *table, paddr_t start,
                                          uint64_t size, enum frame_kind kind);

/*
 * Forget a range that was noted.
 *
 * Returns OK
 *         ERR_NOT_FOUND  none of that kind has this start and size
 *         ERR_EXISTS     another range shares bytes with it
 *         The table is untouched by both.
 */
MUST_CHECK enum status frame_reserved_remove(struct frame_reserved *table, paddr_t start,
                                             uint64_t size, enum frame_kind kind);

/* The lowest range that shares a byte with [start, end), or NULL. */
const struct frame_reserved_range *frame_reserved_find(const struct frame_reserved *table,
                                                       paddr_t start, paddr_t end);
