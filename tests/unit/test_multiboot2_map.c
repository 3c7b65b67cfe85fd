/* SPDX-License-Identifier: MIT */
/*
 * The Multiboot2 parser: memory map tags.
 */
#include "tests/unit/multiboot2_builder.h"

KTEST(multiboot2, map_is_copied_for_reports_as_it_was_given)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x100000, BOOT_MAP_AVAILABLE},
        {UINT64_MAX - 1, 0x100, BOOT_MAP_AVAILABLE},
        {0x3000, 0, 2},
        {0x1800, 0x10000, 0xb0200000},
    };

    block_begin();
    block_add_map(entries, ARRAY_SIZE(entries), 24);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.map_entry_count, ARRAY_SIZE(entries));
    for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
        CHECK_EQ(parsed.map_entries[i].base, entries[i].base);
        CHECK_EQ(parsed.map_entries[i].length, entries[i].length);
        CHECK_EQ(parsed.map_entries[i].type, entries[i].type);
    }
}

KTEST(multiboot2, fails_when_there_is_no_map)
{
    block_begin();
    block_add_text(MULTIBOOT2_TAG_COMMAND_LINE, "console=serial");
    block_add_end();
    CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
    CHECK_STR_EQ(parsed.command_line, "console=serial");
}

KTEST(multiboot2, fails_when_no_memory_is_available)
{
    static const struct boot_map_entry entry = {0x100000, 0x100000, 2};

    block_begin();
    block_add_map(&entry, 1, 24);
    block_add_end();
    CHECK_STATUS(block_parse(), ERR_NO_MEMORY);
    CHECK_NO_PROBLEM();
}

KTEST(multiboot2, map_is_refused_when_its_entry_size_is_impossible)
{
    static const uint32_t sizes[] = {
        0, 1, 8, 16, 23, 25, 28, 31, 4 * 24 + 8, 0x10000, UINT32_MAX - 7};

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        block_begin();
        put_u32(block_add_map(machine_map, 4, 24), sizes[i]);
        block_add_end();
        CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
        CHECK_PROBLEM(BOOT_PROBLEM_MAP_ENTRY_SIZE, MULTIBOOT2_TAG_MEMORY_MAP, sizes[i]);
    }
}

KTEST(multiboot2, map_is_read_when_its_entries_are_larger)
{
    static const uint32_t sizes[] = {24, 32, 40, 4096};

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        block_begin();
        block_add_map(machine_map, MACHINE_MAP_COUNT, sizes[i]);
        block_add_end();
        CHECK_OK(block_parse());
        CHECK_NO_PROBLEM();
        CHECK_EQ(parsed.map_entry_count, MACHINE_MAP_COUNT);
        CHECK_EQ(memory_map_usable_pages(&parsed.usable), 0x9f + (RAM_END - 0x100000) / PAGE_SIZE);
    }
}

KTEST(multiboot2, map_of_one_entry_is_read_when_it_fills_the_tag)
{
    block_begin();
    block_add_map(&machine_map[2], 1, 24);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.map_entry_count, 1);
}

KTEST(multiboot2, map_is_refused_when_it_has_no_entry)
{
    block_begin();
    block_add_map(machine_map, 0, 24);
    block_add_end();
    CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_ENTRY_SIZE, MULTIBOOT2_TAG_MEMORY_MAP, 24);
}

KTEST(multiboot2, map_is_refused_when_its_tag_is_too_short)
{
    for (uint32_t size = 0; size < 8; size++) {
        block_begin();
        block_add_tag(MULTIBOOT2_TAG_MEMORY_MAP, size);
        block_add_end();
        CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
        CHECK_PROBLEM(BOOT_PROBLEM_SHORT_TAG, MULTIBOOT2_TAG_MEMORY_MAP, 8 + size);
    }
}

KTEST(multiboot2, map_tag_reads_nothing_behind_itself_when_too_short)
{
    uint32_t cut;

    block_begin();
    block_add_tag(MULTIBOOT2_TAG_MEMORY_MAP, 0);
    cut = block_size;
    put_u32(block_bytes, cut);
    CHECK_STATUS(block_parse_raw(cut, GIB), ERR_NOT_FOUND);
    CHECK_EQ(parsed.problems[0].kind, BOOT_PROBLEM_SHORT_TAG);
}

