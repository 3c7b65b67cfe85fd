/* SPDX-License-Identifier: MIT */
/*
 * The bitmap with summaries: after everything that is done to it each level
 * must tell the truth about the one below, and the bits must be those of a
 * model that keeps a byte for each.
 */
#include "mm/frame_bitmap.h"

#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

/* Four levels, the last words of the lower three in part. */
#define BITS  (64UL * 64 * 64 + 100)
#define WORDS (4098 + 65 + 2 + 1)

static struct frame_bitmap bitmap;
static uint64_t storage[WORDS + 1];

/* Where words of each level meet, and the ends. */
static const uint64_t edges[] = {0,    1,    62,    63,    64,     65,     127,    128,     4095,
                                 4096, 4097, 65535, 65536, 262079, 262143, 262144, BITS - 1};

static void begin(void)
{
    memset(storage, 0xa5, sizeof(storage));
    frame_bitmap_init(&bitmap, storage, BITS);
}

static uint64_t level_words(size_t level)
{
    uint64_t words = bitmap.bit_count;

    for (size_t i = 0; i <= level; i++) {
        words = (words + 63) / 64;
    }
    return words;
}

/* Whether the bit a level has for a word below is as it should be. */
static bool is_summary_right(size_t level, uint64_t index)
{
    bool is_marked = (bitmap.levels[level][index / 64] >> index % 64 & 1) != 0;

    return is_marked == (bitmap.levels[level - 1][index] != 0);
}

static void check_consistent(void)
{
    size_t wrong = 0;
    bool is_empty = bitmap.levels[bitmap.level_count - 1][0] == 0;

    for (size_t level = 1; level < bitmap.level_count; level++) {
        for (uint64_t i = 0; i < level_words(level - 1); i++) {
            wrong += !is_summary_right(level, i);
        }
    }
    for (uint64_t i = bitmap.top_word + 1; i < level_words(0); i++) {
        wrong += bitmap.levels[0][i] != 0;
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(bitmap.levels[0][bitmap.top_word] == 0, is_empty);
    CHECK_EQ(storage[WORDS], 0xa5a5a5a5a5a5a5a5);
}

static uint64_t count_set(void)
{
    uint64_t count = 0;

    for (uint64_t i = 0; i < level_words(0); i++) {
        for (uint64_t word = bitmap.levels[0][i]; word != 0; word &= word - 1) {
            count++;
        }
    }
    return count;
}

static bool is_set(uint64_t bit)
{
    return frame_bitmap_is_set(frame_bitmap_look(&bitmap, bit));
}

static void put(uint64_t bit)
{
    frame_bitmap_put(&bitmap, frame_bitmap_look(&bitmap, bit));
}

/* Clear the highest bit; UINT64_MAX when there is none. */
static uint64_t take(void)
{
    struct frame_bitmap_spot spot;

    if (!frame_bitmap_find_highest(&bitmap, &spot)) {
        return UINT64_MAX;
    }
    frame_bitmap_take(&bitmap, spot);
    return frame_bitmap_bit(spot);
}

static uint64_t find_run(uint64_t count, uint64_t alignment, uint64_t limit)
{
    uint64_t first = UINT64_MAX;
    bool is_found = frame_bitmap_find_run(&bitmap, count, alignment, limit, &first);

    CHECK_EQ(is_found, first != UINT64_MAX);
    return first;
}

KTEST(frame_bitmap, bytes_are_those_of_every_level)
{
    CHECK_EQ(frame_bitmap_bytes(1), 8 * (1 + 1));
    CHECK_EQ(frame_bitmap_bytes(64), 8 * (1 + 1));
    CHECK_EQ(frame_bitmap_bytes(65), 8 * (2 + 1));
    CHECK_EQ(frame_bitmap_bytes(4096), 8 * (64 + 1));
    CHECK_EQ(frame_bitmap_bytes(4097), 8 * (65 + 2 + 1));
    CHECK_EQ(frame_bitmap_bytes(BITS), 8 * WORDS);
    CHECK_EQ(frame_bitmap_bytes(BIT(24)), 8 * (262144 + 4096 + 64 + 1));
    CHECK_EQ(frame_bitmap_bytes(BIT(40)),
             8 * (BIT(34) + BIT(28) + BIT(22) + BIT(16) + BIT(10) + BIT(4) + 1));
}

KTEST(frame_bitmap, bytes_are_at_most_a_30000th_of_16_mib_and_more)
{
    for (uint64_t frames = 4096; frames <= BIT(40); frames *= 2) {
        CHECK_LE(frame_bitmap_bytes(frames) * 30000, frames * 4096);
    }
}

KTEST(frame_bitmap, init_leaves_nothing_of_what_was_there)
{
    begin();
    CHECK_EQ(bitmap.level_count, 4);
    CHECK_EQ(count_set(), 0);
    check_consistent();
    CHECK_EQ(take(), UINT64_MAX);
    CHECK_EQ(find_run(1, 1, UINT64_MAX), UINT64_MAX);
    CHECK(!frame_bitmap_has_any(&bitmap, 0, BITS));
}

KTEST(frame_bitmap, init_makes_two_levels_or_as_many_as_end_in_one_word)
{
    static const struct {
        uint64_t bits;
        size_t levels;
    } cases[] = {{1, 2}, {64, 2}, {65, 2}, {4096, 2}, {4097, 3}, {262144, 3}, {262145, 4}};

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        memset(storage, 0xa5, sizeof(storage));
        frame_bitmap_init(&bitmap, storage, cases[i].bits);
        CHECK_EQ(bitmap.level_count, cases[i].levels);
        put(cases[i].bits - 1);
        CHECK_EQ(take(), cases[i].bits - 1);
        CHECK_EQ(take(), UINT64_MAX);
        CHECK_EQ(storage[frame_bitmap_bytes(cases[i].bits) / 8], 0xa5a5a5a5a5a5a5a5);
    }
}

