/* SPDX-License-Identifier: MIT */
/*
 * bench: what the kernel's most used operations cost on this machine, in
 * cycles of the TSC. The least of several rounds is shown, since what comes in
 * between can only add. `make bench` counts instructions, exactly.
 */
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "kernel/task.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

#define ROUNDS      5U
#define REPETITIONS 1000U /* a round is well below what the watchdog allows */

static uint8_t page[PAGE_SIZE];
static uint8_t other_page[PAGE_SIZE];

static void call_nothing(void)
{
}

static void copy_page(void)
{
    memcpy(page, other_page, sizeof(page));
}

static void clear_page(void)
{
    memset(page, 0, sizeof(page));
}

static void format_line(void)
{
    char line[32];

    ksnprintf(line, sizeof(line), "%s %d 0x%x", "format", 42, 0xb8000U);
}

static void allocate_and_free(void)
{
    kfree(kmalloc(64));
}

static void frame_and_back(void)
{
    paddr_t frame;

    if (frame_alloc(FRAME_OTHER, &frame) == OK) {
        frame_free(frame, FRAME_OTHER);
    }
}

static void ask_time(void)
{
    clock_now_ns();
}

static const struct bench {
    const char *name;
    const char *what;
    void (*once)(void);
} benches[] = {
    {"call", "call a function: taken off the others", call_nothing},
    {"memcpy", "copy 4 KiB", copy_page},
    {"memset", "clear 4 KiB", clear_page},
    {"format", "a word and two numbers", format_line},
    {"heap", "allocate and free 64 bytes", allocate_and_free},
    {"frame", "allocate and free a frame", frame_and_back},
    {"clock", "ask for the time", ask_time},
    {"yield", "to all other ready tasks and back", task_yield},
};

static uint64_t least_cycles(void (*once)(void))
{
    uint64_t least = UINT64_MAX;

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t started = tsc_read();

        for (unsigned i = 0; i < REPETITIONS; i++) {
            once();
        }
        least = MIN(least, tsc_read() - started);
    }
    return least;
}

static void bench_print(const struct bench *bench)
{
    uint64_t cycles = least_cycles(bench->once);
    uint64_t tenths_of_ns;

    if (bench != &benches[0]) {
        cycles -= MIN(cycles, least_cycles(benches[0].once));
    }
    tenths_of_ns = clock_cycles_to_ns(cycles) * 10 / REPETITIONS;
    kprintf("%-8s %6lu.%lu %8lu.%lu  %s\n", bench->name, cycles / REPETITIONS,
            cycles * 10 / REPETITIONS % 10, tenths_of_ns / 10, tenths_of_ns % 10, bench->what);
}

static const char *bench_name(size_t index)
{
    return index < ARRAY_SIZE(benches) ? benches[index].name : NULL;
}

SHELL_COMMAND(bench, .arguments = "[NAME]", .most = 1, .value = bench_name,
              .summary = "time common operations",
              .help =
                  "Of one operation: cycles of the time stamp counter, and nanoseconds once its\n"
                  "rate is known.\n")
{
    bool is_found = false;

    for (size_t i = 0; i < ARRAY_SIZE(benches); i++) {
        if (words->count > 1 && strcmp(words->at[1], benches[i].name) != 0) {
            continue;
        }
        if (!is_found) {
            kprintf("%-8s %8s %10s  %s\n", "name", "cycles", "ns", "operation");
        }
        is_found = true;
        bench_print(&benches[i]);
        if (!command_goes_on()) {
            return ERR_CANCELLED;
        }
    }
    return is_found ? OK : ERR_BAD_ARG;
}
