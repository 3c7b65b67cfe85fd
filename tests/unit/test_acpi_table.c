/* SPDX-License-Identifier: MIT */
/* The ACPI tables' list: what is found, and each way for a table to be broken. */
#include "drivers/acpi_table.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/acpi_fixture.h"

#define ROOT (ACPI_RAM_BASE + 0x100)
#define WIDE (ACPI_RAM_BASE + 0x1001) /* aligned to nothing */
#define FACP (ACPI_RAM_BASE + 0x2003)
#define APIC (ACPI_RAM_BASE + 0x2fff)
#define HPET (ACPI_RAM_BASE + 0x3205)

#define END (ACPI_RAM_BASE + ACPI_RAM_SIZE)

/* That this is the only problem, and that nothing stayed mapped. */
#define CHECK_PROBLEM(kind_, address_, got_)                        \
    do {                                                            \
        CHECK_EQ(acpi_found.problem_count, 1);                      \
        CHECK_EQ(acpi_found.problems[0].kind, kind_);               \
        CHECK_EQ(acpi_found.problems[0].address.value, (address_)); \
        CHECK_EQ(acpi_found.problems[0].got, (uint64_t)(got_));     \
        CHECK_EQ(acpi_mapped, 0);                                   \
    } while (0)

static void put_three_tables(void)
{
    acpi_ram_clear();
    acpi_put_table(FACP, "FACP", 244);
    acpi_put_table(APIC, "APIC", 120);
    acpi_put_table(HPET, "HPET", 56);
}

static void put_sound_machine(const char *root_signature, uint64_t root)
{
    const uint64_t entries[] = {FACP, APIC, HPET};

    put_three_tables();
    acpi_put_root(root, root_signature, entries, ARRAY_SIZE(entries));
}

static void check_three_tables(const char *root)
{
    CHECK_EQ(acpi_found.problem_count, 0);
    CHECK_EQ(acpi_mapped, 0);
    CHECK_STR_EQ(acpi_found.root, root);
    REQUIRE_EQ(acpi_found.count, 3);
    CHECK_STR_EQ(acpi_found.list[0].signature, "FACP");
    CHECK_STR_EQ(acpi_found.list[1].signature, "APIC");
    CHECK_STR_EQ(acpi_found.list[2].signature, "HPET");
    CHECK_EQ(acpi_found.list[0].address.value, FACP);
    CHECK_EQ(acpi_found.list[2].address.value, HPET);
}

KTEST(acpi_table, rsdt_is_read_when_the_rsdp_is_short)
{
    put_sound_machine("RSDT", ROOT);
    CHECK_OK(acpi_list(ROOT, 0));
    check_three_tables("RSDT");
}

KTEST(acpi_table, xsdt_is_read_before_the_rsdt)
{
    const uint64_t other[] = {APIC};

    put_sound_machine("XSDT", WIDE);
    acpi_put_root(ROOT, "RSDT", other, ARRAY_SIZE(other));
    CHECK_OK(acpi_list(ROOT, WIDE));
    check_three_tables("XSDT");
}

KTEST(acpi_table, rsdt_is_read_when_the_xsdt_is_damaged)
{
    put_sound_machine("RSDT", ROOT);
    acpi_put_root(WIDE, "XSDT", NULL, 0);
    acpi_ram_at(WIDE)[20]++;
    CHECK_OK(acpi_list(ROOT, WIDE));
    CHECK_PROBLEM(ACPI_PROBLEM_CHECKSUM, WIDE, 1);
    CHECK_STR_EQ(acpi_found.root, "RSDT");
    CHECK_EQ(acpi_found.count, 3);
}

KTEST(acpi_table, rsdt_is_read_when_the_xsdt_cannot_be_mapped)
{
    static const uint64_t addresses[] = {END, UINT64_MAX, UINT64_MAX - 35, BIT(52), 1};

    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        put_sound_machine("RSDT", ROOT);
        CHECK_OK(acpi_list(ROOT, addresses[i]));
        CHECK_PROBLEM(ACPI_PROBLEM_ADDRESS, addresses[i], ACPI_HEADER_SIZE);
        CHECK_EQ(acpi_found.count, 3);
    }
}

KTEST(acpi_table, nothing_is_listed_when_neither_root_is_sound)
{
    put_three_tables();
    CHECK_STATUS(acpi_list(0, 0), ERR_NOT_FOUND);
    CHECK_EQ(acpi_found.problem_count, 0);
    CHECK_EQ(acpi_map_calls, 0);
    CHECK_STATUS(acpi_list(ROOT, WIDE), ERR_NOT_FOUND); /* zeros */
    CHECK_EQ(acpi_found.problem_count, 2);
    CHECK_EQ(acpi_found.count, 0);
    CHECK_STR_EQ(acpi_found.root, "");
    CHECK_EQ(acpi_mapped, 0);
}

