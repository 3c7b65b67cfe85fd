/* SPDX-License-Identifier: MIT */
/*
 * The machine's own frames: that they are memory, that they are what the boot
 * information said, and that all of them can be taken and given back.
 */
#include "kernel/boot.h"
#include "kernel/image.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "tests/kernel/frame_hoard.h"
#include "tests/kernel/tasks_settle.h"
#include "tests/ktest.h"

/* Frames that the heap, or finished tasks' stacks, merely keep are not lost. */
static uint64_t free_frames(void)
{
    tasks_settle();
    kmalloc_trim();
    return frame_free_count();
}

KTEST_COUNTER(free_frames, free_frames);

/* Enough to come from more than one word of the bitmap. */
#define FRAMES 200

static paddr_t frames[FRAMES];

KTEST(frame_machine, every_usable_frame_is_accounted_for)
{
    struct frame_stats stats;
    uint64_t sum;

    frame_stats(&stats);
    sum = stats.free;
    for (size_t kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        sum += stats.by_kind[kind];
    }
    CHECK_EQ(sum, stats.usable);
    CHECK_EQ(stats.usable, memory_map_usable_pages(&boot_info()->usable));
    CHECK_EQ(stats.free, frame_free_count());
    /* The suites' own large memory aside, most of it is there to be given out. */
    CHECK_GT(stats.free + stats.by_kind[FRAME_OUT_OF_REACH] + stats.by_kind[FRAME_OTHER],
             stats.usable / 2);
    CHECK_EQ(stats.by_kind[FRAME_KERNEL_IMAGE],
             (image_paddr(__image_end).value - image_paddr(__image_start).value) / PAGE_SIZE);
    CHECK_GT(stats.by_kind[FRAME_LOW_MEMORY], 0);
    CHECK_GT(stats.by_kind[FRAME_BITMAP], 0);
}

KTEST(frame_machine, frames_are_memory_of_their_own)
{
    size_t wrong = 0;

    for (size_t i = 0; i < FRAMES; i++) {
        REQUIRE_OK(frame_alloc(FRAME_OTHER, &frames[i]));
        CHECK(memory_map_contains(&boot_info()->free, frames[i], PAGE_SIZE));
        CHECK_EQ(frame_state(frames[i]), FRAME_STATE_IN_USE);
        memset(direct_map(frames[i]), (int)i, PAGE_SIZE);
    }
    for (size_t i = 0; i < FRAMES; i++) {
        const uint8_t *bytes = direct_map(frames[i]);

        for (size_t j = 0; j < PAGE_SIZE; j++) {
            wrong += bytes[j] != (uint8_t)i;
        }
        frame_free(frames[i], FRAME_OTHER);
    }
    CHECK_EQ(wrong, 0);
}

KTEST(frame_machine, reserved_memory_is_known_by_name)
{
    char what[64];

    frame_describe(image_paddr(__image_start), what, sizeof(what));
    CHECK_STR_EQ(what, "a reserved frame (kernel image)");
    frame_describe(paddr(0x1000), what, sizeof(what));
    CHECK_STR_EQ(what, "a reserved frame (low memory)");
    frame_describe(paddr(0x1001), what, sizeof(what));
    CHECK_STR_EQ(what, "an address that starts no frame");
}

/* Whether 64 KiB were free in one piece below a limit when the kernel started. */
static bool had_room_below(paddr_t limit)
{
    for (uint64_t start = 0; start < limit.value; start += 64 * KIB) {
        if (memory_map_contains(&boot_info()->free, paddr(start), 64 * KIB)) {
            return true;
        }
    }
    return false;
}

KTEST(frame_machine, device_buffers_lie_where_an_isa_card_reaches_them)
{
    const paddr_t isa_end = paddr(16 * MIB);
    paddr_t first;

    if (!had_room_below(isa_end)) {
        SKIP("a module lies wherever an ISA card reaches");
    }
    REQUIRE_OK(frame_alloc_run(16, 64 * KIB, isa_end, FRAME_DEVICE, &first));
    CHECK(IS_ALIGNED(first.value, 64 * KIB));
    CHECK_LE(first.value + 64 * KIB, isa_end.value);
    memset(direct_map(first), 0x5a, 64 * KIB);
    frame_free_run(first, 16, FRAME_DEVICE);
}

KTEST(frame_machine, all_works_again_after_everything_was_taken)
{
    uint64_t free_before = frame_free_count();
    paddr_t frame = paddr(0x1234);

    REQUIRE(hoard_take_all());
    CHECK_EQ(hoard_count(), free_before);
    CHECK_EQ(frame_free_count(), 0);
    CHECK_STATUS(frame_alloc(FRAME_OTHER, &frame), ERR_NO_MEMORY);
    CHECK_STATUS(frame_alloc_run(1, PAGE_SIZE, PADDR_MAX, FRAME_OTHER, &frame), ERR_NO_MEMORY);
    CHECK_EQ(frame.value, 0x1234);
    hoard_give_each(1000);
    CHECK_EQ(frame_free_count(), free_before - hoard_count());
    CHECK_OK(frame_alloc(FRAME_OTHER, &frame));
    frame_free(frame, FRAME_OTHER);
    hoard_give_back();
    CHECK_EQ(hoard_count(), 0);
    CHECK_EQ(frame_free_count(), free_before);
}
