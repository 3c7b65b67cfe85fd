/* SPDX-License-Identifier: MIT */
/*
 * The bitmap's summaries. Between calls, a bit of a level above 0 is set
 * exactly when its word below is not 0.
 */
#include "mm/frame_bitmap.h"

#include "lib/assert.h"
#include "lib/string.h"

#define WORD_BITS FRAME_BITMAP_WORD_BITS

static uint64_t words_for(uint64_t bit_count)
{
    return bit_count / WORD_BITS + (bit_count % WORD_BITS != 0);
}

uint64_t frame_bitmap_bytes(uint64_t bit_count)
{
    uint64_t level_words = words_for(bit_count);
    uint64_t words = level_words;

    /* Level 1 is there even above a single word: what is inline does not ask. */
    do {
        level_words = words_for(level_words);
        words += level_words;
    } while (level_words > 1);
    return words * sizeof(uint64_t);
}

void frame_bitmap_init(struct frame_bitmap *bitmap, void *storage, uint64_t bit_count)
{
    uint64_t *words = storage;
    uint64_t level_words = bit_count;

    ASSERT_CMP(bit_count, >, 0);
    memset(storage, 0, frame_bitmap_bytes(bit_count));
    *bitmap = (struct frame_bitmap){.bit_count = bit_count};
    do {
        ASSERT_CMP(bitmap->level_count, <, FRAME_BITMAP_LEVELS_MAX);
        level_words = words_for(level_words);
        bitmap->levels[bitmap->level_count++] = words;
        words += level_words;
    } while (level_words > 1 || bitmap->level_count < 2);
}

/* The bits of word `index` that are bits `first` up to `beyond` of its level. */
static uint64_t mask_within(uint64_t index, uint64_t first, uint64_t beyond)
{
    uint64_t low = index * WORD_BITS;
    uint64_t mask = UINT64_MAX;

    if (first > low) {
        mask <<= first - low;
    }
    if (beyond < low + WORD_BITS) {
        mask &= UINT64_MAX >> (low + WORD_BITS - beyond);
    }
    return mask;
}

/* Make bits `first` up to `beyond` of one level, one at the least, all 1 or all 0. */
static void fill(uint64_t *words, uint64_t first, uint64_t beyond, bool value)
{
    uint64_t low = first / WORD_BITS;
    uint64_t high = (beyond - 1) / WORD_BITS;
    uint64_t low_mask = mask_within(low, first, beyond);
    uint64_t high_mask = mask_within(high, first, beyond);

    if (value) {
        words[low] |= low_mask;
        words[high] |= high_mask;
    } else {
        words[low] &= ~low_mask;
        words[high] &= ~high_mask;
    }
    if (high - low > 1) {
        memset(&words[low + 1], value ? 0xff : 0, (high - low - 1) * sizeof(words[0]));
    }
}

/* The highest word of level 0 that is not 0 among those under word `index` of a level. */
static uint64_t highest_under(const struct frame_bitmap *bitmap, size_t level, uint64_t index,
                              uint64_t word)
{
    index = index * WORD_BITS + highest_bit(word);
    while (--level > 0) {
        index = index * WORD_BITS + highest_bit(bitmap->levels[level][index]);
    }
    return index;
}

/*
 * Find the highest word of level 0 below word `index` that is not 0: up until
 * a word has a bit low enough, then down to that bit's highest descendant.
 */
static bool find_word_below(const struct frame_bitmap *bitmap, uint64_t index, uint64_t *found)
{
    uint64_t word = 0;
    size_t level = 0;

    while (word == 0) {
        if (++level == bitmap->level_count) {
            return false;
        }
        if (index % WORD_BITS != 0) {
            word = bitmap->levels[level][index / WORD_BITS] & (BIT(index % WORD_BITS) - 1);
        }
        index /= WORD_BITS;
    }
    *found = highest_under(bitmap, level, index, word);
    return true;
}

/* Find the highest set bit below `limit`. */
static bool find_below(const struct frame_bitmap *bitmap, uint64_t limit, uint64_t *bit)
{
    uint64_t place = MIN(limit, bitmap->bit_count);
    uint64_t index = place / WORD_BITS;
    uint64_t word = 0;

    if (place % WORD_BITS != 0) {
        word = bitmap->levels[0][index] & (BIT(place % WORD_BITS) - 1);
    }
    if (word == 0) {
        if (!find_word_below(bitmap, index, &index)) {
            return false;
        }
        word = bitmap->levels[0][index];
    }
    *bit = index * WORD_BITS + highest_bit(word);
    return true;
}

