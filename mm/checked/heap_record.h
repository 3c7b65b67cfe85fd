/* SPDX-License-Identifier: MIT */
/*
 * What a checked heap keeps about a payload, in front of it. Private to
 * mm/checked/heap_checked.c and mm/checked/heap_inspect.c.
 */
#pragma once

#include <stdbool.h>

#include "mm/checked/heap_checked.h"
#include "mm/heap_block.h"

/* In front of each payload; it is itself the payload of a block of struct heap. */
struct heap_record {
    uint64_t mark; /* HEAP_MARK_*, xored with the record's address: a copy of it is none */
    size_t size; /* of the payload, as it was asked for */
    uintptr_t allocated_by;
    uintptr_t freed_by;
    struct heap_record *next; /* in quarantine */
    uint8_t zone[24];
    uint8_t payload[];
};

#define HEAP_RECORD_SIZE   sizeof(struct heap_record)
#define HEAP_TAIL_ZONE_MIN 16UL

_Static_assert(IS_ALIGNED(HEAP_RECORD_SIZE, HEAP_ALIGNMENT),
               "payloads are aligned as their records are");

/* Numbers that turn up by chance in no memory. */
#define HEAP_MARK_LIVE  0x6b1f9d04c52ea873UL
#define HEAP_MARK_FREED 0xe4087ab35d96f12cUL

static inline bool heap_record_has_mark(const struct heap_record *record, uint64_t mark)
{
    return (record->mark ^ (uintptr_t)record) == mark;
}

static inline void heap_record_set_mark(struct heap_record *record, uint64_t mark)
{
    record->mark = (uintptr_t)record ^ mark;
}

static inline struct heap_record *heap_record_of(const void *payload)
{
    return (struct heap_record *)((uintptr_t)payload - HEAP_RECORD_SIZE);
}

/* What heap_checked_inspect() does once the pointer is known to be a payload with a mark. */
enum heap_fault heap_record_inspect(const struct heap_checked *checked,
                                    const struct heap_record *record,
                                    struct heap_evidence *evidence);
