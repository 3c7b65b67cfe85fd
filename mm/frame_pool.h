/* SPDX-License-Identifier: MIT */
/*
 * Frames of physical memory that can be given out, in a bitmap that lies in
 * that memory itself. Invariants: a bit is set exactly when its frame is free;
 * every frame that was ever free lies in `managed`; usable frames are the free
 * ones and, kind by kind, all others.
 *
 * Pure: physical memory is wherever the caller says, and nothing of it is
 * touched but the bitmap. The kernel has one pool, behind mm/frame.h, which
 * holds the contracts; tests make their own. What every frame goes through is
 * inline.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"
#include "mm/frame_bitmap.h"
#include "mm/frame_kind.h"
#include "mm/frame_reserved.h"
#include "mm/memory_map.h"

/* What an address is to the allocator; only a frame in use can be freed. */
#define FRAME_STATE_LIST(X)                              \
    X(FRAME_STATE_IN_USE, "a frame in use")              \
    X(FRAME_STATE_FREE, "a free frame")                  \
    X(FRAME_STATE_RESERVED, "a reserved frame")          \
    X(FRAME_STATE_HOLE, "a hole in memory")              \
    X(FRAME_STATE_BEYOND, "an address above all memory") \
    X(FRAME_STATE_UNALIGNED, "an address that starts no frame")

enum frame_state {
#define FRAME_STATE_ENUM(state, phrase) state,
    FRAME_STATE_LIST(FRAME_STATE_ENUM)
#undef FRAME_STATE_ENUM
};

/* Where the usable frames are: `usable` is the sum of all others. */
struct frame_stats {
    uint64_t usable;
    uint64_t free;
    uint64_t by_kind[FRAME_KIND_COUNT];
};

struct frame_pool {
    uint64_t allocated[FRAME_KIND_COUNT]; /* frames given out and not yet back */
    struct frame_bitmap bitmap; /* a bit a frame, from address 0 on; set: free */
    /* Whole frames of the managed range in which the last look-up ended. */
    uint64_t recent_start;
    uint64_t recent_bytes;

    uint64_t managed_frames; /* whole frames in managed */
    struct memory_map managed; /* bytes handed to the pool, less the bitmap's */
    const struct memory_map *usable;
    const struct memory_map *free; /* as it was at the beginning */
    size_t released_ranges; /* ranges in managed that are not from free */
    uint64_t bitmap_start; /* bytes */
    uint64_t reach; /* bytes: free memory above is not handed to the pool */
    struct frame_reserved reserved; /* ranges with a name */
};

/* As frame_init(), frame_extend(), frame_name_reserved(), frame_release_reserved() in frame.h. */
MUST_CHECK enum status frame_pool_init(struct frame_pool *pool, const struct memory_map *usable,
                                       const struct memory_map *free, void *direct_base,
                                       paddr_t mapped_end);
void frame_pool_extend(struct frame_pool *pool, paddr_t mapped_end);
MUST_CHECK enum status frame_pool_name_reserved(struct frame_pool *pool, paddr_t start,
                                                uint64_t size, enum frame_kind kind);
MUST_CHECK enum status frame_pool_release_reserved(struct frame_pool *pool, paddr_t start,
                                                   uint64_t size);

/* As frame_alloc_run() in frame.h. */
MUST_CHECK enum status frame_pool_alloc_run(struct frame_pool *pool, size_t count,
                                            uint64_t alignment, paddr_t limit, enum frame_kind kind,
                                            paddr_t *first);

/*
 * Give back a run.
 *
 * count    frames, 1 or more
 * culprit  out: the lowest frame that is not in use; untouched when all are
 *
 * Returns what the culprit is, and then nothing has changed, else
 * FRAME_STATE_IN_USE.
 */
MUST_CHECK enum frame_state frame_pool_free_run(struct frame_pool *pool, paddr_t first,
                                                size_t count, enum frame_kind kind,
                                                paddr_t *culprit);

/* As frame_state(), frame_describe(), frame_free_count() and frame_stats() in frame.h. */
enum frame_state frame_pool_state(const struct frame_pool *pool, paddr_t frame);
size_t frame_pool_describe(const struct frame_pool *pool, paddr_t frame, char *buffer, size_t size);
uint64_t frame_pool_free_count(const struct frame_pool *pool);
void frame_pool_stats(const struct frame_pool *pool, struct frame_stats *stats);

/*
 * Give a frame back, if it is in use.
 *
 * kind  as it was allocated for
 *
 * Returns what the frame was; nothing has changed unless that is
 * FRAME_STATE_IN_USE.
 */
MUST_CHECK enum frame_state frame_pool_free(struct frame_pool *pool, paddr_t frame,
                                            enum frame_kind kind);

/* As frame_alloc() in frame.h. */
MUST_CHECK static inline enum status frame_pool_alloc(struct frame_pool *pool, enum frame_kind kind,
                                                      paddr_t *frame)
{
    struct frame_bitmap_spot spot;

    ASSERT_CMP(kind, <, ARRAY_SIZE(pool->allocated));
    ASSERT(pool->bitmap.level_count != 0);
    if (UNLIKELY(!frame_bitmap_find_highest(&pool->bitmap, &spot))) {
        return ERR_NO_MEMORY;
    }
    pool->allocated[kind]++;
    *frame = paddr(frame_bitmap_bit(spot) * PAGE_SIZE);
    frame_bitmap_take(&pool->bitmap, spot);
    return OK;
}

/* More frames came back from a purpose than were given out for it: the end. */
NORETURN COLD void frame_pool_miscounted(enum frame_kind kind);

/* Count frames that came back. */
static inline void frame_pool_count_freed(struct frame_pool *pool, enum frame_kind kind,
                                          uint64_t count)
{
    ASSERT_CMP(kind, <, ARRAY_SIZE(pool->allocated));
    pool->allocated[kind] -= count;
    if (UNLIKELY((int64_t)pool->allocated[kind] < 0)) {
        frame_pool_miscounted(kind);
    }
}

/* The usual case of frame_pool_free(): in use, and near the one before; else false. */
MUST_CHECK static inline bool frame_pool_try_free(struct frame_pool *pool, paddr_t frame,
                                                  enum frame_kind kind)
{
    uint64_t offset = frame.value - pool->recent_start;
    struct frame_bitmap_spot spot;

    if (UNLIKELY(offset >= pool->recent_bytes || !IS_ALIGNED(offset, PAGE_SIZE))) {
        return false;
    }
    spot = frame_bitmap_look(&pool->bitmap, frame.value / PAGE_SIZE);
    if (UNLIKELY(frame_bitmap_is_set(spot))) {
        return false;
    }
    frame_pool_count_freed(pool, kind, 1);
    frame_bitmap_put(&pool->bitmap, spot);
    return true;
}
