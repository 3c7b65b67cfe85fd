/* SPDX-License-Identifier: MIT */
/*
 * Memory maps of real machines: each must come to exactly the pages its file
 * says, in whatever order the entries are. Host only.
 */
#include "tests/host/e820_map.h"
#include "tests/unit/boot_fixture.h"

static void check_map(struct e820_map *map)
{
    uint64_t pages;

    e820_parse(map);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.map_entry_count, map->count);
    pages = memory_map_usable_pages(&parsed.usable);
    CHECK_EQ(pages, map->usable_pages);
    if (pages != map->usable_pages || parsed.problem_count != 0) {
        ktest_note("that was %s", map->path);
    }
}

static void check_reversed(struct e820_map *map)
{
    for (size_t i = 0; i < map->count / 2; i++) {
        struct boot_map_entry entry = map->entries[i];

        map->entries[i] = map->entries[map->count - 1 - i];
        map->entries[map->count - 1 - i] = entry;
    }
    check_map(map);
}

KTEST(e820, every_map_comes_to_its_pages_when_read_in_order)
{
    e820_for_each(check_map);
}

KTEST(e820, every_map_comes_to_its_pages_when_read_backwards)
{
    e820_for_each(check_reversed);
}
