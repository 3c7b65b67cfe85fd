/* SPDX-License-Identifier: MIT */
/*
 * heap_check() finds damage: each case breaks one thing in a heap that has
 * something of everything, and mends it again.
 */
#include "lib/string.h"
#include "mm/heap_bins.h"
#include "mm/heap_quick.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

/* Blocks in the order of their addresses; `held` ones keep the free ones apart. */
static struct {
    void *held;
    void *free; /* in a bin alone */
    void *held2;
    void *pair; /* in a bin of mixed sizes, with pair2 behind it */
    void *held3;
    void *pair2;
    void *held4;
    void *quick; /* in a quick list, in front of quick2 */
    void *quick2;
    void *held5;
} made;

static void make_heap(void)
{
    heap_fixture_begin(64 * KIB);
    made.held = heap_alloc(heap, 100);
    made.free = heap_alloc(heap, 1500);
    made.held2 = heap_alloc(heap, 100);
    made.pair = heap_alloc(heap, 5000);
    made.held3 = heap_alloc(heap, 100);
    made.pair2 = heap_alloc(heap, 5000);
    made.held4 = heap_alloc(heap, 100);
    made.quick = heap_alloc(heap, 200);
    made.quick2 = heap_alloc(heap, 200);
    made.held5 = heap_alloc(heap, 100);
    REQUIRE(made.held5 != NULL);
    heap_free(heap, made.free);
    heap_free(heap, made.pair);
    heap_free(heap, made.pair2);
    heap_free(heap, made.quick2);
    heap_free(heap, made.quick);
    heap_fixture_check();
}

/* Put `value` into one word of the heap, and see what the check says; then mend it. */
static void break_word(void *word, uint64_t value, enum heap_fault want, const void *want_place)
{
    uint64_t *broken = word;
    uint64_t whole = *broken;
    uintptr_t place = 1;

    CHECK_NE(whole, value);
    *broken = value;
    CHECK_STR_EQ(heap_fault_sentence(heap_check(heap, &place)), heap_fault_sentence(want));
    CHECK_EQ(place, (uintptr_t)want_place);
    *broken = whole;
    place = 1;
    CHECK_EQ(heap_check(heap, &place), HEAP_SOUND);
    CHECK_EQ(place, 1);
}

static uint64_t *tag_of(const void *payload)
{
    return &heap_block_of(payload)->tag;
}

static struct heap_links *links_of(void *payload)
{
    return payload;
}

KTEST(heap, check_finds_impossible_tags)
{
    make_heap();
    uint64_t tag = *tag_of(made.held2);
    static const uint64_t values[] = {0, 16, 24, 0xffff, MIB, 1UL << 61, 1 << 1, UINT64_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        break_word(tag_of(made.held2), values[i], HEAP_BAD_BLOCK, made.held2);
    }
    for (size_t bit = 1; bit <= 3; bit++) {
        break_word(tag_of(made.held2), tag | BIT(bit), HEAP_BAD_BLOCK, made.held2);
    }
    break_word(tag_of(made.held2), tag | HEAP_FREE | HEAP_QUICK, HEAP_BAD_BLOCK, made.held2);
    /* As far as the top and no further. */
    size_t to_top = (uintptr_t)heap->top - (uintptr_t)heap_block_of(made.held5);

    break_word(tag_of(made.held5), to_top + 16, HEAP_BAD_BLOCK, made.held5);
    break_word(tag_of(made.held5), to_top - 16, HEAP_BAD_BLOCK,
               (void *)((uintptr_t)made.held5 + to_top - 16));
}

