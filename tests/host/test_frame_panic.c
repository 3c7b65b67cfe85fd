/* SPDX-License-Identifier: MIT */
/*
 * What the machine's own allocator says before it ends everything: each broken
 * contract is tried in a process of its own, whose last words are read. Host
 * only.
 */
#include "mm/frame.h"
#include "tests/host/last_words.h"
#include "tests/unit/frame_fixture.h"

#define TOP_FRAME (MACHINE_BITMAP - PAGE_SIZE) /* the first to be allocated */

static uint8_t bitmap_page[PAGE_SIZE] ALIGNED(4096);

static void init(void)
{
    maps_make_machine();
    CHECK_OK(frame_init(&usable_memory, &free_memory,
                        (void *)((uintptr_t)bitmap_page - MACHINE_BITMAP), paddr(MAPPED_END)));
}

static void alloc_top(enum frame_kind kind)
{
    paddr_t frame = PADDR_MAX;

    CHECK_OK(frame_alloc(kind, &frame));
    CHECK_EQ(frame.value, TOP_FRAME);
}

static void free_twice(void)
{
    init();
    alloc_top(FRAME_HEAP);
    frame_free(paddr(TOP_FRAME), FRAME_HEAP);
    frame_free(paddr(TOP_FRAME), FRAME_HEAP);
}

static void free_kernel(void)
{
    init();
    CHECK_OK(frame_name_reserved(paddr(KERNEL_AT), KERNEL_SIZE, FRAME_KERNEL_IMAGE));
    frame_free(paddr(KERNEL_AT + 0x5000), FRAME_HEAP);
}

static void free_hole(void)
{
    init();
    frame_free(paddr(HOLE_END - PAGE_SIZE), FRAME_HEAP);
}

static void free_above_all(void)
{
    init();
    frame_free(paddr(0xfd00000000), FRAME_DEVICE);
}

static void free_inside_a_frame(void)
{
    init();
    alloc_top(FRAME_HEAP);
    frame_free(paddr(TOP_FRAME + 8), FRAME_HEAP);
}

static void free_as_another_kind(void)
{
    init();
    alloc_top(FRAME_HEAP);
    frame_free(paddr(TOP_FRAME), FRAME_STACK);
}

static void free_run_with_a_free_frame(void)
{
    paddr_t first;

    init();
    CHECK_OK(frame_alloc_run(4, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &first));
    frame_free(paddr(first.value + PAGE_SIZE), FRAME_HEAP);
    frame_free_run(first, 4, FRAME_HEAP);
}

static void free_run_as_another_kind(void)
{
    paddr_t first;

    init();
    CHECK_OK(frame_alloc_run(4, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &first));
    frame_free(first, FRAME_HEAP);
    frame_free_run(paddr(first.value + PAGE_SIZE), 3, FRAME_STACK);
}

static void free_run_of_none(void)
{
    init();
    frame_free_run(paddr(TOP_FRAME), 0, FRAME_HEAP);
}

static void free_before_init(void)
{
    frame_free(paddr(TOP_FRAME), FRAME_HEAP);
}

static void alloc_before_init(void)
{
    alloc_top(FRAME_HEAP);
}

static void alloc_run_before_init(void)
{
    paddr_t first;

    CHECK_OK(frame_alloc_run(1, PAGE_SIZE, PADDR_MAX, FRAME_HEAP, &first));
}

static void extend_before_init(void)
{
    frame_extend(paddr(MAPPED_END));
}

static void name_before_init(void)
{
    CHECK_OK(frame_name_reserved(paddr(KERNEL_AT), KERNEL_SIZE, FRAME_KERNEL_IMAGE));
}

static void name_as_nothing_known(void)
{
    init();
    CHECK_OK(frame_name_reserved(paddr(KERNEL_AT), KERNEL_SIZE, FRAME_KIND_COUNT));
}

static void release_before_init(void)
{
    CHECK_OK(frame_release_reserved(paddr(BOOT_AT), BOOT_SIZE));
}

static void alloc_run_for_nothing_known(void)
{
    paddr_t first;

    init();
    CHECK_OK(frame_alloc_run(1, PAGE_SIZE, PADDR_MAX, FRAME_KIND_COUNT, &first));
}

static void free_from_nothing_known(void)
{
    init();
    alloc_top(FRAME_HEAP);
    frame_free(paddr(TOP_FRAME), FRAME_KIND_COUNT);
}

static void alloc_for_nothing_known(void)
{
    init();
    alloc_top(FRAME_KIND_COUNT);
}

static void extend_by_part_of_a_page(void)
{
    init();
    frame_extend(paddr(MAPPED_END + 1));
}

KTEST(frame_panic, names_the_frame_and_what_it_is)
{
    CHECK_LAST_WORDS(free_twice, "frame: freeing 0x2ffe000: got a free frame, want a frame in use");
    CHECK_LAST_WORDS(free_kernel, "frame: freeing 0x105000: got a reserved frame (kernel image), "
                                  "want a frame in use");
    CHECK_LAST_WORDS(free_hole,
                     "frame: freeing 0x2001000: got a hole in memory, want a frame in use");
    CHECK_LAST_WORDS(free_above_all, "frame: freeing 0xfd00000000: got an address above all "
                                     "memory, want a frame in use");
    CHECK_LAST_WORDS(free_inside_a_frame, "frame: freeing 0x2ffe008: got an address that starts "
                                          "no frame, want a frame in use");
    CHECK_LAST_WORDS(free_before_init, "frame: freeing 0x2ffe000: got an address above all "
                                       "memory, want a frame in use");
}

KTEST(frame_panic, names_the_lowest_frame_of_a_run_that_is_not_in_use)
{
    CHECK_LAST_WORDS(free_run_with_a_free_frame,
                     "frame: freeing 0x2ffc000: got a free frame, want a frame in use");
}

KTEST(frame_panic, names_the_kind_that_gives_back_more_than_it_got)
{
    CHECK_LAST_WORDS(free_as_another_kind,
                     "frame: freeing for stacks: got more frames than were allocated for that");
    CHECK_LAST_WORDS(free_run_as_another_kind,
                     "frame: freeing for stacks: got more frames than were allocated for that");
}

KTEST(frame_panic, asserts_other_contracts)
{
    CHECK_LAST_WORDS(free_run_of_none, "assertion failed: count > 0: got 0 and 0");
    CHECK_LAST_WORDS(alloc_before_init, "assertion failed: pool->bitmap.level_count != 0");
    CHECK_LAST_WORDS(alloc_run_before_init, "assertion failed: pool->bitmap.level_count != 0");
    CHECK_LAST_WORDS(extend_before_init, "assertion failed: pool->free != NULL");
    CHECK_LAST_WORDS(name_before_init, "assertion failed: pool->free != NULL");
    CHECK_LAST_WORDS(release_before_init, "assertion failed: pool->usable != NULL");
    CHECK_LAST_WORDS(alloc_for_nothing_known,
                     "assertion failed: kind < ARRAY_SIZE(pool->allocated)");
    CHECK_LAST_WORDS(alloc_run_for_nothing_known,
                     "assertion failed: kind < ARRAY_SIZE(pool->allocated)");
    CHECK_LAST_WORDS(free_from_nothing_known,
                     "assertion failed: kind < ARRAY_SIZE(pool->allocated)");
    CHECK_LAST_WORDS(name_as_nothing_known, "assertion failed: kind < ARRAY_SIZE(pool->allocated)");
    CHECK_LAST_WORDS(extend_by_part_of_a_page,
                     "assertion failed: IS_ALIGNED(mapped_end.value, PAGE_SIZE)");
}
