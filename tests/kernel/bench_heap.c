/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks of the heap, in instructions for each operation: one alloc or one
 * free. The traces are those of tests/data/traces/generate.py, made on the way.
 */
#include "lib/x86/cpu.h"
#include "mm/heap.h"
#include "tests/kbench.h"
#include "tests/large_memory.h"

#define LIVE_MAX    10000
#define LIFO_DEPTH  64
#define TRACE_SEED  20261122
#define SIZE_LOWEST 8 /* of the random sizes; the highest is 2048 */

static struct heap heap;
static size_t window_changes;
static void *blocks[LIVE_MAX];

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

static bool make_heap(void)
{
    static const struct heap_window window = {.grow = grow, .shrink = shrink};
    uintptr_t base = (uintptr_t)large_memory();

    return heap_init(&heap, base, base + LARGE_MEMORY_SIZE, &window) == OK;
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

/* What a trace that is timed operation by operation found out. */
struct trace_run {
    uint64_t slowest; /* operation that did not change the window */
};

enum trace_mode {
    TRACE_EMPTY, /* all but the heap's functions */
    TRACE_WHOLE,
    TRACE_EACH, /* the time of each operation is taken */
};

static void note_slowest(struct trace_run *run, uint64_t started, size_t changes_before)
{
    uint64_t spent = tsc_read() - started;

    if (spent > run->slowest && window_changes == changes_before) {
        run->slowest = spent;
    }
}

static void operate(enum trace_mode mode, struct trace_run *run, size_t slot, size_t size)
{
    size_t changes = window_changes;
    uint64_t started = mode == TRACE_EACH ? tsc_read() : 0;

    if (mode == TRACE_EMPTY) {
        blocks[slot] = NULL;
    } else if (size == 0) {
        heap_free(&heap, blocks[slot]);
    } else {
        blocks[slot] = heap_alloc(&heap, size);
    }
    if (mode == TRACE_EACH) {
        note_slowest(run, started, changes);
    }
}

/* One block, or sixty-four, come and go. */
static void boxes(enum trace_mode mode, struct trace_run *run)
{
    for (size_t i = 0; i < 10000; i++) {
        operate(mode, run, 0, 8);
        operate(mode, run, 0, 0);
    }
}

static void lifo(enum trace_mode mode, struct trace_run *run)
{
    for (size_t turn = 0; turn < 1000; turn++) {
        for (size_t slot = 0; slot < LIFO_DEPTH; slot++) {
            operate(mode, run, slot, 64);
        }
        for (size_t slot = LIFO_DEPTH; slot-- > 0;) {
            operate(mode, run, slot, 0);
        }
    }
}

/* Eight bytes an element, from 4 elements to 1024. */
static void vector(enum trace_mode mode, struct trace_run *run)
{
    for (size_t turn = 0; turn < 1000; turn++) {
        operate(mode, run, 0, 32);
        for (size_t size = 64; size <= 8192; size *= 2) {
            blocks[0] = mode == TRACE_EMPTY ? NULL : heap_realloc(&heap, blocks[0], size);
        }
        operate(mode, run, 0, 0);
    }
}

/* Fill with live blocks, replace one at random again and again, free all. */
static void churn(enum trace_mode mode, struct trace_run *run, size_t live, size_t turns)
{
    uint64_t state = TRACE_SEED;

    for (size_t slot = 0; slot < live; slot++) {
        operate(mode, run, slot, trace_size(&state));
    }
    for (size_t turn = 0; turn < turns; turn++) {
        size_t slot = trace_random(&state) % live;

        operate(mode, run, slot, 0);
        operate(mode, run, slot, trace_size(&state));
    }
    for (size_t slot = 0; slot < live; slot++) {
        operate(mode, run, slot, 0);
    }
}

static void churn_1k(enum trace_mode mode, struct trace_run *run)
{
    churn(mode, run, 1000, 10000);
}

static void churn_10k(enum trace_mode mode, struct trace_run *run)
{
    churn(mode, run, 10000, 500000);
}

static uint64_t count(void (*trace)(enum trace_mode, struct trace_run *), enum trace_mode mode)
{
    struct trace_run run = {0};
    uint64_t started = tsc_read();

    trace(mode, &run);
    return tsc_read() - started;
}

/* Without what the trace itself takes. */
static void bench_trace(struct kbench_run *bench,
                        void (*trace)(enum trace_mode, struct trace_run *), uint64_t operations)
{
    if (make_heap()) {
        bench->instructions = count(trace, TRACE_WHOLE) - count(trace, TRACE_EMPTY);
        bench->repetitions = operations;
    }
}

KBENCH(heap, many_boxes_of_8_bytes)
{
    bench_trace(bench, boxes, 2 * 10000);
}

KBENCH(heap, lifo_64_deep_of_64_bytes)
{
    bench_trace(bench, lifo, 2 * LIFO_DEPTH * 1000);
}

KBENCH(heap, growing_vector)
{
    bench_trace(bench, vector, 10 * 1000);
}

KBENCH(heap, random_1k_live)
{
    bench_trace(bench, churn_1k, 2 * (1000 + 10000));
}

KBENCH(heap, random_10k_live_1m_operations)
{
    bench_trace(bench, churn_10k, 2 * (10000 + 500000));
}

KBENCH(heap, random_10k_live_slowest_operation)
{
    if (make_heap()) {
        struct trace_run nothing = {0};
        struct trace_run run = {0};

        note_slowest(&nothing, tsc_read(), window_changes);
        churn_10k(TRACE_EACH, &run);
        bench->instructions = run.slowest - nothing.slowest;
        bench->repetitions = 1;
    }
}