KTEST(heap, check_finds_neighbours_that_disagree)
{
    make_heap();
    break_word(tag_of(made.held2), *tag_of(made.held2) ^ HEAP_PREVIOUS_FREE, HEAP_BAD_NEIGHBOURS,
               made.held2);
    break_word(tag_of(made.held5), *tag_of(made.held5) ^ HEAP_PREVIOUS_FREE, HEAP_BAD_NEIGHBOURS,
               made.held5);
    break_word(tag_of(made.free), *tag_of(made.free) | HEAP_PREVIOUS_FREE, HEAP_BAD_NEIGHBOURS,
               made.free);
    break_word(tag_of(made.free), *tag_of(made.free) ^ HEAP_FREE, HEAP_BAD_NEIGHBOURS, made.held2);
    break_word(heap_end_tag(heap_block_of(made.free), heap_fixture_block_size(1500)), 1504,
               HEAP_BAD_NEIGHBOURS, made.free);
    break_word(tag_of(made.held5), *tag_of(made.held5) | HEAP_FREE, HEAP_BAD_NEIGHBOURS,
               made.held5);
    break_word(&heap->top->tag, HEAP_FREE | 32, HEAP_BAD_NEIGHBOURS, &heap->top->links);
    break_word(&heap->top->tag, 0, HEAP_BAD_NEIGHBOURS, &heap->top->links);
}

KTEST(heap, check_finds_free_blocks_that_touch)
{
    make_heap();
    /* The held one between them becomes free by its tags alone. */
    size_t size = heap_fixture_block_size(100);
    struct heap_block *held = heap_block_of(made.held2);
    uintptr_t place = 0;

    *heap_end_tag(held, size) = size;
    held->tag = size | HEAP_FREE;
    CHECK_EQ(heap_check(heap, &place), HEAP_BAD_NEIGHBOURS);
    CHECK_EQ(place, (uintptr_t)made.held2);
    /* And one before the top. */
    make_heap();
    held = heap_block_of(made.held5);
    *heap_end_tag(held, size) = size;
    held->tag = size | HEAP_FREE;
    CHECK_EQ(heap_check(heap, &place), HEAP_BAD_NEIGHBOURS);
    CHECK_EQ(place, (uintptr_t)&heap->top->links);
}

KTEST(heap, check_finds_broken_lists_of_free_blocks)
{
    make_heap();
    struct heap_links *pair = links_of(made.pair);
    struct heap_links *pair2 = links_of(made.pair2);
    size_t bin = heap_bin_of(heap_fixture_block_size(5000));

    REQUIRE(heap->bins[bin].next == pair && pair->next == pair2);
    break_word(&pair->next, 0, HEAP_BAD_LIST, pair);
    break_word(&pair->next, 8 + (uintptr_t)pair2, HEAP_BAD_LIST, pair);
    break_word(&pair->next, heap_fixture.base, HEAP_BAD_LIST, pair);
    break_word(&pair->next, heap_fixture.end, HEAP_BAD_LIST, pair);
    break_word(&pair->next, (uintptr_t)&heap->top->links, HEAP_BAD_LIST, pair);
    break_word(&pair->next, (uintptr_t)made.free, HEAP_BAD_LIST, made.free);
    break_word(&pair->next, (uintptr_t)made.held, HEAP_BAD_LIST, made.held);
    break_word(&pair2->next, (uintptr_t)pair, HEAP_BAD_LIST, pair); /* round and round */
    break_word(&pair2->previous, (uintptr_t)pair2, HEAP_BAD_LIST, pair2);
    break_word(&pair->next, (uintptr_t)&heap->bins[bin], HEAP_BAD_LIST, pair); /* one is lost */
    break_word(&heap->bins[bin].previous, (uintptr_t)pair, HEAP_BAD_LIST, pair2);
    break_word(&heap->bins[bin].next, 0, HEAP_BAD_LIST, NULL);
    break_word(&heap->bins[0].next, (uintptr_t)pair, HEAP_BAD_LIST, pair);
}

KTEST(heap, check_finds_a_free_block_that_is_listed_nowhere)
{
    make_heap();
    struct heap_block *block = heap_block_of(made.free);
    uint64_t tag = block->tag;
    uintptr_t place = 1;

    heap_bins_remove(heap, block);
    /* The last list that is looked at has a block, which is not the place. */
    heap_free(heap, heap_alloc(heap, HEAP_QUICK_PAYLOAD_MAX));
    CHECK_EQ(heap_check(heap, &place), HEAP_BAD_LIST);
    CHECK_EQ(place, 0);
    heap_bins_insert(heap, block, tag ^ HEAP_FREE);
    heap_fixture_check();
}

