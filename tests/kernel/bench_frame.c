/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks of the frame allocator, on whatever memory the machine has: empty
 * as it comes up, half full, and full but for each thousandth frame.
 */
#include "lib/panic.h"
#include "mm/frame.h"
#include "tests/kbench.h"
#include "tests/kernel/allocation_sweep.h"
#include "tests/kernel/frame_hoard.h"

#define IN_TURN  64
#define HUGE_RUN 512 /* frames: 2 MiB */

/* Make memory full but for each `stride`-th frame; false, and nothing done, where that cannot be.
 */
static bool fill(uint64_t stride)
{
    if (!hoard_take_all()) {
        return false;
    }
    hoard_give_each(stride);
    return true;
}

/* A frame taken and given back, over and over. */
static void measure_pairs(struct kbench_run *bench)
{
    paddr_t frame;

    KBENCH_REPEAT(bench, 1000)
    {
        if (__real_frame_alloc(FRAME_OTHER, &frame) == OK) {
            frame_free(frame, FRAME_OTHER);
        }
    }
}

/* Frames given back in the order in which they were taken, IN_TURN of them held at a time. */
static void measure_turns(struct kbench_run *bench)
{
    static paddr_t held[IN_TURN];
    size_t oldest = 0;

    for (size_t i = 0; i < IN_TURN; i++) {
        if (__real_frame_alloc(FRAME_OTHER, &held[i]) != OK) {
            while (i-- > 0) {
                frame_free(held[i], FRAME_OTHER);
            }
            return;
        }
    }
    KBENCH_REPEAT(bench, 1000)
    {
        frame_free(held[oldest], FRAME_OTHER);
        if (__real_frame_alloc(FRAME_OTHER, &held[oldest]) != OK) {
            panic("bench: no frame is free: got none, want the one just freed");
        }
        oldest = (oldest + 1) % IN_TURN;
    }
    for (size_t i = 0; i < IN_TURN; i++) {
        frame_free(held[i], FRAME_OTHER);
    }
}

KBENCH(frame, pair_empty)
{
    measure_pairs(bench);
}

KBENCH(frame, pair_half_full)
{
    if (fill(2)) {
        measure_pairs(bench);
        hoard_give_back();
    }
}

KBENCH(frame, pair_full)
{
    if (fill(1000)) {
        measure_pairs(bench);
        hoard_give_back();
    }
}

KBENCH(frame, turn_empty)
{
    measure_turns(bench);
}

KBENCH(frame, turn_full)
{
    if (fill(100)) {
        measure_turns(bench);
        hoard_give_back();
    }
}

/* A run of that many frames, aligned to its own size, taken and given back. */
static void measure_runs(struct kbench_run *bench, size_t count, uint64_t repetitions)
{
    paddr_t first;

    KBENCH_REPEAT(bench, repetitions)
    {
        if (__real_frame_alloc_run(count, count * PAGE_SIZE, PADDR_MAX, FRAME_OTHER, &first) ==
            OK) {
            frame_free_run(first, count, FRAME_OTHER);
        }
    }
}

KBENCH(frame, run_of_8_empty)
{
    measure_runs(bench, 8, 100);
}

KBENCH(frame, run_of_512_empty)
{
    measure_runs(bench, HUGE_RUN, 100);
}

/* No two frames beside each other are free: the search looks at every one, in vain. */
KBENCH(frame, run_of_2_in_vain_half_full)
{
    if (fill(2)) {
        measure_runs(bench, 2, 1);
        hoard_give_back();
    }
}
