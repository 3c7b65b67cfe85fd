/* SPDX-License-Identifier: MIT */
/*
 * The ACPI tables. The input is the machine's memory from address 0 on, its
 * first bytes the RSDP. What is mapped is a copy of its own, so that a read
 * outside of it is seen; its checksum is set right, which nobody guesses.
 */
#include <stdlib.h>
#include <string.h>

#include "drivers/acpi_fadt.h"
#include "drivers/acpi_sleep.h"
#include "drivers/acpi_table.h"
#include "drivers/hpet.h"
#include "lib/bytes.h"
#include "tests/fuzz/fuzz.h"

#define RSDP_SHORT_SIZE 20
#define RSDP_LONG_SIZE  36
#define RSDP_REVISION   15
#define HEADER_CHECKSUM 9

static struct acpi_tables tables;
static size_t mapped;

static const uint8_t *map(void *context, paddr_t address, uint64_t size)
{
    const struct fuzz_input *memory = context;
    uint8_t *bytes;

    if (size > memory->size || address.value > memory->size - size) {
        return NULL;
    }
    bytes = malloc(size);
    memcpy(bytes, memory->data + address.value, size);
    bytes[HEADER_CHECKSUM] = (uint8_t)(bytes[HEADER_CHECKSUM] - byte_sum(bytes, size));
    mapped++;
    return bytes;
}

static void unmap(void *context, const uint8_t *bytes, uint64_t size)
{
    (void)context;
    (void)size;
    mapped--;
    free((void *)(uintptr_t)bytes);
}

/* Whether a register is one that can be accessed, or NONE. */
static bool is_usable(const struct acpi_register *reg, unsigned bytes)
{
    switch (reg->space) {
    case ACPI_SPACE_NONE:
        return true;
    case ACPI_SPACE_IO:
        return reg->address != 0 && reg->address + bytes <= 0x10000;
    case ACPI_SPACE_MEMORY:
        return reg->address != 0 && reg->address + bytes > reg->address;
    default:
        return bytes == 1 && reg->address >> 32 < 32;
    }
}

static void search_block(paddr_t address, const char *signature)
{
    struct acpi_sleep_types s5;
    struct acpi_table table;

    if (acpi_table_map(&tables, address, signature, &table) != OK) {
        return;
    }
    if (acpi_sleep_find_s5(table.bytes + ACPI_HEADER_SIZE, table.length - ACPI_HEADER_SIZE, &s5)) {
        ASSERT_CMP(s5.pm1a, <=, ACPI_SLEEP_TYPE_MAX);
        ASSERT_CMP(s5.pm1b, <=, ACPI_SLEEP_TYPE_MAX);
    }
    acpi_table_unmap(&tables, &table);
}

static void read_fadt(paddr_t address)
{
    struct acpi_table table;
    struct acpi_fadt fadt;

    if (acpi_table_map(&tables, address, "FACP", &table) != OK) {
        return;
    }
    acpi_fadt_decode(table.bytes, table.length, &fadt);
    acpi_table_unmap(&tables, &table);
    ASSERT(is_usable(&fadt.pm1a_control, 2) && is_usable(&fadt.pm1b_control, 2));
    ASSERT(is_usable(&fadt.sleep_control, 1) && is_usable(&fadt.sleep_status, 1));
    ASSERT_CMP(fadt.sleep_control.space, !=, ACPI_SPACE_PCI);
    ASSERT_CMP(fadt.sleep_status.space, !=, ACPI_SPACE_PCI);
    ASSERT(is_usable(&fadt.reset, 1));
    search_block(fadt.dsdt[0], "DSDT");
    search_block(fadt.dsdt[1], "DSDT");
}

static void read_hpet(paddr_t address)
{
    struct acpi_table table;
    paddr_t registers;

    if (acpi_table_map(&tables, address, "HPET", &table) == OK) {
        ASSERT(!hpet_table_address(table.bytes, table.length, &registers) || registers.value != 0);
        acpi_table_unmap(&tables, &table);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input memory = {data, size};
    const struct acpi_memory access = {.map = map, .unmap = unmap, .context = &memory};

    if (size < RSDP_LONG_SIZE ||
        acpi_tables_list(&tables, &access, data,
                         data[RSDP_REVISION] >= 2 ? RSDP_LONG_SIZE : RSDP_SHORT_SIZE) != OK) {
        ASSERT_CMP(mapped, ==, 0);
        return 0;
    }
    ASSERT_CMP(tables.count, <=, ACPI_TABLES_MAX);
    for (size_t i = 0; i < tables.count; i++) {
        const struct acpi_listed *table = &tables.list[i];

        read_fadt(table->address);
        read_hpet(table->address);
        search_block(table->address, "SSDT");
    }
    for (size_t i = 0; i < tables.problem_count && i < ACPI_PROBLEMS_MAX; i++) {
        char line[160];

        acpi_problem_format(&tables.problems[i], line, sizeof(line));
    }
    ASSERT_CMP(mapped, ==, 0);
    return 0;
}