KTEST(acpi_table, root_is_refused_when_it_is_the_other_one)
{
    put_sound_machine("RSDT", ROOT);
    CHECK_STATUS(acpi_list(0, ROOT), ERR_NOT_FOUND);
    CHECK_PROBLEM(ACPI_PROBLEM_SIGNATURE, ROOT, 0x54445352);
    CHECK_STR_EQ(acpi_found.problems[0].signature, "XSDT");
}

KTEST(acpi_table, root_without_entries_is_sound)
{
    acpi_ram_clear();
    acpi_put_root(ROOT, "RSDT", NULL, 0);
    CHECK_OK(acpi_list(ROOT, 0));
    CHECK_EQ(acpi_found.problem_count, 0);
    CHECK_EQ(acpi_found.count, 0);
}

KTEST(acpi_table, addresses_of_zero_are_passed_over)
{
    const uint64_t entries[] = {0, FACP, 0};

    put_three_tables();
    acpi_put_root(WIDE, "XSDT", entries, ARRAY_SIZE(entries));
    CHECK_OK(acpi_list(0, WIDE));
    CHECK_EQ(acpi_found.problem_count, 0);
    CHECK_EQ(acpi_found.count, 1);
}

KTEST(acpi_table, odd_bytes_behind_the_last_entry_are_no_entry)
{
    const uint64_t entries[] = {FACP, UINT64_MAX};

    put_three_tables();
    for (uint32_t rest = 1; rest < 8; rest++) {
        acpi_put_root(WIDE, "XSDT", entries, ARRAY_SIZE(entries));
        acpi_ram_at(WIDE)[4] = (uint8_t)(ACPI_HEADER_SIZE + 8 + rest);
        acpi_seal(acpi_ram_at(WIDE), ACPI_HEADER_SIZE + 8 + rest);
        CHECK_OK(acpi_list(0, WIDE));
        CHECK_PROBLEM(ACPI_PROBLEM_ENTRY_REST, WIDE, rest);
        CHECK_EQ(acpi_found.count, 1);
    }
}

/* List a machine whose APIC table has another length by its own word, its sum being right for
 * `sealed` bytes. */
static void list_with_length(uint32_t length, uint32_t sealed)
{
    put_sound_machine("RSDT", ROOT);
    memcpy(acpi_ram_at(APIC + 4), &length, sizeof(length));
    acpi_seal(acpi_ram_at(APIC), sealed);
    CHECK_OK(acpi_list(ROOT, 0));
}

KTEST(acpi_table, table_is_left_out_when_its_length_cannot_be)
{
    static const uint32_t lengths[] = {0, 1, 35, ACPI_TABLE_SIZE_MAX + 1, 0x80000000, UINT32_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        list_with_length(lengths[i], 120);
        CHECK_PROBLEM(ACPI_PROBLEM_LENGTH, APIC, lengths[i]);
        CHECK_STR_EQ(acpi_found.problems[0].signature, "APIC");
        CHECK_EQ(acpi_found.count, 2);
        CHECK_EQ(acpi_tables_find(&acpi_found, "APIC", 0), NULL);
    }
}

KTEST(acpi_table, table_is_left_out_when_it_runs_out_of_memory)
{
    static const uint32_t lengths[] = {END - APIC + 1, ACPI_TABLE_SIZE_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        list_with_length(lengths[i], 120);
        CHECK_PROBLEM(ACPI_PROBLEM_ADDRESS, APIC, lengths[i]);
        CHECK_EQ(acpi_found.count, 2);
    }
}

KTEST(acpi_table, table_is_listed_when_it_is_but_a_header)
{
    list_with_length(ACPI_HEADER_SIZE, ACPI_HEADER_SIZE);
    CHECK_EQ(acpi_found.problem_count, 0);
    CHECK_EQ(acpi_found.count, 3);
}

KTEST(acpi_table, table_is_left_out_when_any_byte_has_changed)
{
    for (size_t at = 8; at < 120; at++) { /* behind signature and length, which are others' tests */
        put_sound_machine("RSDT", ROOT);
        acpi_ram_at(APIC)[at] ^= 0x20;
        CHECK_OK(acpi_list(ROOT, 0));
        CHECK_EQ(acpi_found.problem_count, 1);
        CHECK_EQ(acpi_found.problems[0].kind, ACPI_PROBLEM_CHECKSUM);
        CHECK_NE(acpi_found.problems[0].got, 0);
        CHECK_EQ(acpi_found.count, 2);
    }
}

KTEST(acpi_table, no_table_is_listed_twice_and_the_root_not_at_all)
{
    const uint64_t entries[] = {FACP, WIDE, FACP, HPET};

    put_three_tables();
    acpi_put_root(WIDE, "XSDT", entries, ARRAY_SIZE(entries));
    CHECK_OK(acpi_list(0, WIDE));
    CHECK_EQ(acpi_found.problem_count, 2);
    CHECK_EQ(acpi_found.problems[0].kind, ACPI_PROBLEM_REPEATED);
    CHECK_EQ(acpi_found.problems[0].got, WIDE);
    CHECK_EQ(acpi_found.problems[1].kind, ACPI_PROBLEM_REPEATED);
    CHECK_EQ(acpi_found.problems[1].got, FACP);
    CHECK_EQ(acpi_found.count, 2);
}

