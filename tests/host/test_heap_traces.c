/* SPDX-License-Identifier: MIT */
/*
 * Allocation traces of real programs, in tests/data/traces, replayed with every
 * block's contents watched. Host only. A file's lines are "a ID SIZE",
 * "r ID SIZE", "f ID" and comments. Run from the top of the tree.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/large_memory.h"
#include "tests/unit/heap_fixture.h"

#define heap (&heap_fixture.heap)

#define TRACE_FILES      "tests/data/traces/own-*.txt"
#define TRACE_FILE_COUNT 4 /* that come with the tree */
#define BLOCKS_MAX       10000

static struct held {
    void *block;
    size_t size;
} held[BLOCKS_MAX];

static size_t live_bytes, peak_bytes, peak_window;

/* The block now has this many bytes. */
static void hold(size_t number, void *block, size_t size)
{
    struct held *slot = &held[number];

    live_bytes += size - slot->size;
    peak_bytes = MAX(peak_bytes, live_bytes);
    peak_window = MAX(peak_window, heap_statistics(heap).window_bytes);
    *slot = (struct held){block, size};
    if (block != NULL) {
        pattern_write(block, size, number);
    }
}

/* Do what one line says; returns whether all went well. */
static bool operate(const char *line)
{
    char kind;
    size_t number;
    size_t size = 0;

    if (line[0] == '#') {
        return true;
    }
    if (sscanf(line, "%c %zu %zu", &kind, &number, &size) < 2 || number >= BLOCKS_MAX) {
        return false;
    }
    struct held *slot = &held[number];
    bool is_whole = slot->block == NULL || pattern_is_whole(slot->block, slot->size, number);
    void *block = NULL;

    if (kind == 'f') {
        heap_free(heap, slot->block);
        hold(number, NULL, 0);
        return is_whole;
    }
    if (kind == 'r') {
        size_t kept = MIN(size, slot->size) / 8 * 8;

        block = heap_realloc(heap, slot->block, size);
        is_whole = is_whole && block != NULL && pattern_is_whole(block, kept, number);
    } else if (kind == 'a') {
        block = heap_alloc(heap, size);
    }
    if (block != NULL) {
        hold(number, block, size);
    }
    return is_whole && block != NULL;
}

static void replay(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[256];
    size_t count = 0;
    bool is_good = true;

    REQUIRE(file != NULL);
    memset(held, 0, sizeof(held));
    live_bytes = peak_bytes = peak_window = 0;
    heap_fixture_begin(LARGE_MEMORY_SIZE);
    while (is_good && fgets(line, sizeof(line), file) != NULL) {
        is_good = operate(line);
        count++;
    }
    fclose(file);
    CHECK(is_good);
    CHECK_GT(count, 200);
    heap_fixture_check();
    /* Not much more than what was asked for, tags and all. */
    CHECK_LE(peak_window, peak_bytes * 3 / 2 + 128 * KIB);
    for (size_t i = 0; i < BLOCKS_MAX; i++) {
        heap_free(heap, held[i].block);
    }
    heap_trim(heap);
    CHECK_EQ(heap_statistics(heap).window_bytes, PAGE_SIZE);
    heap_fixture_check();
}

KTEST(heap_traces, real_programs_are_served)
{
    glob_t files;

    REQUIRE_EQ(glob(TRACE_FILES, 0, NULL, &files), 0);
    CHECK_GE(files.gl_pathc, TRACE_FILE_COUNT);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        ktest_note("%s", files.gl_pathv[i]);
        replay(files.gl_pathv[i]);
    }
    globfree(&files);
}
