/* SPDX-License-Identifier: MIT */
/*
 * Memory maps of real machines, in tests/data/e820: each must come to exactly
 * the pages its file says, in whatever order the entries are. Host only. A
 * file's lines are "start end type" in hex, end exclusive, and comments, one
 * of which has "usable_4k_pages=N". Run from the top of the tree.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/multiboot2_builder.h"

#define E820_FILES      "tests/data/e820/*.txt"
#define E820_FILE_COUNT 23 /* that come with the tree, at least */
#define E820_ENTRIES    64
#define E820_ENTRY_SIZE 24

struct e820_map {
    struct boot_map_entry entries[E820_ENTRIES];
    size_t count;
    uint64_t usable_pages;
};

/* Read one file; false when it is not as the file comment says. */
static bool read_map(const char *path, struct e820_map *map)
{
    FILE *file = fopen(path, "r");
    char line[512];
    bool has_expectation = false;
    bool is_sound = file != NULL;

    map->count = 0;
    while (is_sound && fgets(line, sizeof(line), file) != NULL) {
        struct boot_map_entry *entry = &map->entries[map->count];
        const char *expectation = strstr(line, "usable_4k_pages=");
        uint64_t end;

        if (line[0] == '#') {
            has_expectation = has_expectation || (expectation != NULL &&
                                                  sscanf(expectation, "usable_4k_pages=%" SCNu64,
                                                         &map->usable_pages) == 1);
        } else if (map->count < E820_ENTRIES && sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx32,
                                                       &entry->base, &end, &entry->type) == 3) {
            entry->length = end - entry->base;
            map->count++;
        } else {
            is_sound = false;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return is_sound && has_expectation && map->count != 0;
}

static void reverse(struct e820_map *map)
{
    for (size_t i = 0; i < map->count / 2; i++) {
        struct boot_map_entry entry = map->entries[i];

        map->entries[i] = map->entries[map->count - 1 - i];
        map->entries[map->count - 1 - i] = entry;
    }
}

static void check_map(const char *path, const struct e820_map *map)
{
    static const struct boot_limits limits = {
        .kernel_start = {KERNEL_START},
        .kernel_end = {KERNEL_END},
        .physical_bits = BOOT_PHYSICAL_BITS_MOST,
    };
    struct phys_window window = {.bytes = block_bytes, .base = BLOCK_ADDRESS};
    uint64_t pages;

    block_begin();
    block_add_map(map->entries, map->count, E820_ENTRY_SIZE);
    block_add_end();
    put_u32(block_bytes, block_size);
    window.size = block_size;
    CHECK_OK(multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &limits, &parsed));
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.map_entry_count, map->count);
    pages = memory_map_usable_pages(&parsed.usable);
    CHECK_EQ(pages, map->usable_pages);
    if (pages != map->usable_pages || parsed.problem_count != 0) {
        ktest_note("that was %s", path);
    }
}

static void check_all_files(bool is_reversed)
{
    glob_t files;
    static struct e820_map map;

    REQUIRE_EQ(glob(E820_FILES, 0, NULL, &files), 0);
    CHECK_GE(files.gl_pathc, E820_FILE_COUNT);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        bool is_read = read_map(files.gl_pathv[i], &map);

        CHECK(is_read);
        if (is_read && is_reversed) {
            reverse(&map);
        }
        if (is_read) {
            check_map(files.gl_pathv[i], &map);
        } else {
            ktest_note("that was %s", files.gl_pathv[i]);
        }
    }
    globfree(&files);
}

KTEST(e820, every_map_comes_to_its_pages_when_read_in_order)
{
    check_all_files(false);
}

KTEST(e820, every_map_comes_to_its_pages_when_read_backwards)
{
    check_all_files(true);
}
