/* SPDX-License-Identifier: MIT */
/*
 * Reads the memory maps of real machines.
 */
#include "tests/host/e820_map.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/multiboot2_builder.h"

#define E820_FILES      "tests/data/e820/*.txt"
#define E820_FILE_COUNT 23 /* that come with the tree, at least */
#define MAP_ENTRY_SIZE  24 /* bytes, in a Multiboot2 memory map */

/* Read one file; false when it is not as the header's comment says. */
static bool read_map(const char *path, struct e820_map *map)
{
    FILE *file = fopen(path, "r");
    char line[512];
    bool has_expectation = false;
    bool is_sound = file != NULL;

    map->path = path;
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

void e820_parse(const struct e820_map *map)
{
    static const struct boot_limits limits = {
        .kernel_start = {KERNEL_START},
        .kernel_end = {KERNEL_END},
        .physical_bits = BOOT_PHYSICAL_BITS_MOST,
    };
    struct phys_window window = {.bytes = block_bytes, .base = BLOCK_ADDRESS};

    block_begin();
    block_add_map(map->entries, map->count, MAP_ENTRY_SIZE);
    block_add_end();
    put_u32(block_bytes, block_size);
    window.size = block_size;
    CHECK_OK(multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &limits, &parsed));
}

void e820_for_each(void (*check)(struct e820_map *map))
{
    static struct e820_map map;
    glob_t files;

    REQUIRE_EQ(glob(E820_FILES, 0, NULL, &files), 0);
    CHECK_GE(files.gl_pathc, E820_FILE_COUNT);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        bool is_read = read_map(files.gl_pathv[i], &map);

        CHECK(is_read);
        if (is_read) {
            check(&map);
        } else {
            ktest_note("that was %s", files.gl_pathv[i]);
        }
    }
    globfree(&files);
}
