/* SPDX-License-Identifier: MIT */
/*
 * The PVH parser: what it understands, and a case for each check. All that a
 * start_info points to is in one array, which ends where the window ends.
 */
#include "boot/pvh.h"
#include "tests/unit/boot_fixture.h"
#include "tests/unit/pseudo_random.h"

/* What is where in the array, which physical memory has at BASE. */
#define BASE         0x200000UL
#define START_INFO   0
#define MAP          64
#define MODULES      (MAP + MACHINE_MAP_COUNT * 24)
#define COMMAND_LINE (MODULES + 2 * 32)
#define MODULE_LINE  (COMMAND_LINE + 32)
#define RSDP         (MODULE_LINE + 16)
#define SIZE         (RSDP + RSDP_LONG)

static uint8_t memory[SIZE];

static const struct phys_window window = {.bytes = memory, .base = BASE, .size = SIZE};

static void put_text(uint8_t *bytes, const char *text)
{
    memcpy(bytes, text, strlen(text) + 1);
}

static void put_module(size_t index, uint64_t start, uint64_t size, uint64_t text)
{
    uint8_t *entry = memory + MODULES + index * 32;

    put_u64(entry, start);
    put_u64(entry + 8, size);
    put_u64(entry + 16, text);
}

/* A version 1 start_info with everything, all of it sound. */
static void make_full(void)
{
    memset(memory, 0, sizeof(memory));
    put_u32(memory, PVH_START_INFO_MAGIC);
    put_u32(memory + 4, 1);
    put_u32(memory + 12, 2);
    put_u64(memory + 16, BASE + MODULES);
    put_u64(memory + 24, BASE + COMMAND_LINE);
    put_u64(memory + 32, BASE + RSDP);
    put_u64(memory + 40, BASE + MAP);
    put_u32(memory + 48, MACHINE_MAP_COUNT);
    for (size_t i = 0; i < MACHINE_MAP_COUNT; i++) {
        put_u64(memory + MAP + i * 24, machine_map[i].base);
        put_u64(memory + MAP + i * 24 + 8, machine_map[i].length);
        put_u32(memory + MAP + i * 24 + 16, machine_map[i].type);
    }
    put_module(0, 0x300000, 0x1234, BASE + MODULE_LINE);
    put_module(1, 0x400000, 0, 0);
    put_text(memory + COMMAND_LINE, "loglevel=3 console=serial");
    put_text(memory + MODULE_LINE, "initrd");
    put_rsdp(memory + RSDP, 2, RSDP_LONG);
}

static enum status parse(void)
{
    return pvh_parse(&window, paddr(BASE + START_INFO), &machine_limits, &parsed);
}

KTEST(pvh, reads_everything_when_all_is_right)
{
    make_full();
    REQUIRE_OK(parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.protocol, BOOT_PVH);
    CHECK_STR_EQ(parsed.loader_name, "");
    CHECK_STR_EQ(parsed.command_line, "loglevel=3 console=serial");
    CHECK_EQ(parsed.map_entry_count, MACHINE_MAP_COUNT);
    CHECK_EQ(memory_map_usable_pages(&parsed.usable), 0x9f + (RAM_END - 0x100000) / PAGE_SIZE);
    CHECK_EQ(parsed.module_count, 2);
    CHECK_EQ(parsed.modules[0].start.value, 0x300000);
    CHECK_EQ(parsed.modules[0].end.value, 0x301234);
    CHECK_STR_EQ(parsed.modules[0].command_line, "initrd");
    CHECK_EQ(parsed.modules[1].start.value, 0x400000);
    CHECK_EQ(parsed.modules[1].end.value, 0x400000);
    CHECK_STR_EQ(parsed.modules[1].command_line, "");
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
}

KTEST(pvh, reserves_what_it_has_read)
{
    make_full();
    REQUIRE_OK(parse());
    CHECK(is_reserved(BASE + START_INFO, BASE + START_INFO + 56));
    CHECK(is_reserved(BASE + MAP, BASE + MODULES + 64));
    CHECK(is_reserved(BASE + COMMAND_LINE, BASE + COMMAND_LINE + 26));
    CHECK(is_reserved(BASE + MODULE_LINE, BASE + MODULE_LINE + 7));
    CHECK(is_reserved(0x300000, 0x301234));
    CHECK(is_reserved(0, 0x9fc00));
    CHECK(is_reserved(KERNEL_START, KERNEL_END));
    CHECK(is_free(KERNEL_END, BASE));
    CHECK(is_free(BASE + COMMAND_LINE + 26, BASE + MODULE_LINE));
    CHECK(is_free(BASE + MODULE_LINE + 7, 0x300000));
    CHECK(is_free(0x301234, RAM_END));
}

