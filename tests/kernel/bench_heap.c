/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks of the heap, in instructions for each operation: one alloc or one
 * free, from its first instruction to its return. The traces are those of
 * tests/data/traces/generate.py, made on the way; what they take with functions
 * that do nothing is taken off.
 */
#include "lib/assert.h"
#include "lib/x86/cpu.h"
#include "mm/frame.h"
#include "mm/heap.h"
#include "mm/layout.h"
#include "tests/kbench.h"

#define LIVE_MAX    100000
#define ARENA_SIZE  (48 * MIB) /* LIVE_MAX blocks of 368 bytes each, and some */
#define LIFO_DEPTH  64
#define TRACE_SEED  20261122
#define SIZE_LOWEST 8 /* of the random sizes; the highest is 2048 */

static struct heap heap;
static paddr_t arena;
static size_t window_changes;
static void **blocks; /* LIVE_MAX, in front of the heap */

static enum status grow(void *context, uintptr_t address, size_t size)
{
    (void)context;
    (void)address;
    (void)size;
    window_changes++;
    return OK;
}

static void shrink(void *context, uintptr_t address, size_t size)
{
    (void)grow(context, address, size);
}

/* A heap of its own, in memory that arena_free() gives back. False when there is none. */
static bool arena_make(void)
{
    static const struct heap_window window = {.grow = grow, .shrink = shrink};
    const size_t table = ALIGN_UP(LIVE_MAX * sizeof(*blocks), PAGE_SIZE);

    if (frame_alloc_run(ARENA_SIZE / PAGE_SIZE, PAGE_SIZE, PADDR_MAX, FRAME_OTHER, &arena) != OK) {
        return false;
    }
    blocks = direct_map(arena);

    uintptr_t base = (uintptr_t)blocks + table;

    return heap_init(&heap, base, base + ARENA_SIZE - table, &window) == OK;
}

static void arena_free(void)
{
    frame_free_run(arena, ARENA_SIZE / PAGE_SIZE, FRAME_OTHER);
}

/* Knuth's MMIX generator, whose upper 31 bits are used. */
static uint64_t trace_random(uint64_t *state)
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return *state >> 33;
}

/* From SIZE_LOWEST to 256 times as much, each power of two as often as any other. */
static size_t trace_size(uint64_t *state)
{
    /* 2^(i/16), in 1/32768. */
    static const uint16_t powers[] = {32768, 34219, 35734, 37316, 38968, 40693, 42495, 44376, 46341,
                                      48393, 50535, 52773, 55109, 57549, 60097, 62757, 65535};
    uint64_t random = trace_random(state);
    uint64_t octave = random >> 28;
    uint64_t sixteenth = random >> 24 & 15;
    uint64_t within = random & (BIT(24) - 1);
    uint64_t step = powers[sixteenth + 1] - powers[sixteenth];
    uint64_t factor = powers[sixteenth] + (step * within >> 24);

    return ((uint64_t)SIZE_LOWEST << octave) * factor >> 15;
}

struct allocator {
    void *(*alloc)(struct heap *heap, size_t size);
    void *(*realloc)(struct heap *heap, void *block, size_t size);
    void (*free)(struct heap *heap, void *block);
};

void *nothing_alloc(struct heap *heap, size_t size);
void *nothing_realloc(struct heap *heap, void *block, size_t size);
void nothing_free(struct heap *heap, void *block);

static const struct allocator with_heap = {heap_alloc, heap_realloc, heap_free};
static const struct allocator with_nothing = {nothing_alloc, nothing_realloc, nothing_free};

struct trace_run {
    const struct allocator *allocator;
    bool is_timed; /* each operation */
    size_t live; /* blocks, where that is a question */
    uint64_t operations;
    uint64_t slowest; /* operation that did not change the window */
};

static void note_slowest(struct trace_run *run, uint64_t started, size_t changes_before)
{
    uint64_t spent = tsc_read() - started;

    if (spent > run->slowest && window_changes == changes_before) {
        run->slowest = spent;
    }
}

