/* SPDX-License-Identifier: MIT */
/*
 * What both boot protocols share: the window on memory, map entries, modules,
 * texts, and the list of problems.
 */
#include "boot/boot_builder.h"
#include "boot/phys_window.h"
#include "tests/unit/boot_fixture.h"

static struct boot_builder builder = {.info = &parsed, .limits = &machine_limits};

/* Start over with a map of these entries; returns what finish_map does. */
static enum status begin_with(const struct boot_map_entry *entries, size_t count)
{
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    for (size_t i = 0; i < count; i++) {
        boot_builder_add_map_entry(&builder, &entries[i]);
    }
    for (size_t i = 0; i < count; i++) {
        boot_builder_subtract_map_entry(&builder, &entries[i]);
    }
    return boot_builder_finish_map(&builder);
}

static void begin(void)
{
    CHECK_OK(begin_with(machine_map, MACHINE_MAP_COUNT));
}

KTEST(boot_info, window_gives_bytes_when_all_are_inside)
{
    static const uint8_t bytes[16];
    const struct phys_window window = {.bytes = bytes, .base = 0x1000, .size = 16};

    CHECK_EQ(phys_window_at(&window, paddr(0x1000), 16), &bytes[0]);
    CHECK_EQ(phys_window_at(&window, paddr(0x100f), 1), &bytes[15]);
    CHECK_EQ(phys_window_at(&window, paddr(0x1001), 15), &bytes[1]);
    CHECK_EQ(phys_window_rest(&window, paddr(0x1001)), 15);
}

KTEST(boot_info, window_gives_nothing_when_a_byte_is_outside)
{
    static const uint8_t bytes[16];
    const struct phys_window window = {.bytes = bytes, .base = 0x1000, .size = 16};

    CHECK_EQ(phys_window_at(&window, paddr(0xfff), 1), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(0x1010), 1), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(0x1000), 17), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(0x1001), 16), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(0x1001), UINT64_MAX), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(UINT64_MAX), 2), NULL);
    CHECK_EQ(phys_window_at(&window, paddr(0x1000), 0), NULL);
    CHECK_EQ(phys_window_rest(&window, paddr(0x1010)), 0);
    CHECK_EQ(phys_window_rest(&window, paddr(0xfff)), 0);
}

KTEST(boot_info, numbers_load_from_any_address)
{
    static const uint8_t bytes[] = {0xff, 1, 2, 3, 4, 5, 6, 7, 8};

    CHECK_EQ(load_u32(bytes + 1), 0x04030201);
    CHECK_EQ(load_u64(bytes + 1), 0x0807060504030201);
}

KTEST(boot_info, problems_are_counted_when_too_many_to_record)
{
    boot_builder_begin(&builder, BOOT_PVH);
    for (uint64_t i = 0; i < BOOT_PROBLEMS_MAX + 4; i++) {
        boot_builder_report(&builder, BOOT_PROBLEM_TAG_SIZE, i);
    }
    CHECK_EQ(parsed.problem_count, BOOT_PROBLEMS_MAX + 4);
    CHECK_PROBLEM_AT(0, BOOT_PROBLEM_TAG_SIZE, BOOT_NO_TAG, 0);
    CHECK_PROBLEM_AT(15, BOOT_PROBLEM_TAG_SIZE, BOOT_NO_TAG, 15);
}

KTEST(boot_info, problem_reads_as_a_line)
{
    const struct boot_problem in_tag = {BOOT_PROBLEM_FRAMEBUFFER_PITCH, 8, 0x280};
    const struct boot_problem outside = {BOOT_PROBLEM_MAGIC, BOOT_NO_TAG, 0x2badb002};
    char text[128];

    boot_problem_format(&in_tag, BOOT_MULTIBOOT2, text, sizeof(text));
    CHECK_STR_EQ(text, "multiboot2: tag 8: framebuffer pitch: got 0x280, "
                       "want a row of pixels or more");
    boot_problem_format(&outside, BOOT_PVH, text, sizeof(text));
    CHECK_STR_EQ(text, "pvh: magic number: got 0x2badb002, want 0x336ec578");
    boot_problem_format(&outside, BOOT_PVH, text, 11);
    CHECK_STR_EQ(text, "pvh: magic");
}

KTEST(boot_info, map_entries_are_counted_when_too_many_to_record)
{
    const struct boot_map_entry last = {0x100000, 0x1000, 7};

    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    for (uint64_t i = 0; i < BOOT_MAP_ENTRIES_MAX; i++) {
        const struct boot_map_entry entry = {i, 0, 2};

        boot_builder_add_map_entry(&builder, &entry);
    }
    boot_builder_add_map_entry(&builder, &last);
    CHECK_EQ(parsed.map_entry_count, BOOT_MAP_ENTRIES_MAX + 1);
    CHECK_EQ(parsed.map_entries[127].base, 127);
    CHECK_EQ(parsed.usable.count, 0);
}