KTEST(frame_bitmap, take_gives_each_edge_once_from_the_highest_down)
{
    begin();
    for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
        put(edges[i]);
        check_consistent();
    }
    CHECK_EQ(count_set(), ARRAY_SIZE(edges));
    for (size_t i = ARRAY_SIZE(edges); i-- > 0;) {
        CHECK_EQ(take(), edges[i]);
        CHECK(!is_set(edges[i]));
        check_consistent();
    }
    CHECK_EQ(take(), UINT64_MAX);
    check_consistent();
}

KTEST(frame_bitmap, find_highest_leaves_its_argument_when_no_bit_is_set)
{
    struct frame_bitmap_spot spot = {.index = 77};

    begin();
    CHECK(!frame_bitmap_find_highest(&bitmap, &spot));
    CHECK_EQ(spot.index, 77);
}

KTEST(frame_bitmap, put_works_at_every_edge_after_every_other_was_taken)
{
    for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
        for (size_t j = 0; j < ARRAY_SIZE(edges); j++) {
            begin();
            put(edges[i]);
            CHECK_EQ(take(), edges[i]);
            put(edges[j]);
            CHECK(is_set(edges[j]));
            CHECK_EQ(take(), edges[j]);
            CHECK_EQ(take(), UINT64_MAX);
        }
        check_consistent();
    }
}

KTEST(frame_bitmap, ranges_set_and_clear_their_bits_and_no_others)
{
    for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
        for (size_t j = i; j < ARRAY_SIZE(edges); j++) {
            uint64_t first = edges[i];
            uint64_t count = edges[j] - first + 1;

            begin();
            frame_bitmap_set_range(&bitmap, first, count);
            CHECK_EQ(count_set(), count);
            CHECK(is_set(first));
            CHECK(is_set(first + count - 1));
            CHECK_EQ(bitmap.top_word, (first + count - 1) / 64);
            CHECK_EQ(find_run(count, 1, UINT64_MAX), first);
            frame_bitmap_set_range(&bitmap, 0, BITS);
            frame_bitmap_clear_range(&bitmap, first, count);
            CHECK_EQ(count_set(), BITS - count);
            CHECK(!frame_bitmap_has_any(&bitmap, first, count));
        }
        check_consistent();
    }
}

KTEST(frame_bitmap, clear_range_of_everything_leaves_a_bitmap_that_works)
{
    begin();
    frame_bitmap_set_range(&bitmap, 0, BITS);
    frame_bitmap_clear_range(&bitmap, 0, BITS);
    check_consistent();
    put(BITS - 1);
    check_consistent();
    CHECK_EQ(take(), BITS - 1);
    CHECK_EQ(take(), UINT64_MAX);
}

KTEST(frame_bitmap, set_range_is_found_when_nothing_else_was_set)
{
    begin();
    put(200000);
    CHECK_EQ(take(), 200000);
    frame_bitmap_set_range(&bitmap, 100, 3);
    check_consistent();
    CHECK_EQ(take(), 102);
    frame_bitmap_set_range(&bitmap, 5000, 2);
    check_consistent();
    CHECK_EQ(take(), 5001);
}

KTEST(frame_bitmap, has_any_sees_a_bit_inside_and_none_outside)
{
    begin();
    put(5000);
    CHECK(frame_bitmap_has_any(&bitmap, 5000, 1));
    CHECK(frame_bitmap_has_any(&bitmap, 0, BITS));
    CHECK(frame_bitmap_has_any(&bitmap, 4990, 11));
    CHECK(!frame_bitmap_has_any(&bitmap, 4990, 10));
    CHECK(!frame_bitmap_has_any(&bitmap, 5001, BITS - 5001));
    put(5);
    CHECK(frame_bitmap_has_any(&bitmap, 0, 6));
    CHECK(!frame_bitmap_has_any(&bitmap, 0, 5));
    CHECK_EQ(take(), 5000);
    CHECK_EQ(take(), 5);
    CHECK(!frame_bitmap_has_any(&bitmap, 0, BITS));
}