static void operate(struct trace_run *run, size_t slot, size_t size)
{
    size_t changes = window_changes;
    uint64_t started = run->is_timed ? tsc_read() : 0;

    if (size == 0) {
        run->allocator->free(&heap, blocks[slot]);
    } else {
        blocks[slot] = run->allocator->alloc(&heap, size);
    }
    run->operations++;
    if (run->is_timed) {
        note_slowest(run, started, changes);
    }
}

/* One block, or sixty-four, come and go. */
static void boxes(struct trace_run *run)
{
    for (size_t i = 0; i < 10000; i++) {
        operate(run, 0, 8);
        operate(run, 0, 0);
    }
}

static void lifo(struct trace_run *run)
{
    for (size_t turn = 0; turn < 1000; turn++) {
        for (size_t slot = 0; slot < LIFO_DEPTH; slot++) {
            operate(run, slot, 64);
        }
        for (size_t slot = LIFO_DEPTH; slot-- > 0;) {
            operate(run, slot, 0);
        }
    }
}

/* Eight bytes an element, from 4 elements to 1024. */
static void vector(struct trace_run *run)
{
    for (size_t turn = 0; turn < 1000; turn++) {
        operate(run, 0, 32);
        for (size_t size = 64; size <= 8192; size *= 2) {
            blocks[0] = run->allocator->realloc(&heap, blocks[0], size);
            run->operations++;
        }
        operate(run, 0, 0);
    }
}

/* Fill with live blocks, replace one at random again and again, free all. */
static void churn(struct trace_run *run)
{
    uint64_t state = TRACE_SEED;

    ASSERT_CMP(run->live, >, 0UL);
    for (size_t slot = 0; slot < run->live; slot++) {
        operate(run, slot, trace_size(&state));
    }
    for (size_t turn = 0; turn < (run->live < 10000 ? 10000 : 500000); turn++) {
        size_t slot = trace_random(&state) % run->live;

        operate(run, slot, 0);
        operate(run, slot, trace_size(&state));
    }
    for (size_t slot = 0; slot < run->live; slot++) {
        operate(run, slot, 0);
    }
}

/* Without what the trace itself takes. */
static void bench_trace(struct kbench_run *bench, void (*trace)(struct trace_run *))
{
    struct trace_run empty = {.allocator = &with_nothing, .live = bench->scale};
    struct trace_run whole = {.allocator = &with_heap, .live = bench->scale};

    if (!arena_make()) {
        return;
    }
    KBENCH_REPEAT(bench, 1)
    {
        trace(&empty);
    }
    uint64_t replaying = bench->instructions;

    KBENCH_REPEAT(bench, 1)
    {
        trace(&whole);
    }
    bench->instructions -= replaying;
    bench->repetitions = whole.operations;
    arena_free();
}

KBENCH(heap, many_boxes_of_8_bytes)
{
    bench_trace(bench, boxes);
}

KBENCH(heap, lifo_64_deep_of_64_bytes)
{
    bench_trace(bench, lifo);
}

KBENCH(heap, growing_vector)
{
    bench_trace(bench, vector);
}

/* Over live blocks. From 10,000 on a million operations. */
KBENCH_OVER(heap, random, 10, 100, 1000, 10000, LIVE_MAX)
{
    bench_trace(bench, churn);
}

KBENCH_OVER(heap, random_slowest_operation, 1000, 10000, LIVE_MAX)
{
    struct trace_run nothing = {0};
    struct trace_run run = {.allocator = &with_heap, .is_timed = true, .live = bench->scale};

    if (!arena_make()) {
        return;
    }
    note_slowest(&nothing, tsc_read(), window_changes);
    KBENCH_REPEAT(bench, 1)
    {
        churn(&run);
    }
    bench->instructions = run.slowest - nothing.slowest;
    arena_free();
}