KTEST(acpi_table, entries_have_a_bound)
{
    static uint64_t entries[ACPI_ENTRIES_MAX + 1]; /* all 0 but the two around the bound */

    entries[ACPI_ENTRIES_MAX - 1] = FACP;
    entries[ACPI_ENTRIES_MAX] = APIC;
    acpi_ram_clear();
    acpi_put_root(ROOT, "XSDT", entries, ARRAY_SIZE(entries));
    acpi_put_table(FACP, "FACP", 244);
    acpi_put_table(APIC, "APIC", 120);
    CHECK_OK(acpi_list(0, ROOT));
    CHECK_PROBLEM(ACPI_PROBLEM_ENTRIES, ROOT, ACPI_ENTRIES_MAX + 1);
    REQUIRE_EQ(acpi_found.count, 1);
    CHECK_STR_EQ(acpi_found.list[0].signature, "FACP");
}

KTEST(acpi_table, list_has_a_bound)
{
    uint64_t entries[ACPI_TABLES_MAX + 1];

    acpi_ram_clear();
    for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
        entries[i] = ACPI_RAM_BASE + 0x1000 + i * ACPI_HEADER_SIZE;
        acpi_put_table(entries[i], "SSDT", ACPI_HEADER_SIZE);
    }
    acpi_put_root(ROOT, "XSDT", entries, ARRAY_SIZE(entries));
    CHECK_OK(acpi_list(0, ROOT));
    CHECK_PROBLEM(ACPI_PROBLEM_FULL, entries[ACPI_TABLES_MAX], ACPI_TABLES_MAX + 1);
    CHECK_EQ(acpi_found.count, ACPI_TABLES_MAX);
}

KTEST(acpi_table, find_passes_over_as_many_as_asked)
{
    const uint64_t entries[] = {HPET, FACP, APIC};

    acpi_ram_clear();
    acpi_put_table(HPET, "SSDT", 40);
    acpi_put_table(FACP, "FACP", 244);
    acpi_put_table(APIC, "SSDT", 50);
    acpi_put_root(ROOT, "RSDT", entries, ARRAY_SIZE(entries));
    CHECK_OK(acpi_list(ROOT, 0));
    CHECK_EQ(acpi_tables_find(&acpi_found, "SSDT", 0), &acpi_found.list[0]);
    CHECK_EQ(acpi_tables_find(&acpi_found, "SSDT", 1), &acpi_found.list[2]);
    CHECK_EQ(acpi_tables_find(&acpi_found, "SSDT", 2), NULL);
    CHECK_EQ(acpi_tables_find(&acpi_found, "DSDT", 0), NULL);
}

KTEST(acpi_table, map_gives_the_whole_table_and_asks_for_its_name)
{
    struct acpi_table table = {0};

    put_sound_machine("RSDT", ROOT);
    CHECK_OK(acpi_list(ROOT, 0));
    REQUIRE_OK(acpi_table_map(&acpi_found, paddr(APIC), "APIC", &table));
    CHECK_EQ(table.length, 120);
    CHECK_MEM_EQ(table.bytes, acpi_ram_at(APIC), 120);
    CHECK_EQ(acpi_mapped, 1);
    acpi_table_unmap(&acpi_found, &table);
    CHECK_EQ(acpi_mapped, 0);
    table = (struct acpi_table){0};
    CHECK_STATUS(acpi_table_map(&acpi_found, paddr(APIC), "FACP", &table), ERR_CORRUPT);
    CHECK_STATUS(acpi_table_map(&acpi_found, paddr(END), "FACP", &table), ERR_BAD_ARG);
    CHECK_EQ(table.bytes, NULL);
    CHECK_EQ(acpi_mapped, 0);
}

KTEST(acpi_table, problems_are_counted_when_too_many_to_record)
{
    uint64_t entries[ACPI_PROBLEMS_MAX + 4];

    acpi_ram_clear();
    for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
        entries[i] = END + i;
    }
    acpi_put_root(ROOT, "XSDT", entries, ARRAY_SIZE(entries));
    CHECK_OK(acpi_list(0, ROOT));
    CHECK_EQ(acpi_found.problem_count, ARRAY_SIZE(entries));
    CHECK_EQ(acpi_found.problems[ACPI_PROBLEMS_MAX - 1].address.value, END + ACPI_PROBLEMS_MAX - 1);
}

KTEST(acpi_table, problem_reads_as_a_sentence)
{
    static const struct acpi_problem problem = {
        .kind = ACPI_PROBLEM_CHECKSUM, .signature = "F\x1b[C", .address = {0x7fe1000}, .got = 0x12};
    char line[96];

    acpi_problem_format(&problem, line, sizeof(line));
    CHECK_STR_EQ(line, "table \"F\\x1b[C\" at 0x7fe1000: checksum: got 0x12, want 0");
}
