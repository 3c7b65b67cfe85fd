/* SPDX-License-Identifier: MIT */
/* The search for an RSDP; on the host alone, since it takes a MiB of low memory. */
#include "boot/boot_rsdp.h"
#include "tests/unit/boot_fixture.h"

static struct boot_builder builder = {.info = &parsed, .limits = &machine_limits};

#define LOW_MEMORY 0x100000UL
#define EBDA       0x9fc00UL

/* All below 1 MiB, as a BIOS leaves it. */
static uint8_t low_memory[LOW_MEMORY];
static const struct phys_window low_window = {.bytes = low_memory, .base = 0, .size = LOW_MEMORY};

static void clear_low_memory(uint64_t ebda)
{
    memset(low_memory, 0, sizeof(low_memory));
    low_memory[0x40e] = (uint8_t)(ebda >> 4);
    low_memory[0x40f] = (uint8_t)(ebda >> 12);
    boot_builder_begin(&builder, BOOT_PVH);
}

/* Put a sound short RSDP at one place and search. */
static bool is_found_at(uint64_t ebda, uint64_t at)
{
    clear_low_memory(ebda);
    put_rsdp(low_memory + at, 0, RSDP_SHORT);
    boot_rsdp_search(&parsed, &low_window);
    CHECK_NO_PROBLEM();
    return parsed.rsdp_size == RSDP_SHORT && memcmp(parsed.rsdp, low_memory + at, RSDP_SHORT) == 0;
}

KTEST(boot_rsdp_search, finds_it_where_a_bios_leaves_it)
{
    CHECK(is_found_at(EBDA, EBDA));
    CHECK(is_found_at(EBDA, EBDA + 0x3f0 - 16));
    CHECK(is_found_at(0x80000, 0x80010));
    CHECK(is_found_at(EBDA, 0xe0000));
    CHECK(is_found_at(EBDA, 0xf5ad0));
    CHECK(is_found_at(EBDA, 0xfffe0));
    CHECK(is_found_at(0, 0xfffe0));
}

KTEST(boot_rsdp_search, looks_nowhere_else)
{
    CHECK(!is_found_at(EBDA, EBDA + 0x408)); /* behind the EBDA's first KiB, or not on 16 bytes */
    CHECK(!is_found_at(0x90000, 0x90400));
    CHECK(!is_found_at(EBDA, 0xf5ad8));
    CHECK(!is_found_at(EBDA, 0xdfff0));
    CHECK(!is_found_at(0x400, 0x400)); /* no EBDA is as low as that */
    CHECK(!is_found_at(0xb8000, 0xb8000)); /* or as high */
}

KTEST(boot_rsdp_search, takes_the_long_form_when_it_is_all_there)
{
    clear_low_memory(EBDA);
    put_rsdp(low_memory + 0xffcd0, 2, RSDP_LONG);
    boot_rsdp_search(&parsed, &low_window);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    clear_low_memory(EBDA);
    put_rsdp(low_memory + 0xffcd0, 0, RSDP_SHORT);
    low_memory[0xffcd0 + 15] = 2;
    fix_checksum(low_memory + 0xffcd0, RSDP_SHORT, 8);
    boot_rsdp_search(&parsed, &low_window);
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, 0);
}

KTEST(boot_rsdp_search, goes_on_behind_one_that_is_broken)
{
    clear_low_memory(EBDA);
    put_rsdp(low_memory + EBDA, 0, RSDP_SHORT);
    low_memory[EBDA + 12] ^= 1;
    put_rsdp(low_memory + 0xe0020, 0, RSDP_SHORT);
    boot_rsdp_search(&parsed, &low_window);
    CHECK_EQ(parsed.problem_count, 1);
    CHECK_EQ(parsed.problems[0].kind, BOOT_PROBLEM_RSDP_CHECKSUM);
    CHECK_MEM_EQ(parsed.rsdp, low_memory + 0xe0020, RSDP_SHORT);
}

KTEST(boot_rsdp_search, leaves_what_the_loader_told_of)
{
    uint8_t told[RSDP_SHORT];

    clear_low_memory(EBDA);
    put_rsdp(told, 0, RSDP_SHORT);
    boot_rsdp_set(&builder, told, sizeof(told));
    put_rsdp(low_memory + EBDA, 2, RSDP_LONG);
    boot_rsdp_search(&parsed, &low_window);
    CHECK_MEM_EQ(parsed.rsdp, told, RSDP_SHORT);
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
}

KTEST(boot_rsdp_search, ends_where_the_window_does)
{
    const struct phys_window small = {.bytes = low_memory, .base = 0, .size = 0xe0008};

    clear_low_memory(EBDA);
    put_rsdp(low_memory + 0xe0000, 0, RSDP_SHORT);
    boot_rsdp_search(&parsed, &small);
    CHECK_EQ(parsed.rsdp_size, 0);
    CHECK_NO_PROBLEM();
}
