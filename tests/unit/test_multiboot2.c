/* SPDX-License-Identifier: MIT */
/*
 * The Multiboot2 parser: where the information is, how long it is, how its tags
 * follow each other, and what a loader of good will gets across.
 */
#include "tests/unit/multiboot2_builder.h"

KTEST(multiboot2, reads_everything_when_all_is_right)
{
    block_make_full();
    REQUIRE_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.protocol, BOOT_MULTIBOOT2);
    CHECK_STR_EQ(parsed.loader_name, "GRUB 2.06");
    CHECK_STR_EQ(parsed.command_line, "loglevel=3 console=serial");
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    CHECK(parsed.efi.boot_services_active);
    CHECK(parsed.efi.has_memory_map);
    CHECK(parsed.efi.has_system_table);
    CHECK_EQ(parsed.efi.system_table.value, 0x123456789abc);
}

KTEST(multiboot2, leaves_out_what_no_tag_says)
{
    block_begin_with_map();
    block_add_end();
    REQUIRE_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_STR_EQ(parsed.loader_name, "");
    CHECK_STR_EQ(parsed.command_line, "");
    CHECK_EQ(parsed.module_count, 0);
    CHECK_EQ(parsed.modules_offered, 0);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
    CHECK_EQ(parsed.rsdp_size, 0);
    CHECK(!parsed.efi.boot_services_active);
    CHECK(!parsed.efi.has_memory_map);
    CHECK(!parsed.efi.has_system_table);
}

KTEST(multiboot2, forgets_what_an_earlier_parse_found)
{
    block_make_full();
    REQUIRE_OK(block_parse());
    block_begin();
    block_add_end();
    CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
    CHECK_EQ(parsed.usable.count, 0);
    CHECK_EQ(parsed.module_count, 0);
    CHECK_EQ(parsed.rsdp_size, 0);
}

KTEST(multiboot2, refuses_address_when_misaligned)
{
    const struct phys_window window = {
        .bytes = block_bytes, .base = 0, .size = sizeof(block_bytes)};

    CHECK_STATUS(multiboot2_parse(&window, paddr(4), &machine_limits, &parsed), ERR_BAD_ARG);
    CHECK_PROBLEM(BOOT_PROBLEM_MISALIGNED, BOOT_NO_TAG, 4);
}

KTEST(multiboot2, refuses_address_when_outside_the_window)
{
    const struct phys_window window = {
        .bytes = block_bytes + BLOCK_SIZE_MAX - 8, .base = BLOCK_ADDRESS, .size = 8};

    put_u32(block_bytes + BLOCK_SIZE_MAX - 8, 8);
    CHECK_STATUS(multiboot2_parse(&window, paddr(BLOCK_ADDRESS - 8), &machine_limits, &parsed),
                 ERR_BAD_ARG);
    CHECK_PROBLEM(BOOT_PROBLEM_ADDRESS, BOOT_NO_TAG, BLOCK_ADDRESS - 8);
    CHECK_STATUS(multiboot2_parse(&window, paddr(BLOCK_ADDRESS + 8), &machine_limits, &parsed),
                 ERR_BAD_ARG);
    CHECK_PROBLEM(BOOT_PROBLEM_ADDRESS, BOOT_NO_TAG, BLOCK_ADDRESS + 8);
    CHECK_STATUS(multiboot2_parse(&window, paddr(UINT64_MAX - 7), &machine_limits, &parsed),
                 ERR_BAD_ARG);
    CHECK_STATUS(multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &machine_limits, &parsed),
                 ERR_CORRUPT);
}

KTEST(multiboot2, refuses_address_when_only_half_a_header_is_in_the_window)
{
    put_u32(block_bytes, 16);
    CHECK_STATUS(block_parse_raw(7, 7), ERR_BAD_ARG);
    CHECK_PROBLEM(BOOT_PROBLEM_ADDRESS, BOOT_NO_TAG, BLOCK_ADDRESS);
}

KTEST(multiboot2, refuses_total_size_when_too_small_for_an_end_tag)
{
    static const uint32_t sizes[] = {0, 1, 7, 8, 15};

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        put_u32(block_bytes, sizes[i]);
        CHECK_STATUS(block_parse_raw(8, GIB), ERR_CORRUPT);
        CHECK_PROBLEM(BOOT_PROBLEM_TOTAL_SIZE, BOOT_NO_TAG, sizes[i]);
    }
}

