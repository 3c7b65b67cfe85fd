/* SPDX-License-Identifier: MIT */
/*
 * A heap that finds out what its users do wrong: a layer over struct heap that
 * keeps a record and a red zone around each payload and, for some time, what
 * was freed.
 *
 *     | record 40 | zone 24 | payload | zone 16 or more |
 *
 * A payload is filled with HEAP_FILL_FRESH when it is allocated, and with
 * HEAP_FILL_FREED when it is freed; then the block waits in a queue, its
 * quarantine, until HEAP_QUARANTINE_BYTES_MAX of others are behind it. Both
 * fills make an address that no CPU accepts. A write past the payload is found
 * when the block is freed, a write after that when it leaves the quarantine,
 * both by heap_checked_check().
 *
 * What is found is handed to a function, with the evidence; the block in
 * question is then left as it is. Pure; one user at a time, as in heap.h.
 */
#pragma once

#include <stdbool.h>

#include "mm/heap.h"

#define HEAP_FILL_FRESH 0xa7
#define HEAP_FILL_FREED 0xd7
#define HEAP_FILL_ZONE  0xb3

#define HEAP_QUARANTINE_BYTES_MAX (64 * KIB)

struct heap_record;

struct heap_checked {
    struct heap heap;
    void (*report)(const struct heap_evidence *evidence);
    struct heap_record *oldest; /* of the quarantine */
    struct heap_record *newest;
    size_t quarantine_blocks;
    size_t quarantine_bytes; /* blocks of struct heap */
    size_t fail_countdown; /* allocations up to the first that fails; 0: none does */
    bool fail_last; /* all behind it fail as well */
    bool fail_begun;
};

/*
 * As heap_init().
 *
 * report  called with each fault; may return. Makes no heap calls.
 */
MUST_CHECK enum status heap_checked_init(struct heap_checked *checked, uintptr_t base,
                                         uintptr_t limit, const struct heap_window *window,
                                         void (*report)(const struct heap_evidence *evidence));

/*
 * As heap_alloc_aligned(), heap_realloc() and heap_free(); a block that grows
 * always moves, so that what still points to the old place is found.
 *
 * caller  the return address to name as who allocated or freed
 *
 * After a report heap_checked_realloc() returns NULL.
 */
void *heap_checked_alloc(struct heap_checked *checked, size_t size, size_t alignment,
                         uintptr_t caller);
void *heap_checked_realloc(struct heap_checked *checked, void *payload, size_t size,
                           uintptr_t caller);
void heap_checked_free(struct heap_checked *checked, void *payload, uintptr_t caller);

/*
 * Judge one pointer without changing anything.
 *
 * payload   any value
 * evidence  out: always filled in
 *
 * Returns HEAP_SOUND for a live block's payload whose zones are whole.
 */
enum heap_fault heap_checked_inspect(const struct heap_checked *checked, const void *payload,
                                     struct heap_evidence *evidence);

/* heap_check(), every live block's zones and everything in quarantine; likewise. */
enum heap_fault heap_checked_check(const struct heap_checked *checked,
                                   struct heap_evidence *evidence);

/* heap_find(), with who allocated and freed; zones belong to their block. */
struct heap_place heap_checked_find(const struct heap_checked *checked, uintptr_t address);

/* Empty the quarantine, then heap_trim(). */
void heap_checked_trim(struct heap_checked *checked);

/*
 * heap_statistics(), with what is in quarantine counted as quick. Records and
 * zones are part of the sizes, and peak_bytes has the quarantine in it.
 */
struct heap_statistics heap_checked_statistics(const struct heap_checked *checked);

/*
 * Let the k-th allocation from now answer NULL, k from 1, and where `last` is
 * set all behind it; 0 takes that back. Returns whether a failure asked for
 * earlier has not come yet.
 */
bool heap_checked_fail_at(struct heap_checked *checked, size_t k, bool last);
