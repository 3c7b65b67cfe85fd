/* SPDX-License-Identifier: MIT */
/* Memory and tables for the ACPI tests. */
#include "tests/unit/acpi_fixture.h"

#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define HEADER_LENGTH   4
#define HEADER_CHECKSUM 9

#define SLOTS 2 /* mapped at a time: a root table and one that it names */

uint8_t acpi_ram[ACPI_RAM_SIZE];
struct acpi_tables acpi_found;
size_t acpi_mapped;
size_t acpi_map_calls;

static struct {
    bool is_used;
    uint64_t size;
    uint8_t bytes[ACPI_RAM_SIZE];
} slots[SLOTS];

uint8_t *acpi_ram_at(uint64_t address)
{
    return acpi_ram + (address - ACPI_RAM_BASE);
}

static const uint8_t *map(void *context, paddr_t address, uint64_t size)
{
    (void)context;
    acpi_map_calls++;
    if (address.value < ACPI_RAM_BASE || size > ACPI_RAM_SIZE ||
        address.value - ACPI_RAM_BASE > ACPI_RAM_SIZE - size) {
        return NULL;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        uint8_t *bytes = slots[i].bytes + sizeof(slots[i].bytes) - size;

        if (!slots[i].is_used) {
            slots[i].is_used = true;
            slots[i].size = size;
            memcpy(bytes, acpi_ram_at(address.value), size);
            acpi_mapped++;
            return bytes;
        }
    }
    CHECK(false); /* more is mapped at a time than need be */
    return NULL;
}

static void unmap(void *context, const uint8_t *bytes, uint64_t size)
{
    (void)context;
    for (size_t i = 0; i < SLOTS; i++) {
        if (slots[i].is_used && bytes + size == slots[i].bytes + sizeof(slots[i].bytes)) {
            CHECK_EQ(size, slots[i].size);
            slots[i].is_used = false;
            acpi_mapped--;
            return;
        }
    }
    CHECK(false); /* nothing like that is mapped */
}

const struct acpi_memory acpi_fake_memory = {.map = map, .unmap = unmap};

void acpi_ram_clear(void)
{
    memset(acpi_ram, 0, sizeof(acpi_ram));
    for (size_t i = 0; i < SLOTS; i++) {
        slots[i].is_used = false;
    }
    acpi_mapped = 0;
    acpi_map_calls = 0;
}

void acpi_seal(uint8_t *table, uint32_t length)
{
    table[HEADER_CHECKSUM] = 0;
    table[HEADER_CHECKSUM] = (uint8_t)-byte_sum(table, length);
}

uint8_t *acpi_put_table(uint64_t address, const char *signature, uint32_t length)
{
    uint8_t *table = acpi_ram_at(address);

    memset(table, 0, length);
    memcpy(table, signature, 4);
    memcpy(table + HEADER_LENGTH, &length, sizeof(length));
    acpi_seal(table, length);
    return table;
}

void acpi_put_root(uint64_t address, const char *signature, const uint64_t *entries, size_t count)
{
    size_t entry_size = signature[0] == 'X' ? sizeof(uint64_t) : sizeof(uint32_t);
    uint32_t length = (uint32_t)(ACPI_HEADER_SIZE + count * entry_size);
    uint8_t *table = acpi_put_table(address, signature, length);

    for (size_t i = 0; i < count; i++) {
        memcpy(table + ACPI_HEADER_SIZE + i * entry_size, &entries[i], entry_size);
    }
    acpi_seal(table, length);
}

enum status acpi_list(uint64_t rsdt, uint64_t xsdt)
{
    static uint8_t room[ACPI_RSDP_LONG]; /* nothing readable follows, long or short */
    size_t size = xsdt != 0 ? ACPI_RSDP_LONG : ACPI_RSDP_SHORT;
    uint8_t *rsdp = room + sizeof(room) - size;
    uint32_t narrow = (uint32_t)rsdt;

    memcpy(rsdp + 16, &narrow, sizeof(narrow));
    if (xsdt != 0) {
        memcpy(rsdp + 24, &xsdt, sizeof(xsdt));
    }
    return acpi_tables_list(&acpi_found, &acpi_fake_memory, rsdp, size);
}
