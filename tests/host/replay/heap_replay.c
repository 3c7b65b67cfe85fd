/* SPDX-License-Identifier: MIT */
/*
 * Replays an allocation trace, so that tools/bench/native.py can count what it
 * takes and how much memory it needs. A trace is described in
 * tests/data/traces/generate.py.
 *
 *     heap-replay heap|libc|nothing TRACE  replay once; what "nothing" takes is the replaying
 *     heap-replay arena TRACE              find the smallest window in which nothing fails
 *     heap-replay last TRACE BYTES         whether the last operation succeeds in such a window
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/panic.h"
#include "mm/address.h"
#include "mm/heap.h"

#define WINDOW_MAX (1UL << 30)

struct operation {
    char kind; /* a, r or f */
    size_t block;
    size_t size;
};

struct trace {
    struct operation *operations;
    size_t count;
    void **blocks; /* by the trace's numbers; NULL when dead */
    size_t block_count;
};

struct allocator {
    void *(*alloc)(size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
};

/* The kernel's objects look for it under this name; the C library's lies elsewhere. */
extern uint64_t __stack_chk_guard;
uint64_t __stack_chk_guard;

static struct heap heap;

void panic(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    abort();
}

static void *replay_heap_alloc(size_t size)
{
    return heap_alloc(&heap, size);
}

static void *replay_heap_realloc(void *block, size_t size)
{
    return heap_realloc(&heap, block, size);
}

static void replay_heap_free(void *block)
{
    heap_free(&heap, block);
}

static void *replay_nothing_alloc(size_t size)
{
    return &heap + size;
}

static void *replay_nothing_realloc(void *block, size_t size)
{
    (void)size;
    return block;
}

static void replay_nothing_free(void *block)
{
    (void)block;
}

static const struct allocator with_heap = {replay_heap_alloc, replay_heap_realloc,
                                           replay_heap_free};
static const struct allocator with_libc = {malloc, realloc, free};
static const struct allocator with_nothing = {replay_nothing_alloc, replay_nothing_realloc,
                                              replay_nothing_free};

/* The one function in which counting is switched on. */
static __attribute__((noinline)) size_t replay_trace(struct trace *trace,
                                                     const struct allocator *allocator)
{
    size_t failures = 0;

    for (size_t i = 0; i < trace->count; i++) {
        const struct operation *operation = &trace->operations[i];
        void **block = &trace->blocks[operation->block];

        if (operation->kind == 'a') {
            *block = allocator->alloc(operation->size);
            failures += *block == NULL;
        } else if (operation->kind == 'r' && *block != NULL) {
            void *moved = allocator->realloc(*block, operation->size);

            *block = moved != NULL ? moved : *block;
            failures += moved == NULL;
        } else if (operation->kind == 'f') {
            allocator->free(*block);
            *block = NULL;
        }
    }
    return failures;
}

static bool read_trace(const char *path, struct trace *trace)
{
    FILE *file = fopen(path, "r");
    char line[256];
    size_t room = 0;
    static char buffer[BUFSIZ];

    if (file != NULL) {
        setvbuf(file, buffer, _IOFBF, sizeof(buffer)); /* or its buffer leaves libc a hole to use */
    }
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        struct operation operation = {0};

        if (sscanf(line, "%c %zu %zu", &operation.kind, &operation.block, &operation.size) < 2) {
            continue; /* a comment */
        }
        if (trace->count == room) {
            room = room == 0 ? 1024 : 2 * room;
            trace->operations = realloc(trace->operations, room * sizeof(*trace->operations));
        }
        trace->operations[trace->count++] = operation;
        trace->block_count = MAX(trace->block_count, operation.block + 1);
    }
    if (file != NULL) {
        fclose(file);
    }
    trace->blocks = calloc(trace->block_count + 1, sizeof(*trace->blocks));
    return trace->count > 0;
}

/* The most bytes of payload that are live at once when nothing fails. */
static size_t peak_of(const struct trace *trace)
{
    size_t *sizes = calloc(trace->block_count, sizeof(*sizes));
    size_t live = 0;
    size_t peak = 0;

    for (size_t i = 0; i < trace->count; i++) {
        const struct operation *operation = &trace->operations[i];

        live += operation->size - sizes[operation->block]; /* a free has size 0 */
        sizes[operation->block] = operation->size;
        peak = MAX(peak, live);
    }
    free(sizes);
    return peak;
}

static enum status grow(void *context, uintptr_t address, size_t size)
{
    (void)context;
    (void)address;
    (void)size;
    return OK;
}

/* Replay in an empty heap over a window of so many bytes, whole pages. */
static size_t failures_within(struct trace *trace, size_t window_size)
{
    static const struct heap_window window = {.grow = grow};
    static void *memory;

    if (memory == NULL) {
        memory = mmap(NULL, WINDOW_MAX, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    memset(trace->blocks, 0, trace->block_count * sizeof(*trace->blocks));
    if (memory == MAP_FAILED ||
        heap_init(&heap, (uintptr_t)memory, (uintptr_t)memory + window_size, &window) != OK) {
        panic("heap-replay: no window\n");
    }
    return replay_trace(trace, &with_heap);
}

static size_t smallest_window(struct trace *trace)
{
    size_t too_small = PAGE_SIZE;
    size_t enough = WINDOW_MAX;

    while (enough - too_small > PAGE_SIZE) {
        size_t middle = ALIGN_DOWN((too_small + enough) / 2, PAGE_SIZE);

        if (failures_within(trace, middle) == 0) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
    return enough;
}

int main(int argc, char **argv)
{
    static struct trace trace; /* for as long as the program runs */
    const char *mode = argc > 2 ? argv[1] : "";

    if (argc < 3 || !read_trace(argv[2], &trace)) {
        fprintf(stderr, "usage: heap-replay heap|libc|nothing|arena|last TRACE [BYTES]\n");
        return EXIT_FAILURE;
    }
    if (strcmp(mode, "libc") == 0) {
        printf("%zu operations, %zu failures\n", trace.count, replay_trace(&trace, &with_libc));
    } else if (strcmp(mode, "nothing") == 0) {
        printf("%zu operations, %zu failures\n", trace.count, replay_trace(&trace, &with_nothing));
    } else if (strcmp(mode, "heap") == 0) {
        printf("%zu operations, %zu failures\n", trace.count, failures_within(&trace, WINDOW_MAX));
    } else if (strcmp(mode, "arena") == 0) {
        printf("%zu bytes live, %zu bytes of window\n", peak_of(&trace), smallest_window(&trace));
    } else if (strcmp(mode, "last") == 0 && argc > 3) {
        failures_within(&trace, strtoul(argv[3], NULL, 0));
        printf("%d\n", trace.blocks[trace.operations[trace.count - 1].block] != NULL);
    }
    return EXIT_SUCCESS;
}