KTEST(boot_info, available_entry_is_refused_when_it_wraps)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x100000, BOOT_MAP_AVAILABLE},
        {0x400000, UINT64_MAX - 0x3fffff + 1, BOOT_MAP_AVAILABLE},
    };

    CHECK_OK(begin_with(entries, ARRAY_SIZE(entries)));
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_AVAILABLE_WRAPS, BOOT_NO_TAG, 0x400000);
    CHECK_EQ(memory_map_end(&parsed.usable).value, 0x200000);
}

KTEST(boot_info, reserved_entry_is_cut_at_the_top_when_it_wraps)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x900000, BOOT_MAP_AVAILABLE},
        {0x200000, UINT64_MAX, 2},
    };

    CHECK_OK(begin_with(entries, ARRAY_SIZE(entries)));
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_RESERVED_WRAPS, BOOT_NO_TAG, 0x200000);
    CHECK_EQ(parsed.usable.ranges[0].start, 0x100000);
    CHECK_EQ(memory_map_end(&parsed.usable).value, 0x200000);
}

KTEST(boot_info, entries_are_sound_when_they_end_at_the_top)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x900000, BOOT_MAP_AVAILABLE},
        {UINT64_MAX - 0xfff, 0x1000, 2},
    };

    CHECK_OK(begin_with(entries, ARRAY_SIZE(entries)));
    CHECK_NO_PROBLEM();
}

KTEST(boot_info, entry_is_ignored_when_its_length_is_0)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x900000, BOOT_MAP_AVAILABLE},
        {0x200000, 0, 2},
        {UINT64_MAX, 0, 2},
        {0xa00000, 0, BOOT_MAP_AVAILABLE},
        {UINT64_MAX, 0, BOOT_MAP_AVAILABLE},
    };

    CHECK_OK(begin_with(entries, ARRAY_SIZE(entries)));
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.usable.count, 1);
    CHECK_EQ(memory_map_usable_pages(&parsed.usable), 0x900);
}

KTEST(boot_info, entry_is_reserved_when_its_type_is_not_1)
{
    static const uint32_t types[] = {0, 2, 3, 4, 5, 6, 7, 20, 0xb0200000, UINT32_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        const struct boot_map_entry entries[] = {
            {0x100000, 0x900000, BOOT_MAP_AVAILABLE},
            {0x200000, 0x1000, types[i]},
        };

        CHECK_OK(begin_with(entries, ARRAY_SIZE(entries)));
        CHECK_EQ(memory_map_usable_pages(&parsed.usable), 0x8ff);
    }
}

KTEST(boot_info, available_memory_is_cut_when_the_cpu_cannot_address_it)
{
    const uint64_t top = 1UL << 36;
    const struct boot_map_entry over = {top - 0x2000, 0x5000, BOOT_MAP_AVAILABLE};
    const struct boot_map_entry up_to = {top - 0x2000, 0x2000, BOOT_MAP_AVAILABLE};
    const struct boot_map_entry beyond = {top, 0x1000, BOOT_MAP_AVAILABLE};

    CHECK_OK(begin_with(&over, 1));
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_BEYOND_CPU, BOOT_NO_TAG, top + 0x3000);
    CHECK_EQ(memory_map_usable_pages(&parsed.usable), 2);
    CHECK_EQ(memory_map_end(&parsed.usable).value, top);
    CHECK_EQ(memory_map_end(&parsed.free).value, top);
    CHECK_OK(begin_with(&up_to, 1));
    CHECK_NO_PROBLEM();
    CHECK_STATUS(begin_with(&beyond, 1), ERR_NO_MEMORY);
}

KTEST(boot_info, map_is_missing_when_no_entry_was_added)
{
    CHECK_STATUS(begin_with(NULL, 0), ERR_NOT_FOUND);
}

KTEST(boot_info, memory_is_missing_when_no_page_is_whole)
{
    static const struct boot_map_entry entry = {0x100800, 0x1000, BOOT_MAP_AVAILABLE};

    CHECK_STATUS(begin_with(&entry, 1), ERR_NO_MEMORY);
}

/* A module of which only the place matters. */
static void add_module(uint64_t start, uint64_t end)
{
    const struct boot_module module = {.start = {start}, .end = {end}, .command_line = "m"};

    boot_builder_add_module(&builder, &module);
}

KTEST(boot_info, module_is_refused_when_reversed)
{
    begin();
    add_module(0x300000, 0x2fffff);
    CHECK_PROBLEM(BOOT_PROBLEM_MODULE_REVERSED, BOOT_NO_TAG, 0x2fffff);
    CHECK_EQ(parsed.module_count, 0);
    CHECK_EQ(parsed.modules_offered, 1);
    CHECK(is_free(KERNEL_END, RAM_END));
}

KTEST(boot_info, module_is_recorded_when_empty)
{
    begin();
    add_module(0x300000, 0x300000);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.module_count, 1);
    CHECK(is_free(KERNEL_END, RAM_END));
}

