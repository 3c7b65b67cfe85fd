/* SPDX-License-Identifier: MIT */
/* All of the ACPI parsers over a machine's tables with random damage, checksums set right again. */
#include "drivers/acpi_fadt.h"
#include "drivers/acpi_sleep.h"
#include "drivers/acpi_table.h"
#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/acpi_fixture.h"
#include "tests/unit/pseudo_random.h"

#define XSDT (ACPI_RAM_BASE + 0x40)
#define FACP (ACPI_RAM_BASE + 0x100)
#define DSDT (ACPI_RAM_BASE + 0x300)
#define SSDT (ACPI_RAM_BASE + 0x600)
#define END  (ACPI_RAM_BASE + 0x700)

#define HEAD_SIZE 52 /* a table's header, and the first that it says */

#define DAMAGE_ROUNDS 5000

static void put_machine(void)
{
    static const uint8_t s5[] = {8,    '_', 'S',  '5', '_',  0x12, 0x0a, 4,
                                 0x0a, 5,   0x0a, 4,   0x0a, 0,    0x0a, 0};
    const uint64_t entries[] = {FACP, SSDT};
    const uint64_t dsdt = DSDT;
    uint8_t *table;

    acpi_ram_clear();
    acpi_put_root(XSDT, "XSDT", entries, ARRAY_SIZE(entries));
    table = acpi_put_table(FACP, "FACP", 268);
    memcpy(table + 140, &dsdt, sizeof(dsdt));
    acpi_seal(table, 268);
    table = acpi_put_table(DSDT, "DSDT", 0x200);
    memcpy(table + 0x100, s5, sizeof(s5));
    acpi_seal(table, 0x200);
    acpi_put_table(SSDT, "SSDT", 0x80);
}

/* A bit or a number, somewhere: half of them where lengths and addresses are. */
static void damage(uint64_t *state)
{
    static const uint64_t heads[] = {XSDT, FACP, DSDT, SSDT};
    static const uint32_t numbers[] = {0,      1,          35,         36,         0x7f,      0x201,
                                       0xffff, 0x7fffffff, 0x80000000, 0xffffffe0, 0xffffffff};
    uint64_t word = pseudo_random_below(state, 2) == 0
                        ? heads[pseudo_random_below(state, ARRAY_SIZE(heads))] +
                              pseudo_random_below(state, HEAD_SIZE / 4) * 4
                        : XSDT + pseudo_random_below(state, (END - XSDT) / 4) * 4;
    uint8_t *bytes = acpi_ram_at(word);

    if (pseudo_random_below(state, 2) == 0) {
        memcpy(bytes, &numbers[pseudo_random_below(state, ARRAY_SIZE(numbers))], 4);
    } else {
        bytes[0] ^= (uint8_t)BIT(pseudo_random_below(state, 8));
    }
}

/* As firmware would seal it: over the length that it says, where that lies in memory. */
static void seal(uint64_t address)
{
    uint32_t length = load_u32(acpi_ram_at(address) + 4);

    if (length >= ACPI_HEADER_SIZE && length <= ACPI_RAM_BASE + ACPI_RAM_SIZE - address) {
        acpi_seal(acpi_ram_at(address), length);
    }
}

/* Read as kernel/acpi.c does. Returns whether S5 was found. */
static bool read_machine(void)
{
    const struct acpi_listed *facp = acpi_tables_find(&acpi_found, "FACP", 0);
    struct acpi_sleep_types s5;
    struct acpi_table table;
    struct acpi_fadt fadt;
    bool found = false;

    if (facp == NULL || acpi_table_map(&acpi_found, facp->address, "FACP", &table) != OK) {
        return false;
    }
    acpi_fadt_decode(table.bytes, table.length, &fadt);
    acpi_table_unmap(&acpi_found, &table);
    if (acpi_table_map(&acpi_found, fadt.dsdt[0], "DSDT", &table) == OK) {
        found = acpi_sleep_find_s5(table.bytes + ACPI_HEADER_SIZE, table.length - ACPI_HEADER_SIZE,
                                   &s5);
        CHECK(!found || (s5.pm1a <= ACPI_SLEEP_TYPE_MAX && s5.pm1b <= ACPI_SLEEP_TYPE_MAX));
        acpi_table_unmap(&acpi_found, &table);
    }
    return found;
}

KTEST(acpi_damage, nothing_stays_mapped_and_nothing_else_is_read)
{
    uint64_t state = 0xac1dacb1;
    size_t understood = 0;
    size_t refused = 0;

    for (int round = 0; round < DAMAGE_ROUNDS; round++) {
        uint64_t changes = 1 + pseudo_random_below(&state, 6);

        put_machine();
        while (changes-- > 0) {
            damage(&state);
        }
        seal(SSDT);
        seal(DSDT);
        seal(FACP);
        seal(XSDT);
        if (acpi_list(0, XSDT) == OK) {
            understood += read_machine();
        }
        refused += acpi_found.problem_count != 0;
        CHECK_EQ(acpi_mapped, 0);
        REQUIRE(acpi_found.count <= ACPI_TABLES_MAX);
    }
    /* Both happen often, or the damage is not what it should be. */
    CHECK_GT(understood, DAMAGE_ROUNDS / 4);
    CHECK_GT(refused, DAMAGE_ROUNDS / 8);
}
