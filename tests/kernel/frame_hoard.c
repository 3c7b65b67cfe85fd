/* SPDX-License-Identifier: MIT */
/*
 * Takes memory in runs, the longest first, so that there are few of them.
 */
#include "tests/kernel/frame_hoard.h"

#include <stddef.h>

#include "lib/bits.h"
#include "mm/frame.h"

#define RUNS_MAX    1024
#define LONGEST_RUN BIT(24) /* frames: 64 GiB */

static struct {
    paddr_t first;
    size_t count;
} runs[RUNS_MAX];
static size_t run_count;
static uint64_t frame_count;

bool hoard_take_all(void)
{
    for (size_t length = LONGEST_RUN; length != 0; length /= 2) {
        paddr_t first;

        while (frame_alloc_run(length, PAGE_SIZE, PADDR_MAX, FRAME_OTHER, &first) == OK) {
            if (run_count == RUNS_MAX) {
                frame_free_run(first, length, FRAME_OTHER);
                hoard_give_back();
                return false;
            }
            runs[run_count].first = first;
            runs[run_count++].count = length;
            frame_count += length;
        }
    }
    return true;
}

uint64_t hoard_count(void)
{
    return frame_count;
}

void hoard_give_each(uint64_t stride)
{
    uint64_t number = 0; /* over all runs */

    for (size_t i = 0; i < run_count; i++) {
        for (size_t j = 0; j < runs[i].count; j++, number++) {
            if (number % stride == 0) {
                frame_free(paddr(runs[i].first.value + j * PAGE_SIZE), FRAME_OTHER);
                frame_count--;
            }
        }
    }
}

void hoard_give_back(void)
{
    paddr_t frame;

    /* Once the frames given singly are taken again, all runs are whole. */
    while (frame_alloc(FRAME_OTHER, &frame) == OK) {
        frame_count++;
    }
    for (size_t i = 0; i < run_count; i++) {
        frame_free_run(runs[i].first, runs[i].count, FRAME_OTHER);
        frame_count -= runs[i].count;
    }
    run_count = 0;
}