void frame_bitmap_summary_emptied(struct frame_bitmap *bitmap, uint64_t index)
{
    size_t level = 1;
    uint64_t word;

    do {
        uint64_t bit = index % WORD_BITS;

        if (++level == bitmap->level_count) {
            return;
        }
        index /= WORD_BITS;
        word = bitmap->levels[level][index] & ~BIT(bit);
        bitmap->levels[level][index] = word;
    } while (word == 0);
    /* What was cleared was the highest there was: the next is the highest that is left here. */
    bitmap->top_word = highest_under(bitmap, level, index, word);
}

void frame_bitmap_summary_filled(struct frame_bitmap *bitmap, uint64_t word_index)
{
    uint64_t index = word_index / WORD_BITS;
    uint64_t before = 0;

    for (size_t level = 2; level < bitmap->level_count && before == 0; level++) {
        uint64_t bit = index % WORD_BITS;

        index /= WORD_BITS;
        before = bitmap->levels[level][index];
        bitmap->levels[level][index] = before | BIT(bit);
    }
    if (word_index > bitmap->top_word || bitmap->levels[0][bitmap->top_word] == 0) {
        bitmap->top_word = word_index;
    }
}

void frame_bitmap_set_range(struct frame_bitmap *bitmap, uint64_t first, uint64_t count)
{
    uint64_t beyond = first + count;
    uint64_t high = (beyond - 1) / WORD_BITS;

    if (high > bitmap->top_word || bitmap->levels[0][bitmap->top_word] == 0) {
        bitmap->top_word = high;
    }
    for (size_t level = 0; level < bitmap->level_count; level++) {
        fill(bitmap->levels[level], first, beyond, true);
        first /= WORD_BITS;
        beyond = words_for(beyond);
    }
}

void frame_bitmap_clear_range(struct frame_bitmap *bitmap, uint64_t first, uint64_t count)
{
    uint64_t beyond = first + count;

    for (size_t level = 0; level < bitmap->level_count && first < beyond; level++) {
        const uint64_t *words = bitmap->levels[level];

        fill(bitmap->levels[level], first, beyond, false);
        /* Of the words touched, only the outer two can have bits left. */
        first /= WORD_BITS;
        beyond = words_for(beyond);
        if (words[first] != 0) {
            first++;
        }
        if (first < beyond && words[beyond - 1] != 0) {
            beyond--;
        }
    }
    if (bitmap->levels[0][bitmap->top_word] == 0) {
        find_word_below(bitmap, bitmap->top_word, &bitmap->top_word);
    }
}

bool frame_bitmap_has_any(const struct frame_bitmap *bitmap, uint64_t first, uint64_t count)
{
    uint64_t bit;

    return find_below(bitmap, first + count, &bit) && bit >= first;
}

/* The lowest clear bit from `first` on; `beyond` when all below that are set. */
static uint64_t lowest_clear(const struct frame_bitmap *bitmap, uint64_t first, uint64_t beyond)
{
    while (first < beyond) {
        uint64_t clear = ~bitmap->levels[0][first / WORD_BITS] >> first % WORD_BITS;

        if (clear != 0) {
            return MIN(first + (uint64_t)__builtin_ctzl(clear), beyond);
        }
        first = ALIGN_DOWN(first, WORD_BITS) + WORD_BITS;
    }
    return beyond;
}

bool frame_bitmap_find_run(const struct frame_bitmap *bitmap, uint64_t count, uint64_t alignment,
                           uint64_t limit, uint64_t *first)
{
    uint64_t bit;

    while (find_below(bitmap, limit, &bit) && bit + 1 >= count) {
        uint64_t start = ALIGN_DOWN(bit + 1 - count, alignment);

        /* A clear bit rules out each run that would reach over it; the lowest, the most of them. */
        limit = lowest_clear(bitmap, start, start + count);
        if (limit == start + count) {
            *first = start;
            return true;
        }
    }
    return false;
}