KTEST(pvh, leaves_out_what_has_no_address)
{
    make_full();
    put_u32(memory + 12, 0);
    put_u64(memory + 16, 0);
    put_u64(memory + 24, 0);
    put_u64(memory + 32, 0);
    REQUIRE_OK(parse());
    CHECK_NO_PROBLEM();
    CHECK_STR_EQ(parsed.command_line, "");
    CHECK_EQ(parsed.modules_offered, 0);
    CHECK_EQ(parsed.rsdp_size, 0);
}

KTEST(pvh, refuses_start_info_when_outside_the_window)
{
    static const uint64_t addresses[] = {0, BASE - 1, BASE + SIZE - 39, BASE + SIZE, UINT64_MAX};

    make_full();
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        CHECK_STATUS(pvh_parse(&window, paddr(addresses[i]), &machine_limits, &parsed),
                     ERR_BAD_ARG);
        CHECK_PROBLEM(BOOT_PROBLEM_ADDRESS, BOOT_NO_TAG, addresses[i]);
    }
}

/* Parse a start_info that has only `size` bytes before the window ends. */
static enum status parse_at_end(uint32_t version, size_t size)
{
    uint8_t *bytes = memory + SIZE - size;

    memset(bytes, 0, size);
    put_u32(bytes, PVH_START_INFO_MAGIC);
    put_u32(bytes + 4, version);
    return pvh_parse(&window, paddr(BASE + SIZE - size), &machine_limits, &parsed);
}

KTEST(pvh, refuses_start_info_when_its_version_needs_more_than_there_is)
{
    CHECK_STATUS(parse_at_end(1, 55), ERR_BAD_ARG);
    CHECK_PROBLEM(BOOT_PROBLEM_ADDRESS, BOOT_NO_TAG, BASE + SIZE - 55);
    CHECK_STATUS(parse_at_end(1, 56), ERR_NOT_FOUND);
    CHECK_NO_PROBLEM();
    CHECK_STATUS(parse_at_end(0, 40), ERR_NOT_FOUND);
    CHECK_NO_PROBLEM();
}

KTEST(pvh, refuses_start_info_when_its_magic_is_wrong)
{
    make_full();
    put_u32(memory, PVH_START_INFO_MAGIC ^ 1);
    CHECK_STATUS(parse(), ERR_CORRUPT);
    CHECK_PROBLEM(BOOT_PROBLEM_MAGIC, BOOT_NO_TAG, PVH_START_INFO_MAGIC ^ 1);
}

KTEST(pvh, reads_start_info_when_misaligned)
{
    make_full();
    memmove(memory + 3, memory, 56);
    CHECK_OK(pvh_parse(&window, paddr(BASE + 3), &machine_limits, &parsed));
    CHECK_STR_EQ(parsed.command_line, "loglevel=3 console=serial");
}

KTEST(pvh, has_no_map_when_version_is_0)
{
    make_full();
    put_u32(memory + 4, 0);
    CHECK_STATUS(parse(), ERR_NOT_FOUND);
    CHECK_STR_EQ(parsed.command_line, "loglevel=3 console=serial");
}

KTEST(pvh, has_a_map_when_version_is_above_1)
{
    make_full();
    put_u32(memory + 4, 2);
    CHECK_OK(parse());
    CHECK_NO_PROBLEM();
}

KTEST(pvh, has_no_map_when_it_has_no_entries)
{
    make_full();
    put_u32(memory + 48, 0);
    CHECK_STATUS(parse(), ERR_NOT_FOUND);
    put_u64(memory + 40, 0);
    CHECK_STATUS(parse(), ERR_NOT_FOUND);
    CHECK_EQ(parsed.map_entry_count, 0);
}

KTEST(pvh, has_no_memory_when_all_is_reserved)
{
    make_full();
    for (size_t i = 0; i < MACHINE_MAP_COUNT; i++) {
        put_u32(memory + MAP + i * 24 + 16, 2);
    }
    CHECK_STATUS(parse(), ERR_NO_MEMORY);
}

KTEST(pvh, reserved_entry_wins_when_it_comes_first)
{
    make_full();
    put_u64(memory + MAP, 0x500000);
    put_u64(memory + MAP + 8, 0x1000);
    put_u32(memory + MAP + 16, 5);
    CHECK_OK(parse());
    CHECK(!memory_map_contains(&parsed.usable, paddr(0x500000), 1));
    CHECK(memory_map_contains(&parsed.usable, paddr(0x501000), 1));
}