KTEST(multiboot2, accepts_total_size_when_there_is_just_an_end_tag)
{
    block_begin();
    block_add_end();
    CHECK_EQ(block_size, 16);
    CHECK_STATUS(block_parse(), ERR_NOT_FOUND);
    CHECK_NO_PROBLEM();
}

KTEST(multiboot2, cuts_total_size_when_beyond_the_window)
{
    block_begin_with_map();
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "loader");
    put_u32(block_bytes, block_size + 8);
    CHECK_OK(block_parse_raw(block_size, block_size));
    CHECK_STR_EQ(parsed.loader_name, "loader");
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_EQ(parsed.problems[0].kind, BOOT_PROBLEM_TOTAL_SIZE);
    CHECK_EQ(parsed.problems[0].got, block_size + 8);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_NO_END_TAG);
}

KTEST(multiboot2, cuts_total_size_when_above_16_mib)
{
    block_begin_with_map();
    block_add_end();
    put_u32(block_bytes, UINT32_MAX);
    CHECK_OK(block_parse_raw(block_size, GIB));
    CHECK_PROBLEM(BOOT_PROBLEM_TOTAL_SIZE, BOOT_NO_TAG, UINT32_MAX);
    CHECK(is_reserved(BLOCK_ADDRESS, BLOCK_ADDRESS + 16 * MIB));
    CHECK(is_free(BLOCK_ADDRESS + 16 * MIB, RAM_END));

    block_begin_with_map();
    block_add_end();
    put_u32(block_bytes, 16 * MIB);
    CHECK_OK(block_parse_raw(block_size, GIB));
    CHECK_NO_PROBLEM();
}

KTEST(multiboot2, accepts_total_size_when_no_multiple_of_8)
{
    block_begin_with_map();
    block_add_end();
    block_bytes[block_size] = 0xff;
    put_u32(block_bytes, block_size + 3);
    CHECK_OK(block_parse_raw(block_size + 3, GIB));
    CHECK_NO_PROBLEM();
}

KTEST(multiboot2, reads_last_tag_when_its_padding_is_outside)
{
    block_begin_with_map();
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "12");
    put_u32(block_bytes, block_size - 5);
    CHECK_OK(block_parse_raw(block_size - 5, GIB));
    CHECK_STR_EQ(parsed.loader_name, "12");
    CHECK_PROBLEM(BOOT_PROBLEM_NO_END_TAG, BOOT_NO_TAG, block_size - 5);
}

KTEST(multiboot2, reserves_the_information_when_it_is_in_memory)
{
    block_begin_with_map();
    block_add_end();
    CHECK_OK(block_parse());
    CHECK(is_reserved(BLOCK_ADDRESS, BLOCK_ADDRESS + block_size));
    CHECK(is_free(KERNEL_END, BLOCK_ADDRESS));
    CHECK(is_free(BLOCK_ADDRESS + block_size, RAM_END));
}

/* A map, a tag whose size is wrong, and a loader name that must not be found then. */
static void parse_with_tag_size(uint32_t size)
{
    uint8_t *tag;

    block_begin_with_map();
    tag = block_add_tag(4, 8) - MULTIBOOT2_TAG_HEADER_SIZE;
    put_u32(tag + 4, size);
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "behind");
    block_add_end();
    CHECK_OK(block_parse());
}

KTEST(multiboot2, ends_the_walk_when_a_tag_size_is_too_small)
{
    for (uint32_t size = 0; size < 8; size++) {
        parse_with_tag_size(size);
        CHECK_PROBLEM(BOOT_PROBLEM_TAG_SIZE, 4, size);
        CHECK_STR_EQ(parsed.loader_name, "");
    }
    parse_with_tag_size(16);
    CHECK_NO_PROBLEM();
    CHECK_STR_EQ(parsed.loader_name, "behind");
}