KTEST(frame_bitmap, find_run_takes_the_highest_that_is_long_enough)
{
    begin();
    frame_bitmap_set_range(&bitmap, 100, 10);
    frame_bitmap_set_range(&bitmap, 4090, 12); /* over a border of level 1 */
    frame_bitmap_set_range(&bitmap, 262140, 8); /* over one of level 2 */
    CHECK_EQ(find_run(1, 1, UINT64_MAX), 262147);
    CHECK_EQ(find_run(8, 1, UINT64_MAX), 262140);
    CHECK_EQ(find_run(9, 1, UINT64_MAX), 4093);
    CHECK_EQ(find_run(12, 1, UINT64_MAX), 4090);
    CHECK_EQ(find_run(13, 1, UINT64_MAX), UINT64_MAX);
    CHECK_EQ(find_run(BITS + 1, 1, UINT64_MAX), UINT64_MAX);
    CHECK_EQ(find_run(UINT64_MAX, 1, UINT64_MAX), UINT64_MAX);
}

KTEST(frame_bitmap, find_run_ends_at_its_limit_or_below)
{
    begin();
    frame_bitmap_set_range(&bitmap, 100, 10);
    frame_bitmap_set_range(&bitmap, 4090, 12);
    CHECK_EQ(find_run(4, 1, 4102), 4098);
    CHECK_EQ(find_run(4, 1, 4101), 4097);
    CHECK_EQ(find_run(4, 1, 4094), 4090);
    CHECK_EQ(find_run(4, 1, 4093), 106);
    CHECK_EQ(find_run(4, 1, 104), 100);
    CHECK_EQ(find_run(4, 1, 103), UINT64_MAX);
    CHECK_EQ(find_run(4, 1, 0), UINT64_MAX);
}

KTEST(frame_bitmap, find_run_starts_at_a_multiple_of_its_alignment)
{
    begin();
    frame_bitmap_set_range(&bitmap, 128, 64);
    frame_bitmap_set_range(&bitmap, 4097, 127);
    frame_bitmap_set_range(&bitmap, 262080, 64);
    CHECK_EQ(find_run(64, 64, UINT64_MAX), 262080);
    CHECK_EQ(find_run(64, 64, 262143), 4160);
    CHECK_EQ(find_run(63, 64, 262143), 262080);
    CHECK_EQ(find_run(64, 64, 4223), 128);
    CHECK_EQ(find_run(64, 128, UINT64_MAX), 128);
    CHECK_EQ(find_run(1, 4096, UINT64_MAX), UINT64_MAX);
    CHECK_EQ(find_run(1, 128, UINT64_MAX), 128);
}

KTEST(frame_bitmap, find_run_goes_below_what_was_taken)
{
    begin();
    put(50);
    put(9000);
    CHECK_EQ(take(), 9000);
    CHECK_EQ(find_run(1, 1, UINT64_MAX), 50);
    check_consistent();
}

#define MODEL_BITS 9000UL /* three levels, small enough to search byte by byte */

static uint8_t model[MODEL_BITS];

static uint64_t model_find_run(uint64_t count, uint64_t alignment, uint64_t limit)
{
    uint64_t length = 0; /* of the run that reaches up from i */

    for (uint64_t i = MODEL_BITS; i-- > 0;) {
        length = model[i] != 0 && i < limit ? length + 1 : 0;
        if (length >= count && i % alignment == 0) {
            return i;
        }
    }
    return UINT64_MAX;
}

static void random_range(uint64_t *random, bool value)
{
    uint64_t first = pseudo_random_below(random, MODEL_BITS);
    uint64_t most = BIT(pseudo_random_below(random, 13));
    uint64_t count = 1 + pseudo_random_below(random, MIN(MODEL_BITS - first, most));

    memset(&model[first], value, count);
    if (value) {
        frame_bitmap_set_range(&bitmap, first, count);
    } else {
        frame_bitmap_clear_range(&bitmap, first, count);
    }
}

KTEST(frame_bitmap, agrees_with_its_model_through_random_operations)
{
    uint64_t random = 0x0dd5e7;

    memset(model, 0, sizeof(model));
    memset(storage, 0xa5, sizeof(storage));
    frame_bitmap_init(&bitmap, storage, MODEL_BITS);
    for (size_t step = 0; step < 3000; step++) {
        uint64_t bit = pseudo_random_below(&random, MODEL_BITS);
        uint64_t count = 1 + pseudo_random_below(&random, 20);
        uint64_t alignment = BIT(pseudo_random_below(&random, 6));
        uint64_t taken;

        switch (pseudo_random_below(&random, 8)) {
        case 0:
            random_range(&random, true);
            break;
        case 1:
        case 2:
            random_range(&random, false);
            break;
        case 3:
            CHECK_EQ(find_run(count, alignment, bit), model_find_run(count, alignment, bit));
            break;
        case 4:
            if (model[bit] == 0) {
                model[bit] = 1;
                put(bit);
            }
            break;
        default:
            taken = take();
            CHECK_EQ(taken, model_find_run(1, 1, UINT64_MAX));
            if (taken < MODEL_BITS) {
                model[taken] = 0;
            }
            break;
        }
        CHECK_EQ(is_set(bit), model[bit] != 0);
    }
    check_consistent();
}