KTEST(boot_info, module_is_recorded_when_it_ends_with_memory)
{
    begin();
    add_module(RAM_END - 0x1000, RAM_END);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.module_count, 1);
}

KTEST(boot_info, module_is_refused_when_over_the_kernel)
{
    static const uint64_t places[][2] = {
        {KERNEL_START - 0x1000, KERNEL_START + 1},
        {KERNEL_END - 1, KERNEL_END + 0x1000},
        {KERNEL_START + 1, KERNEL_START + 2},
        {0, RAM_END},
    };

    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        begin();
        add_module(places[i][0], places[i][1]);
        CHECK_PROBLEM(BOOT_PROBLEM_MODULE_OVER_KERNEL, BOOT_NO_TAG, places[i][0]);
        CHECK_EQ(parsed.module_count, 0);
        CHECK(!is_free(places[i][1] - 1, places[i][1]));
    }
}

KTEST(boot_info, module_is_recorded_when_it_touches_the_kernel)
{
    static const struct boot_map_entry entry = {0, RAM_END, BOOT_MAP_AVAILABLE};

    CHECK_OK(begin_with(&entry, 1));
    add_module(KERNEL_START - 0x1000, KERNEL_START);
    add_module(KERNEL_END, KERNEL_END + 0x1000);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.module_count, 2);
}

KTEST(boot_info, module_is_refused_when_not_in_memory)
{
    static const uint64_t places[][2] = {
        {RAM_END - 0x1000, RAM_END + 1}, {RAM_END, RAM_END + 0x1000},      {0x9fbff, 0x9fc01},
        {0xfffc0000, 0xfffd0000},        {UINT64_MAX - 0xfff, UINT64_MAX},
    };

    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        begin();
        add_module(places[i][0], places[i][1]);
        CHECK_PROBLEM(BOOT_PROBLEM_MODULE_NOT_IN_MEMORY, BOOT_NO_TAG, places[i][0]);
        CHECK_EQ(parsed.module_count, 0);
    }
}

KTEST(boot_info, module_is_kept_out_when_not_recorded)
{
    begin();
    add_module(RAM_END - 0x1000, RAM_END + 0x1000);
    CHECK_EQ(memory_map_end(&parsed.free).value, RAM_END - 0x1000);
    for (uint64_t i = 0; i <= BOOT_MODULES_MAX; i++) {
        add_module(0x300000 + i * 0x1000, 0x301000 + i * 0x1000);
    }
    CHECK_EQ(parsed.module_count, BOOT_MODULES_MAX);
    CHECK_EQ(parsed.modules_offered, 2 + BOOT_MODULES_MAX);
    CHECK(is_reserved(0x300000, 0x301000 + BOOT_MODULES_MAX * 0x1000));
}

/* Copy `count` bytes of text that nothing readable follows into a buffer of 8. */
static size_t copy_text(const char *text, size_t count, char *destination)
{
    static uint8_t bytes[64];
    uint8_t *start = bytes + sizeof(bytes) - count;

    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    memcpy(start, text, count);
    memset(destination, 'x', 8);
    return boot_builder_copy_text(&builder, destination, 8, start, count);
}

KTEST(boot_info, text_is_copied_when_it_fits)
{
    char text[8];

    CHECK_EQ(copy_text("", 1, text), 0);
    CHECK_STR_EQ(text, "");
    CHECK_EQ(copy_text("1234567", 8, text), 7);
    CHECK_STR_EQ(text, "1234567");
    CHECK_NO_PROBLEM();
    CHECK_EQ(copy_text("12\0behind and further", 22, text), 2);
    CHECK_STR_EQ(text, "12");
    CHECK_NO_PROBLEM();
}

KTEST(boot_info, text_is_cut_when_too_long)
{
    char text[8];

    CHECK_EQ(copy_text("12345678", 9, text), 7);
    CHECK_STR_EQ(text, "1234567");
    CHECK_PROBLEM(BOOT_PROBLEM_TEXT_CUT, BOOT_NO_TAG, 8);
    CHECK_EQ(copy_text("123456789012345", 15, text), 7);
    CHECK_STR_EQ(text, "1234567");
    CHECK_PROBLEM(BOOT_PROBLEM_TEXT_CUT, BOOT_NO_TAG, 8);
}

KTEST(boot_info, text_ends_at_the_last_byte_when_unterminated)
{
    char text[8];

    CHECK_EQ(copy_text("1234567", 7, text), 7);
    CHECK_STR_EQ(text, "1234567");
    CHECK_PROBLEM(BOOT_PROBLEM_TEXT_UNTERMINATED, BOOT_NO_TAG, 7);
    CHECK_EQ(copy_text("", 0, text), 0);
    CHECK_STR_EQ(text, "");
    CHECK_PROBLEM(BOOT_PROBLEM_TEXT_UNTERMINATED, BOOT_NO_TAG, 0);
}