KTEST(multiboot2, ends_the_walk_when_a_tag_size_is_past_the_end)
{
    static const uint32_t beyond[] = {1, 8, 0x80000000};

    for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
        /* The tag itself, the loader name's and the end's: 16 + 16 + 8 bytes. */
        parse_with_tag_size(40 + beyond[i]);
        CHECK_PROBLEM(BOOT_PROBLEM_TAG_SIZE, 4, 40 + beyond[i]);
        CHECK_STR_EQ(parsed.loader_name, "");
    }
    parse_with_tag_size(40);
    CHECK_PROBLEM(BOOT_PROBLEM_NO_END_TAG, BOOT_NO_TAG, block_size);
}

KTEST(multiboot2, ends_the_walk_when_a_tag_size_is_near_2_to_the_32)
{
    for (uint32_t below = 0; below < 16; below++) {
        parse_with_tag_size(UINT32_MAX - below);
        CHECK_PROBLEM(BOOT_PROBLEM_TAG_SIZE, 4, UINT32_MAX - below);
    }
}

KTEST(multiboot2, reports_it_when_there_is_no_end_tag)
{
    block_begin_with_map();
    CHECK_OK(block_parse());
    CHECK_PROBLEM(BOOT_PROBLEM_NO_END_TAG, BOOT_NO_TAG, block_size);
}

KTEST(multiboot2, reports_it_when_only_half_an_end_tag_is_there)
{
    block_begin_with_map();
    block_add_end();
    put_u32(block_bytes, block_size - 1);
    CHECK_OK(block_parse_raw(block_size - 1, GIB));
    CHECK_PROBLEM(BOOT_PROBLEM_NO_END_TAG, BOOT_NO_TAG, block_size - 1);
}

KTEST(multiboot2, stops_at_the_end_tag_when_more_follows)
{
    block_begin_with_map();
    block_add_end();
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "behind");
    block_add_map(machine_map, 1, 16); /* would be reported */
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_STR_EQ(parsed.loader_name, "");
    CHECK_EQ(parsed.map_entry_count, MACHINE_MAP_COUNT);
}

KTEST(multiboot2, survives_tags_that_are_not_padded)
{
    block_begin_with_map();
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "12");
    block_size -= 5; /* the next tag follows at once */
    block_add_text(MULTIBOOT2_TAG_COMMAND_LINE, "loglevel=3");
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_STR_EQ(parsed.loader_name, "12");
    CHECK_STR_EQ(parsed.command_line, "");
    CHECK_GE(parsed.problem_count, 1);
}

KTEST(multiboot2, skips_tags_when_their_type_is_unknown)
{
    static const uint32_t types[] = {22, 63, 64, 64 + MULTIBOOT2_TAG_LOADER_NAME, UINT32_MAX};

    block_begin_with_map();
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        block_add_tag(types[i], 3);
        block_add_tag(types[i], 3);
    }
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "behind");
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_STR_EQ(parsed.loader_name, "behind");
}

KTEST(multiboot2, first_counts_when_a_tag_comes_twice)
{
    block_begin_with_map();
    block_add_text(MULTIBOOT2_TAG_COMMAND_LINE, "first");
    block_add_text(MULTIBOOT2_TAG_COMMAND_LINE, "second");
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_STR_EQ(parsed.command_line, "first");
    CHECK_PROBLEM(BOOT_PROBLEM_DUPLICATE_TAG, MULTIBOOT2_TAG_COMMAND_LINE,
                  MULTIBOOT2_TAG_COMMAND_LINE);
}

KTEST(multiboot2, reports_each_type_of_single_tag_when_it_comes_twice)
{
    static const uint32_t single[] = {1, 2, 8, 9, 12, 14, 15, 17, 18};

    for (uint32_t type = 1; type < 64; type++) {
        size_t duplicates = 0;
        bool is_single = false;

        block_begin_with_map();
        block_add_tag(type, 0);
        block_add_tag(type, 0);
        block_add_end();
        CHECK_OK(block_parse());
        for (size_t i = 0; i < parsed.problem_count; i++) {
            duplicates += parsed.problems[i].kind == BOOT_PROBLEM_DUPLICATE_TAG;
        }
        for (size_t i = 0; i < ARRAY_SIZE(single); i++) {
            is_single = is_single || single[i] == type;
        }
        CHECK_EQ(duplicates, is_single);
    }
}
