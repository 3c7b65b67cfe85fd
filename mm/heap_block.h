/* SPDX-License-Identifier: MIT */
/*
 * A block of the heap and its boundary tags. Private to mm/heap* and mm/checked/.
 *
 * Blocks lie end to end. A block is its tag, 8 bytes, and the payload behind
 * it; the tag stands 8 bytes before a multiple of 16, so the payload is
 * aligned and two neighbours share no padding.
 *
 *     state   bit 63  bit 62  payload                    neighbours see
 *     live      0       0     the owner's                a block in use
 *     quick     0       1     links.next                 a block in use
 *     free      1       0     links ... size at its end  HEAP_PREVIOUS_FREE
 *     top       1       0     none: it ends the heap     a free block
 *
 * Invariant: no two free blocks touch, and none touches the top. So only a
 * live or quick block can have HEAP_PREVIOUS_FREE, and only then does it read
 * the size in front of its tag; otherwise those 8 bytes are payload too, and a
 * live block costs 8 bytes in all.
 *
 * Source: Knuth, "The Art of Computer Programming", volume 1, "Dynamic
 * Storage Allocation", for boundary tags.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "mm/heap.h"

#define HEAP_UNIT      HEAP_ALIGNMENT /* block sizes are multiples of it */
#define HEAP_TAG_SIZE  sizeof(uint64_t)
#define HEAP_BLOCK_MIN 32UL /* a free block's tag, links and size */

#define HEAP_PREVIOUS_FREE BIT(0)
#define HEAP_QUICK         BIT(62)
#define HEAP_FREE          BIT(63)

struct heap_block {
    uint64_t tag; /* size in bytes, tag included, and the bits above */
    struct heap_links links; /* unless it is live */
};

_Static_assert(sizeof(struct heap_block) + sizeof(uint64_t) == HEAP_BLOCK_MIN,
               "a free block needs room for its tags and links");

/* The tag of a live block; a size below HEAP_UNIT units and a state bit make it out of range. */
static inline size_t heap_live_size(uint64_t tag)
{
    return tag & ~(HEAP_UNIT - 1);
}

/* The size of a block in whatever state. */
static inline size_t heap_block_size(uint64_t tag)
{
    return tag & ~(HEAP_FREE | HEAP_QUICK | (HEAP_UNIT - 1));
}

/* The size of a free block, whose tag has no other bit. */
static inline size_t heap_free_size(const struct heap_block *block)
{
    return block->tag ^ HEAP_FREE;
}

static inline struct heap_block *heap_block_of(const void *payload)
{
    return (struct heap_block *)((uintptr_t)payload - HEAP_TAG_SIZE);
}

static inline struct heap_block *heap_block_at(const struct heap_block *block, size_t offset)
{
    return (struct heap_block *)((uintptr_t)block + offset);
}

/* Where the blocks begin: the first payload is aligned as all are. */
static inline struct heap_block *heap_first_block(const struct heap *heap)
{
    return (struct heap_block *)(heap->base + HEAP_UNIT - HEAP_TAG_SIZE);
}

/* The block that holds an address; NULL outside of all, and where tags do not lead there. */
const struct heap_block *heap_block_around(const struct heap *heap, uintptr_t address);

/* A free block's second tag, its last 8 bytes. */
static inline uint64_t *heap_end_tag(const struct heap_block *block, size_t size)
{
    return (uint64_t *)((uintptr_t)block + size - sizeof(uint64_t));
}

/* The free block before one whose tag says that there is one. */
static inline struct heap_block *heap_block_previous(const struct heap_block *block)
{
    return (struct heap_block *)((uintptr_t)block - *heap_end_tag(block, 0));
}

/* The size of the block that a payload needs, HEAP_PAYLOAD_MAX at the most; the same in units. */
static inline size_t heap_size_for(size_t payload_size)
{
    return MAX(ALIGN_UP(payload_size + HEAP_TAG_SIZE, HEAP_UNIT), HEAP_BLOCK_MIN);
}

static inline size_t heap_units_for(size_t payload_size)
{
    return MAX((payload_size + HEAP_TAG_SIZE + HEAP_UNIT - 1) / HEAP_UNIT,
               HEAP_BLOCK_MIN / HEAP_UNIT);
}
