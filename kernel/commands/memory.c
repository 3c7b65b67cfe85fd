/* SPDX-License-Identifier: MIT */
/* mem and heap: where memory is. */
#include "kernel/console.h"
#include "kernel/kernel_heap.h"
#include "kernel/shell/command.h"
#include "lib/bar.h"
#include "lib/bits.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

#define BAR_CELLS 40

static uint64_t frames_to_kib(uint64_t frames)
{
    return frames * (PAGE_SIZE / KIB);
}

static void print_share(const char *what, uint64_t part, uint64_t whole)
{
    char text[BAR_CELLS + 16];

    kprintf("%s: %s\n", what, bar_draw(text, sizeof(text), part, whole, BAR_CELLS));
}

SHELL_COMMAND(mem, .summary = "memory by kind of use")
{
    struct frame_stats stats;

    (void)words;
    frame_stats(&stats);
    kprintf("usable: %lu KiB\n", frames_to_kib(stats.usable));
    kprintf("free: %lu KiB\n", frames_to_kib(stats.free));
    for (enum frame_kind kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        if (stats.by_kind[kind] != 0) {
            kprintf("%s: %lu KiB\n", frame_kind_name(kind), frames_to_kib(stats.by_kind[kind]));
        }
    }
    print_share("in use", stats.usable - stats.free, stats.usable);
    return OK;
}

static void print_verdict(void)
{
    struct heap_evidence evidence;
    char text[256];

    if (kmalloc_check(&evidence) == HEAP_SOUND) {
        kprintf("check: %s\n", heap_fault_sentence(HEAP_SOUND));
    } else {
        kernel_heap_describe(text, sizeof(text), &evidence);
        kprintf("check: %s\n", text);
    }
}

SHELL_COMMAND(heap, .summary = "the heap, and a check of it",
              .help = "Sizes count each block's tag. A quick block is free, and kept for the next\n"
                      "request of its size.\n")
{
    struct heap_statistics statistics = kmalloc_statistics();

    (void)words;
    kprintf("window: %zu bytes\n", statistics.window_bytes);
    kprintf("live: %zu bytes in %zu blocks\n", statistics.live_bytes, statistics.live_blocks);
    kprintf("peak: %zu bytes\n", statistics.peak_bytes);
    kprintf("quick: %zu bytes in %zu blocks\n", statistics.quick_bytes, statistics.quick_blocks);
    kprintf("free: %zu bytes\n", statistics.free_bytes);
    kprintf("largest free: %zu bytes\n", statistics.largest_free_bytes);
    print_share("in use", statistics.live_bytes, statistics.window_bytes);
    print_verdict();
    return OK;
}
