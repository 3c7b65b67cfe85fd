/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks counted in instructions. Under QEMU's -icount shift=0 one TSC
 * cycle is one guest instruction, so a figure repeats to the last digit; on
 * other machines it is cycles and says little.
 *
 *     KBENCH(format, decimal)
 *     {
 *         KBENCH_REPEAT(bench, 1000) { ksnprintf(buffer, sizeof(buffer), "%d", 42); }
 *     }
 *
 *     KBENCH_OVER(string, memcpy, 64, 4096) // string.memcpy@64, string.memcpy@4096
 *     {
 *         KBENCH_REPEAT(bench, 1000) { memcpy(to, from, bench->scale); }
 *     }
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"

/* One benchmark's measurement, filled by KBENCH_REPEAT. */
struct kbench_run {
    uint32_t scale; /* how much of what it is measured over; 0 without KBENCH_OVER */
    uint64_t repetitions;
    uint64_t instructions; /* for all of them, the loop taken off */
    uint64_t started; /* TSC */
};

struct kbench {
    const char *suite;
    const char *name;
    void (*run)(struct kbench_run *bench);
    const uint32_t *scales;
    size_t scale_count;
};

/* A benchmark that is run once, or once for each of some scales. */
#define KBENCH(suite_, name_) KBENCH_OVER(suite_, name_, 0)
#define KBENCH_OVER(suite_, name_, ...)                                                        \
    static void kbench_##suite_##__##name_(struct kbench_run *bench);                          \
    static const uint32_t kbench_scales_##suite_##__##name_[] = {__VA_ARGS__};                 \
    static const struct kbench kbench_entry_##suite_##__##name_ __attribute__((                \
        used, section(".kbenches." #suite_ "." #name_), aligned(_Alignof(struct kbench)))) = { \
        .suite = #suite_,                                                                      \
        .name = #name_,                                                                        \
        .run = kbench_##suite_##__##name_,                                                     \
        .scales = kbench_scales_##suite_##__##name_,                                           \
        .scale_count = ARRAY_SIZE(kbench_scales_##suite_##__##name_)};                         \
    static void kbench_##suite_##__##name_(struct kbench_run *bench)

/* Run the statement behind it `count` times and note what that took: the last one counts. */
#define KBENCH_REPEAT(bench, count)                          \
    for (uint64_t kbench_i = kbench_start((bench), (count)); \
         kbench_i < (count) || kbench_stop(bench); kbench_i++)

uint64_t kbench_start(struct kbench_run *bench, uint64_t repetitions);
bool kbench_stop(struct kbench_run *bench);

/*
 * Run the benchmarks that a pattern selects (NULL or "" for all, "suite",
 * "suite.name"): a line for each and each of its scales, on every console.
 *
 * Returns how many ran. Context: tests; masks interrupts while it measures.
 */
size_t kbench_run(const char *pattern);