KTEST(heap, check_finds_a_block_in_the_wrong_bin)
{
    make_heap();
    struct heap_links *links = links_of(made.free);
    size_t bin = heap_bin_of(heap_fixture_block_size(1500));
    struct heap_links *other = &heap->bins[bin + 1];
    uintptr_t place = 0;

    heap_bins_remove(heap, heap_block_of(made.free));
    other->next = links;
    other->previous = links;
    links->next = other;
    links->previous = other;
    heap->bin_map[(bin + 1) / 64] |= BIT((bin + 1) % 64);
    CHECK_EQ(heap_check(heap, &place), HEAP_BAD_LIST);
    CHECK_EQ(place, (uintptr_t)made.free);
}

KTEST(heap, check_finds_wrong_bits_in_the_map_of_bins)
{
    make_heap();
    size_t bin = heap_bin_of(heap_fixture_block_size(1500));
    uint64_t *word = &heap->bin_map[bin / 64];

    break_word(word, *word ^ BIT(bin % 64), HEAP_BAD_LIST, made.free);
    break_word(&heap->bin_map[HEAP_BIN_WORDS - 1], heap->bin_map[HEAP_BIN_WORDS - 1] ^ BIT(63),
               HEAP_BAD_LIST, NULL);
}

KTEST(heap, check_finds_broken_quick_lists)
{
    make_heap();
    size_t units = heap_fixture_block_size(200) / 16;
    struct heap_links *quick = links_of(made.quick);
    struct heap_links *quick2 = links_of(made.quick2);

    REQUIRE(heap->quick[units] == quick && quick->next == quick2);
    break_word(&quick->next, 1, HEAP_BAD_LIST, quick);
    break_word(&quick->next, heap_fixture.end + 16, HEAP_BAD_LIST, quick);
    break_word(&quick->next, (uintptr_t)made.held, HEAP_BAD_LIST, made.held);
    break_word(&quick->next, 0, HEAP_BAD_LIST, NULL); /* one is lost */
    break_word(&quick2->next, (uintptr_t)quick, HEAP_BAD_LIST, quick);
    break_word(&heap->quick[units + 1], (uintptr_t)quick2, HEAP_BAD_LIST, quick2);
    break_word(&heap->quick[units], 1, HEAP_BAD_LIST, NULL);
    break_word(&heap->quick[units + 1], 1, HEAP_BAD_LIST, NULL);
    break_word(&heap->quick[0], (uintptr_t)quick, HEAP_BAD_LIST, quick);
    break_word(tag_of(made.quick2), *tag_of(made.quick2) ^ HEAP_QUICK, HEAP_BAD_LIST, quick2);
}

KTEST(heap, check_finds_counters_that_are_off)
{
    make_heap();
    break_word(&heap->live_blocks, heap->live_blocks + 1, HEAP_BAD_COUNT, NULL);
    break_word(&heap->live_units, heap->live_units - 1, HEAP_BAD_COUNT, NULL);
    break_word(&heap->quick_units, heap->quick_units + 1, HEAP_BAD_COUNT, NULL);
    break_word(&heap->peak_units, heap->live_units - 1, HEAP_BAD_COUNT, NULL);
}

KTEST(heap, check_finds_a_window_that_cannot_be)
{
    make_heap();
    uint64_t top = (uintptr_t)heap->top;
    uint64_t top_last = (uintptr_t)heap->top_last;

    break_word(&heap->top, 0, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top, top + 8, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top, top_last + 16, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top, heap_fixture.base - 8, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top_last, top_last - 16, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top_last, top_last + 16 * PAGE_SIZE, HEAP_BAD_COUNT, NULL);
    break_word(&heap->top_last, heap_fixture.base - 8, HEAP_BAD_COUNT, NULL);
}

KTEST(heap, check_finds_a_top_that_is_not_behind_the_last_block)
{
    make_heap();
    /* The walk must end at the top; here the last block overlaps it. */
    uintptr_t place = 0;
    struct heap_block *top = heap->top;

    heap->top = heap_block_at(top, -32UL);
    CHECK_EQ(heap_check(heap, &place), HEAP_BAD_BLOCK);
    CHECK_EQ(place, (uintptr_t)made.held5);
    heap->top = top;
    heap_fixture_check();
}
