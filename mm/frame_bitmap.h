/* SPDX-License-Identifier: MIT */
/*
 * A bitmap that finds its set bits without looking for them. Level 0 is the
 * bits; each further level has a bit for every word of the level below, set
 * when that word is not 0; the last level is one word. So a search takes a step
 * up and a step down for each level at the most, however many bits there are
 * and however few of them are set.
 *
 * Bits are taken from the top word, the highest that has any; its successor is
 * mostly found in the word above it. When no bit is set at all, the top word is
 * any.
 *
 * Pure: it knows nothing of memory, and does no locking.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"

#define FRAME_BITMAP_WORD_BITS 64UL

/* Each level is 64 times smaller than the one below: room for 2^42 bits. */
#define FRAME_BITMAP_LEVELS_MAX 7

struct frame_bitmap {
    uint64_t *levels[FRAME_BITMAP_LEVELS_MAX];
    size_t level_count; /* 2 or more */
    uint64_t bit_count;
    uint64_t top_word; /* of level 0 */
};

/* Bytes that init wants for `bit_count` bits, 1 or more, and their summaries. */
uint64_t frame_bitmap_bytes(uint64_t bit_count);

/*
 * Make a bitmap with no bit set.
 *
 * storage    frame_bitmap_bytes(bit_count) bytes, aligned to 8, that stay the
 *            bitmap's; what was in them does not matter
 * bit_count  1 to 2^42
 */
void frame_bitmap_init(struct frame_bitmap *bitmap, void *storage, uint64_t bit_count);

/* Set or clear bits, whatever they were: `count` from `first` on, 1 or more, all in the bitmap. */
void frame_bitmap_set_range(struct frame_bitmap *bitmap, uint64_t first, uint64_t count);
void frame_bitmap_clear_range(struct frame_bitmap *bitmap, uint64_t first, uint64_t count);

/* Whether any bit is set, of `count` from `first` on, 1 or more. */
bool frame_bitmap_has_any(const struct frame_bitmap *bitmap, uint64_t first, uint64_t count);

/*
 * Find the highest run of set bits that starts at a multiple of `alignment`
 * and ends at `limit` or below. Takes a few steps for each run of set bits
 * below the limit at the most, and looks at no word of them twice but those of
 * the run it finds.
 *
 * count      bits, 1 or more
 * alignment  a power of two, 1 or more
 * first      out: the run's lowest bit; untouched when there is none
 */
bool frame_bitmap_find_run(const struct frame_bitmap *bitmap, uint64_t count, uint64_t alignment,
                           uint64_t limit, uint64_t *first);

/*
 * The rarer parts of frame_bitmap_take() and frame_bitmap_put(). Emptied: word
 * `index` of level 1, the top word's, has become 0. Filled: word `word_index` of
 * level 0 is 0 no longer, the first of those that share a word of level 1.
 */
void frame_bitmap_summary_emptied(struct frame_bitmap *bitmap, uint64_t index);
void frame_bitmap_summary_filled(struct frame_bitmap *bitmap, uint64_t word_index);

/* A bit, and the word of level 0 that it is in, as it was found. */
struct frame_bitmap_spot {
    uint64_t index; /* of the word */
    uint64_t word;
    uint64_t place; /* of the bit in the word */
};

static inline uint64_t frame_bitmap_bit(struct frame_bitmap_spot spot)
{
    return spot.index * FRAME_BITMAP_WORD_BITS + spot.place;
}

/* Where a bit of the bitmap is. */
static inline struct frame_bitmap_spot frame_bitmap_look(const struct frame_bitmap *bitmap,
                                                         uint64_t bit)
{
    return (struct frame_bitmap_spot){
        .index = bit / FRAME_BITMAP_WORD_BITS,
        .word = bitmap->levels[0][bit / FRAME_BITMAP_WORD_BITS],
        .place = bit % FRAME_BITMAP_WORD_BITS,
    };
}

static inline bool frame_bitmap_is_set(struct frame_bitmap_spot spot)
{
    return (spot.word & BIT(spot.place)) != 0;
}

/* Find the highest set bit. False, and `spot` untouched, when none is set. */
static inline bool frame_bitmap_find_highest(const struct frame_bitmap *bitmap,
                                             struct frame_bitmap_spot *spot)
{
    uint64_t index = bitmap->top_word;
    uint64_t word = bitmap->levels[0][index];

    if (UNLIKELY(word == 0)) {
        return false;
    }
    *spot = (struct frame_bitmap_spot){index, word, highest_bit(word)};
    return true;
}

/* Clear the highest set bit, which was just found. */
static inline void frame_bitmap_take(struct frame_bitmap *bitmap, struct frame_bitmap_spot spot)
{
    uint64_t word = spot.word & ~BIT(spot.place);

    bitmap->levels[0][spot.index] = word;
    if (word == 0) {
        uint64_t above = spot.index / FRAME_BITMAP_WORD_BITS;
        uint64_t summary = bitmap->levels[1][above] & ~BIT(spot.index % FRAME_BITMAP_WORD_BITS);

        bitmap->levels[1][above] = summary;
        if (UNLIKELY(summary == 0)) {
            frame_bitmap_summary_emptied(bitmap, above);
        } else {
            bitmap->top_word = above * FRAME_BITMAP_WORD_BITS + highest_bit(summary);
        }
    }
}

/* Set a bit, just looked at, that is not set. */
static inline void frame_bitmap_put(struct frame_bitmap *bitmap, struct frame_bitmap_spot spot)
{
    bitmap->levels[0][spot.index] = spot.word | BIT(spot.place);
    if (spot.word == 0) {
        uint64_t above = spot.index / FRAME_BITMAP_WORD_BITS;
        uint64_t summary = bitmap->levels[1][above];

        bitmap->levels[1][above] = summary | BIT(spot.index % FRAME_BITMAP_WORD_BITS);
        if (UNLIKELY(summary == 0)) {
            frame_bitmap_summary_filled(bitmap, spot.index);
        } else if (spot.index > bitmap->top_word) {
            bitmap->top_word = spot.index;
        }
    }
}
