/* SPDX-License-Identifier: MIT */
/* The kernel's own heap: made of frames, in its window, and never in an interrupt handler. */
#include "kernel/kernel_heap.h"

#include "kernel/owner.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/paging.h"
#include "tests/kernel/frame_hoard.h"
#include "tests/ktest.h"

static uint64_t heap_blocks(void)
{
    return kmalloc_statistics().live_blocks;
}

KTEST_COUNTER(heap_blocks, heap_blocks);

/* Damage is then known to be the last test's. */
static uint64_t heap_is_sound(void)
{
    struct heap_evidence evidence;

    return kmalloc_check(&evidence) == HEAP_SOUND;
}

KTEST_COUNTER(heap_is_sound, heap_is_sound);

static uint64_t heap_frames(void)
{
    struct frame_stats stats;

    frame_stats(&stats);
    return stats.by_kind[FRAME_HEAP];
}

KTEST(kernel_heap, blocks_are_in_the_window_and_can_be_written_and_not_executed)
{
    uint8_t *block = kmalloc(3 * PAGE_SIZE);

    REQUIRE(block != NULL);
    memset(block, 0x5a, 3 * PAGE_SIZE);
    for (size_t offset = 0; offset < 3 * PAGE_SIZE; offset += PAGE_SIZE) {
        struct page_view view;

        CHECK_GE((uint64_t)block + offset, HEAP_WINDOW_BASE);
        CHECK_LT((uint64_t)block + offset, HEAP_WINDOW_END);
        CHECK(paging_look_up((uint64_t)block + offset, &view));
        CHECK_EQ(view.flags & ~PAGE_EXECUTE, PAGE_WRITE);
        CHECK_EQ(frame_state(paddr(ALIGN_DOWN(view.target.value, PAGE_SIZE))), FRAME_STATE_IN_USE);
    }
    kfree(block);
}

KTEST(kernel_heap, window_has_a_frame_for_each_page_and_gives_them_back)
{
    kmalloc_trim();
    size_t window_bytes = kmalloc_statistics().window_bytes;
    uint64_t free_frames = frame_free_count();

    CHECK_EQ(heap_frames() * PAGE_SIZE, window_bytes);
    void *block = kmalloc(3 * MIB);

    REQUIRE(block != NULL);
    CHECK_GE(kmalloc_statistics().window_bytes, window_bytes + 3 * MIB - 2 * PAGE_SIZE);
    CHECK_EQ(heap_frames() * PAGE_SIZE, kmalloc_statistics().window_bytes);
    kfree(block);
    kmalloc_trim();
    CHECK_EQ(kmalloc_statistics().window_bytes, window_bytes);
    CHECK_EQ(heap_frames() * PAGE_SIZE, window_bytes);
    CHECK_EQ(frame_free_count(), free_frames);
    CHECK(!paging_translate(HEAP_WINDOW_BASE + window_bytes, &(paddr_t){0}));
}

/* The largest block, by halving what is refused. It takes nearly all there is. */
static void *take_most(size_t *size)
{
    void *block = NULL;

    for (*size = frame_free_count() * PAGE_SIZE; block == NULL && *size > PAGE_SIZE;) {
        *size -= *size / 16;
        block = kmalloc(*size);
    }
    return block;
}

KTEST(kernel_heap, nearly_all_memory_can_be_one_block)
{
    size_t size = 0;

    /* All of it is filled twice: more than this takes too long. */
    if (frame_free_count() > 256 * MIB / PAGE_SIZE) {
        SKIP("more than 256 MiB of memory");
    }
    uint64_t free_frames = frame_free_count();
    uint8_t *block = take_most(&size);

    REQUIRE(block != NULL);
    CHECK_GT(size, free_frames * PAGE_SIZE / 4 * 3);
    block[0] = 1;
    block[size - 1] = 2;
    kfree(block);
}

KTEST(kernel_heap, every_frame_taken_is_an_answer_and_all_works_after)
{
    kmalloc_trim();
    REQUIRE(hoard_take_all());
    CHECK_EQ(kmalloc(2 * PAGE_SIZE), NULL);
    CHECK_EQ(kzalloc(2 * PAGE_SIZE), NULL);
    CHECK_EQ(kmalloc_aligned(10, HEAP_ALIGNMENT_MAX), NULL);
    CHECK_EQ(kmalloc(SIZE_MAX), NULL);
    CHECK_EQ(frame_free_count(), 0);
    void *small = kmalloc(100); /* the first page has room */

    CHECK(small != NULL);
    CHECK_EQ(krealloc(small, 2 * PAGE_SIZE), NULL);
    kfree(small);
    kmalloc_trim();
    hoard_give_back();
    void *block = kmalloc(2 * PAGE_SIZE);

    CHECK(block != NULL);
    kfree(block);
}

KTEST(kernel_heap, alignments_up_to_2_mib)
{
    for (size_t alignment = 1; alignment <= HEAP_ALIGNMENT_MAX; alignment *= 2) {
        uint8_t *block = kmalloc_aligned(100, alignment);

        CHECK(block != NULL && IS_ALIGNED((uint64_t)block, alignment));
        if (block != NULL) {
            memset(block, 1, 100);
        }
        kfree(block);
    }
}

KTEST(kernel_heap, address_in_free_memory_has_no_block)
{
    struct heap_statistics statistics = kmalloc_statistics();
    uintptr_t address = HEAP_WINDOW_BASE;
    struct owner owner;

    while (address < HEAP_WINDOW_BASE + statistics.window_bytes &&
           kmalloc_find(address).state != HEAP_PLACE_FREE) {
        address += HEAP_ALIGNMENT;
    }
    REQUIRE(kmalloc_find(address).state == HEAP_PLACE_FREE);
    owner_find(address, &owner);
    CHECK_EQ(owner.kind, OWNER_FREE_HEAP);
}