KTEST(pvh, map_is_refused_when_not_all_in_the_window)
{
    make_full();
    put_u64(memory + 40, BASE + SIZE - MACHINE_MAP_COUNT * 24 + 1);
    CHECK_STATUS(parse(), ERR_NOT_FOUND);
    CHECK_PROBLEM_AT(0, BOOT_PROBLEM_TABLE_ADDRESS, BOOT_NO_TAG,
                     BASE + SIZE - MACHINE_MAP_COUNT * 24 + 1);
    CHECK_EQ(parsed.map_entry_count, 0);
}

KTEST(pvh, table_is_refused_when_above_16_mib)
{
    const struct phys_window endless = {.bytes = memory, .base = BASE, .size = UINT64_MAX - BASE};

    make_full();
    put_u32(memory + 12, 0x1000000 / 32 + 1);
    put_u32(memory + 48, 0x1000000 / 24 + 1);
    CHECK_STATUS(pvh_parse(&endless, paddr(BASE), &machine_limits, &parsed), ERR_NOT_FOUND);
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_PROBLEM_AT(0, BOOT_PROBLEM_TABLE_COUNT, BOOT_NO_TAG, 0x1000000 / 24 + 1);
    CHECK_PROBLEM_AT(1, BOOT_PROBLEM_TABLE_COUNT, BOOT_NO_TAG, 0x1000000 / 32 + 1);
    put_u32(memory + 12, 0x1000000 / 32);
    put_u32(memory + 48, MACHINE_MAP_COUNT);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_TABLE_ADDRESS, BOOT_NO_TAG, BASE + MODULES);
}

KTEST(pvh, modules_are_refused_when_their_list_is_not_in_the_window)
{
    make_full();
    put_u64(memory + 16, BASE + SIZE);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_TABLE_ADDRESS, BOOT_NO_TAG, BASE + SIZE);
    CHECK_EQ(parsed.modules_offered, 0);
}

KTEST(pvh, module_is_refused_when_it_wraps)
{
    make_full();
    put_module(0, 0x300000, UINT64_MAX - 0x100000, 0);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_MODULE_REVERSED, BOOT_NO_TAG, 0x1fffff);
    CHECK_EQ(parsed.module_count, 1);
}

KTEST(pvh, module_is_refused_when_over_the_kernel)
{
    make_full();
    put_module(0, KERNEL_START, 0x1000, 0);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_MODULE_OVER_KERNEL, BOOT_NO_TAG, KERNEL_START);
}

KTEST(pvh, text_is_reported_when_outside_the_window)
{
    make_full();
    put_u64(memory + 24, BASE + SIZE);
    put_module(0, 0x300000, 0x1000, BASE - 1);
    CHECK_OK(parse());
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_PROBLEM_AT(0, BOOT_PROBLEM_TEXT_ADDRESS, BOOT_NO_TAG, BASE + SIZE);
    CHECK_PROBLEM_AT(1, BOOT_PROBLEM_TEXT_ADDRESS, BOOT_NO_TAG, BASE - 1);
    CHECK_STR_EQ(parsed.command_line, "");
    CHECK_EQ(parsed.module_count, 2);
}

KTEST(pvh, text_ends_with_the_window_when_unterminated)
{
    make_full();
    put_u64(memory + 24, BASE + SIZE - 4);
    memcpy(memory + SIZE - 4, "loud", 4);
    CHECK_OK(parse());
    CHECK_STR_EQ(parsed.command_line, "loud");
    CHECK_PROBLEM_AT(0, BOOT_PROBLEM_TEXT_UNTERMINATED, BOOT_NO_TAG, 4);
}

KTEST(pvh, rsdp_is_refused_when_outside_the_window)
{
    make_full();
    put_u64(memory + 32, BASE + SIZE);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, 0);
    put_u64(memory + 32, BASE + SIZE - 19);
    CHECK_OK(parse());
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, 19);
}

KTEST(pvh, gives_out_only_machine_memory_when_all_else_is_damaged)
{
    uint64_t state = 0x9c0ffee;
    size_t refused = 0;

    for (int round = 0; round < 20000; round++) {
        uint64_t changes = 1 + pseudo_random_below(&state, 6);

        make_full();
        while (changes-- > 0) {
            size_t at = pseudo_random_below(&state, SIZE);

            /* The map and the words that lead to it stay: their damage is the other parser's test.
             */
            if ((at >= 8 && at < 40) || at >= MODULES) {
                memory[at] ^= (uint8_t)BIT(pseudo_random_below(&state, 8));
            }
        }
        REQUIRE_OK(parse());
        refused += parsed.problem_count != 0;
        for (size_t i = 0; i < parsed.free.count; i++) {
            const struct memory_range *range = &parsed.free.ranges[i];

            REQUIRE(range->start >= KERNEL_END && range->end <= RAM_END);
            REQUIRE(range->end <= BASE || range->start >= BASE + 56);
        }
    }
    CHECK_GT(refused, 5000);
}
