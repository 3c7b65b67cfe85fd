/* SPDX-License-Identifier: MIT */
/*
 * A heap over one window of addresses, which grows and shrinks at its end.
 * Pure: two callbacks bring memory into the window and take it out.
 *
 * Blocks have boundary tags and merge with their free neighbours. Free blocks
 * are kept in lists by size, so finding one does not depend on their number.
 * Small blocks that are freed first wait in quick lists of one size each, at
 * most HEAP_QUICK_BYTES_MAX in all: there they are not merged, and the next
 * request of that size takes one in a few instructions. What lies behind the
 * last block is the top; it is used when no free block fits.
 *
 * One heap has one user at a time. Interrupt handlers never allocate, so on
 * one CPU nothing here masks interrupts. No function waits.
 *
 * Sizes: 0 is a size as any other, its block differs from all others. A size
 * above HEAP_PAYLOAD_MAX is answered like exhaustion, with NULL; after either
 * everything that was allocated is as it was and the heap works on.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/heap_fault.h"

#define HEAP_ALIGNMENT     16UL /* of every payload */
#define HEAP_ALIGNMENT_MAX (2 * MIB)
#define HEAP_PAYLOAD_MAX   ((1UL << 40) - 1)

#define HEAP_QUICK_PAYLOAD_MAX 1032UL /* blocks for larger payloads are merged at once */
#define HEAP_QUICK_BYTES_MAX   (32 * KIB) /* in all lists together, tags included */
#define HEAP_QUICK_LISTS       ((HEAP_QUICK_PAYLOAD_MAX + 8) / HEAP_ALIGNMENT + 1)

#define HEAP_BIN_WORDS 5
#define HEAP_BINS      (64UL * HEAP_BIN_WORDS)

/* How the window's memory comes and goes. Both are called inside heap functions: no heap calls. */
struct heap_window {
    /*
     * Put memory at [address, address + size), whole pages behind all that is
     * there. Any contents. Returns OK, or anything else with nothing changed.
     */
    enum status (*grow)(void *context, uintptr_t address, size_t size);
    /* Take memory away again from the end; NULL when the heap keeps what it has. */
    void (*shrink)(void *context, uintptr_t address, size_t size);
    void *context;
};

/* A place in a list of blocks; it is where the payload would be. */
struct heap_links {
    struct heap_links *next;
    struct heap_links *previous; /* not in quick lists */
};

struct heap_block;

/* All members belong to mm/heap*; see heap_statistics() for what may be known. */
struct heap {
    /* Sizes in units of 16 bytes, tags included. */
    size_t quick_units;
    size_t live_units;
    size_t peak_units;
    size_t live_blocks;
    struct heap_block *top;
    struct heap_block *top_last; /* where the top can lie at the most: 8 bytes before the end */
    uintptr_t base;
    uintptr_t limit; /* as far as the window may ever grow */
    struct heap_window window;
    size_t quick_hand; /* the quick list that gives up a block next */
    uint64_t bin_map[HEAP_BIN_WORDS]; /* a bit for each bin that is not empty */
    struct heap_links *quick[HEAP_QUICK_LISTS]; /* by units */
    struct heap_links bins[HEAP_BINS]; /* heads of circular lists of free blocks */
};

/*
 * Make an empty heap of one page.
 *
 * base    start of the window, a multiple of PAGE_SIZE
 * limit   its end, exclusive, likewise; at least a page behind base
 * window  copied
 *
 * Returns OK
 *         ERR_BAD_ARG  base or limit is not as above
 *         or what the first growth answered
 */
MUST_CHECK enum status heap_init(struct heap *heap, uintptr_t base, uintptr_t limit,
                                 const struct heap_window *window);

/*
 * Allocate `size` bytes, aligned to HEAP_ALIGNMENT; the contents are whatever
 * was there, or zeros. NULL when there is no room.
 */
void *heap_alloc(struct heap *heap, size_t size);
void *heap_alloc_zeroed(struct heap *heap, size_t size);

/*
 * Allocate `size` bytes so that the byte at `offset` is aligned.
 *
 * alignment  a power of two up to HEAP_ALIGNMENT_MAX
 * offset     a multiple of HEAP_ALIGNMENT; 0 for the first byte
 *
 * NULL when there is no room.
 */
void *heap_alloc_aligned(struct heap *heap, size_t size, size_t alignment, size_t offset);

/*
 * Change a block's size, in place where what lies behind it allows: always
 * when it shrinks. The contents are kept up to the smaller size; the alignment
 * of heap_alloc_aligned() is kept only in place.
 *
 * payload  of a live block, or NULL for plain heap_alloc()
 *
 * Returns where it is now; NULL when there is no room, and then the block is
 * as it was. Panics on a pointer that is visibly not a live block.
 */
void *heap_realloc(struct heap *heap, void *payload, size_t size);

/*
 * Give a block back.
 *
 * payload  of a live block; NULL does nothing
 *
 * Panics on a block that is free already, and on most other wrong pointers.
 */
void heap_free(struct heap *heap, void *payload);

/* The bytes that may be used at a live payload: what was asked for, or a few more. */
size_t heap_usable_size(const void *payload);

/* Merge all that can be merged and give back every whole page at the end. */
void heap_trim(struct heap *heap);

/* In front of the first block, and the tag of the top: the window's bytes that are no block's. */
#define HEAP_OVERHEAD 16UL

/* Blocks and sizes in bytes, tags included: live + free + quick + HEAP_OVERHEAD = window. */
struct heap_statistics {
    size_t live_blocks;
    size_t live_bytes;
    size_t peak_bytes; /* the most live_bytes ever was */
    size_t free_bytes; /* the top included */
    size_t largest_free_bytes; /* in one block */
    size_t quick_blocks;
    size_t quick_bytes; /* in quick lists: free, but not merged */
    size_t window_bytes; /* memory in the window */
};

/* What the heap holds at the moment. Walks the quick lists and one bin. */
struct heap_statistics heap_statistics(const struct heap *heap);

/* What an address in the window belongs to. */
struct heap_place {
    enum {
        HEAP_PLACE_OUTSIDE, /* of the window as it is now */
        HEAP_PLACE_UNKNOWN, /* the tags that lead there are damaged */
        HEAP_PLACE_FREE, /* and no more is known of it */
        HEAP_PLACE_FREED, /* a block that was freed, and is known still */
        HEAP_PLACE_LIVE,
    } state;
    uintptr_t block; /* the payload; 0 where it is not known */
    size_t size; /* of the payload, as far as known what was asked for */
    uintptr_t allocated_by; /* return addresses; 0 where they are not kept */
    uintptr_t freed_by;
};

/*
 * Find what an address belongs to. Takes a step for each block before it;
 * whatever is damaged, nothing outside the window is read, and the walk ends.
 * A heap that was never opened has no window.
 */
struct heap_place heap_find(const struct heap *heap, uintptr_t address);

/*
 * Look at every block and every list. Whatever is damaged, nothing outside the
 * window is read, and the walk ends.
 *
 * place  out: where the damage was found, 0 when that is no place in the
 *        window; untouched when there is none
 *
 * Returns HEAP_SOUND or one of the faults of the heap's structure.
 */
enum heap_fault heap_check(const struct heap *heap, uintptr_t *place);