KTEST(multiboot2, map_is_read_from_no_other_tag)
{
    block_begin();
    put_u32(block_add_map(machine_map, MACHINE_MAP_COUNT, 24) - 8, 99);
    block_add_end();
    CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
    CHECK_EQ(parsed.map_entry_count, 0);
    CHECK_EQ(parsed.usable.count, 0);
}

KTEST(multiboot2, whole_entries_count_when_the_last_is_partial)
{
    for (uint32_t rest = 1; rest < 24; rest++) {
        uint8_t *tag;

        block_begin();
        tag = block_add_map(machine_map, 4, 24) - MULTIBOOT2_TAG_HEADER_SIZE;
        put_u32(tag + 4, 16 + 3 * 24 + rest);
        block_size = ALIGN_UP(8 + 16 + 3 * 24 + rest, 8U);
        block_add_end();
        CHECK_OK(block_parse());
        CHECK_PROBLEM(BOOT_PROBLEM_MAP_REST, MULTIBOOT2_TAG_MEMORY_MAP, rest);
        CHECK_EQ(parsed.map_entry_count, 3);
    }
}

KTEST(multiboot2, reserved_wins_wherever_it_stands)
{
    static const struct boot_map_entry entries[] = {
        {0x300000, 0x1000, 2},
        {0x200000, 0x200000, BOOT_MAP_AVAILABLE},
        {0x310000, 0x1000, 20},
        {0x300000, 0x20000, BOOT_MAP_AVAILABLE},
    };

    block_begin();
    block_add_map(entries, ARRAY_SIZE(entries), 24);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(memory_map_usable_pages(&parsed.usable), 0x1fe);
    CHECK(!memory_map_contains(&parsed.usable, paddr(0x300000), 1));
    CHECK(!memory_map_contains(&parsed.usable, paddr(0x310fff), 1));
}

KTEST(multiboot2, maps_add_up_when_there_are_several)
{
    static const struct boot_map_entry reserved = {0x300000, 0x1000, 2};

    block_begin();
    block_add_map(&reserved, 1, 24);
    block_add_map(machine_map, 2, 16); /* one that is refused changes nothing for the others */
    block_add_map(machine_map, MACHINE_MAP_COUNT, 40);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_ENTRY_SIZE, MULTIBOOT2_TAG_MEMORY_MAP, 16);
    CHECK_EQ(parsed.map_entry_count, 1 + MACHINE_MAP_COUNT);
    CHECK(memory_map_contains(&parsed.usable, paddr(0x100000), 0x200000));
    CHECK(!memory_map_contains(&parsed.usable, paddr(0x300000), 1));
    CHECK(memory_map_contains(&parsed.usable, paddr(0x301000), RAM_END - 0x301000));
}

KTEST(multiboot2, map_keeps_the_largest_when_10000_entries_alternate)
{
    uint8_t *payload;
    uint64_t start = 0x100000;

    block_begin();
    payload = block_add_map(NULL, 0, 24);
    put_u32(payload - 4, 16 + 10000 * 24);
    for (size_t i = 0; i < 10000; i++) {
        uint8_t *entry = payload + 8 + i * 24;

        put_u64(entry, start);
        put_u64(entry + 8, PAGE_SIZE * (1 + i / 2 % 100));
        put_u32(entry + 16, i % 2 == 0 ? BOOT_MAP_AVAILABLE : 2);
        put_u32(entry + 20, 0);
        start += PAGE_SIZE * (1 + i / 2 % 100);
    }
    block_size += 10000 * 24;
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.map_entry_count, 10000);
    CHECK_EQ(parsed.usable.count, MEMORY_MAP_RANGES_MAX);
    CHECK_EQ(parsed.usable.dropped_ranges, 5000 - MEMORY_MAP_RANGES_MAX);
    /* There are 50 of each size: all from 91 pages up are kept, and 12 of 90. */
    CHECK_EQ(memory_map_usable_pages(&parsed.usable), 12 * 90 + 50 * (91 + 100) * 10 / 2);
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_FULL, BOOT_NO_TAG, parsed.usable.dropped_bytes);
}

KTEST(multiboot2, free_memory_leaves_out_low_memory_and_kernel)
{
    block_begin_with_map();
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.usable.count, 2);
    CHECK(is_reserved(0, 0x9fc00));
    CHECK(is_reserved(KERNEL_START, KERNEL_END));
    CHECK_EQ(parsed.free.ranges[0].start, KERNEL_END);
    CHECK_EQ(memory_map_end(&parsed.free).value, RAM_END);
}
