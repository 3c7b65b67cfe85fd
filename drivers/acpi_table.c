/* SPDX-License-Identifier: MIT */
/* Root tables, headers and checksums. */
#include "drivers/acpi_table.h"

#include "lib/bytes.h"
#include "lib/format.h"
#include "lib/quote.h"
#include "lib/string.h"

/* Offsets in the RSDP. */
#define RSDP_RSDT      16
#define RSDP_XSDT      24
#define RSDP_LONG_SIZE 36

/* Offsets in a table's header. */
#define HEADER_LENGTH  4
#define SIGNATURE_SIZE 4

#define ROOT_SIGNATURE_WIDE   "XSDT"
#define ROOT_SIGNATURE_NARROW "RSDT"

static const char *const problem_what[] = {
#define ACPI_PROBLEM_WHAT(kind, what, want) [kind] = (what),
    ACPI_PROBLEM_LIST(ACPI_PROBLEM_WHAT)
#undef ACPI_PROBLEM_WHAT
};

static const char *const problem_want[] = {
#define ACPI_PROBLEM_WANT(kind, what, want) [kind] = (want),
    ACPI_PROBLEM_LIST(ACPI_PROBLEM_WANT)
#undef ACPI_PROBLEM_WANT
};

void acpi_problem_format(const struct acpi_problem *problem, char *buffer, size_t size)
{
    char signature[24];

    quote(signature, sizeof(signature), problem->signature, SIGNATURE_SIZE);
    ksnprintf(buffer, size, "table %s at 0x%lx: %s: got 0x%lx, want %s", signature,
              problem->address.value, problem_what[problem->kind], problem->got,
              problem_want[problem->kind]);
}

static void copy_signature(char *to, const char *from)
{
    memcpy(to, from, SIGNATURE_SIZE);
    to[SIGNATURE_SIZE] = '\0';
}

static void report(struct acpi_tables *tables, enum acpi_problem_kind kind, const char *signature,
                   paddr_t address, uint64_t got)
{
    if (tables->problem_count < ACPI_PROBLEMS_MAX) {
        struct acpi_problem *problem = &tables->problems[tables->problem_count];

        *problem = (struct acpi_problem){.kind = kind, .address = address, .got = got};
        copy_signature(problem->signature, signature != NULL ? signature : "\0\0\0");
    }
    tables->problem_count++;
}

static const uint8_t *map_bytes(const struct acpi_tables *tables, paddr_t address, uint64_t size)
{
    return tables->memory.map(tables->memory.context, address, size);
}

static void unmap_bytes(const struct acpi_tables *tables, const uint8_t *bytes, uint64_t size)
{
    tables->memory.unmap(tables->memory.context, bytes, size);
}

/* Read a table's header; `signature` becomes its own where it may be any. */
static enum status read_header(struct acpi_tables *tables, paddr_t address, const char *wanted,
                               char *signature, uint32_t *length)
{
    const uint8_t *header = map_bytes(tables, address, ACPI_HEADER_SIZE);

    if (header == NULL) {
        report(tables, ACPI_PROBLEM_ADDRESS, wanted, address, ACPI_HEADER_SIZE);
        return ERR_BAD_ARG;
    }
    copy_signature(signature, (const char *)header);
    *length = load_u32(header + HEADER_LENGTH);
    unmap_bytes(tables, header, ACPI_HEADER_SIZE);
    if (wanted != NULL && memcmp(signature, wanted, SIGNATURE_SIZE) != 0) {
        report(tables, ACPI_PROBLEM_SIGNATURE, wanted, address,
               load_u32((const uint8_t *)signature));
        return ERR_CORRUPT;
    }
    if (*length < ACPI_HEADER_SIZE || *length > ACPI_TABLE_SIZE_MAX) {
        report(tables, ACPI_PROBLEM_LENGTH, signature, address, *length);
        return ERR_CORRUPT;
    }
    return OK;
}

enum status acpi_table_map(struct acpi_tables *tables, paddr_t address, const char *signature,
                           struct acpi_table *table)
{
    char own_signature[SIGNATURE_SIZE + 1];
    const uint8_t *bytes;
    uint32_t length;
    uint8_t sum;
    enum status status = read_header(tables, address, signature, own_signature, &length);

    if (status != OK) {
        return status;
    }
    bytes = map_bytes(tables, address, length);
    if (bytes == NULL) {
        report(tables, ACPI_PROBLEM_ADDRESS, own_signature, address, length);
        return ERR_BAD_ARG;
    }
    sum = byte_sum(bytes, length);
    if (sum != 0) {
        report(tables, ACPI_PROBLEM_CHECKSUM, own_signature, address, sum);
        unmap_bytes(tables, bytes, length);
        return ERR_CORRUPT;
    }
    *table = (struct acpi_table){.bytes = bytes, .length = length};
    return OK;
}

void acpi_table_unmap(const struct acpi_tables *tables, const struct acpi_table *table)
{
    unmap_bytes(tables, table->bytes, table->length);
}

static bool is_listed(const struct acpi_tables *tables, paddr_t address)
{
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->list[i].address.value == address.value) {
            return true;
        }
    }
    return false;
}

/* Take an entry of the root table, which lies at `root`: list its table if that is sound. */
static void take_entry(struct acpi_tables *tables, paddr_t root, paddr_t address)
{
    struct acpi_table table;

    if (address.value == 0) {
        return; /* firmware leaves out a table by its address */
    }
    if (address.value == root.value || is_listed(tables, address)) {
        report(tables, ACPI_PROBLEM_REPEATED, tables->root, root, address.value);
        return;
    }
    if (tables->count == ACPI_TABLES_MAX) {
        report(tables, ACPI_PROBLEM_FULL, tables->root, address, ACPI_TABLES_MAX + 1);
        return;
    }
    if (acpi_table_map(tables, address, NULL, &table) == OK) {
        struct acpi_listed *listed = &tables->list[tables->count++];

        copy_signature(listed->signature, (const char *)table.bytes);
        listed->address = address;
        acpi_table_unmap(tables, &table);
    }
}

static enum status list_root(struct acpi_tables *tables, paddr_t address, const char *signature,
                             uint32_t entry_size)
{
    struct acpi_table root;
    enum status status = acpi_table_map(tables, address, signature, &root);
    uint32_t count;

    if (status != OK) {
        return status;
    }
    copy_signature(tables->root, signature);
    count = (root.length - ACPI_HEADER_SIZE) / entry_size;
    if ((root.length - ACPI_HEADER_SIZE) % entry_size != 0) {
        report(tables, ACPI_PROBLEM_ENTRY_REST, signature, address,
               (root.length - ACPI_HEADER_SIZE) % entry_size);
    }
    if (count > ACPI_ENTRIES_MAX) {
        report(tables, ACPI_PROBLEM_ENTRIES, signature, address, count);
        count = ACPI_ENTRIES_MAX;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *entry = root.bytes + ACPI_HEADER_SIZE + (size_t)i * entry_size;

        take_entry(tables, address,
                   paddr(entry_size == sizeof(uint64_t) ? load_u64(entry) : load_u32(entry)));
    }
    acpi_table_unmap(tables, &root);
    return OK;
}

enum status acpi_tables_list(struct acpi_tables *tables, const struct acpi_memory *memory,
                             const uint8_t *rsdp, size_t rsdp_size)
{
    paddr_t xsdt = paddr(rsdp_size >= RSDP_LONG_SIZE ? load_u64(rsdp + RSDP_XSDT) : 0);
    paddr_t rsdt = paddr(load_u32(rsdp + RSDP_RSDT));

    /* Not by assignment: the structure is larger than a stack has room for. */
    memset(tables, 0, sizeof(*tables));
    tables->memory = *memory;
    if (xsdt.value != 0 && list_root(tables, xsdt, ROOT_SIGNATURE_WIDE, sizeof(uint64_t)) == OK) {
        return OK;
    }
    if (rsdt.value != 0 && list_root(tables, rsdt, ROOT_SIGNATURE_NARROW, sizeof(uint32_t)) == OK) {
        return OK;
    }
    return ERR_NOT_FOUND;
}

const struct acpi_listed *acpi_tables_find(const struct acpi_tables *tables, const char *signature,
                                           size_t skip)
{
    for (size_t i = 0; i < tables->count; i++) {
        if (memcmp(tables->list[i].signature, signature, SIGNATURE_SIZE) == 0 && skip-- == 0) {
            return &tables->list[i];
        }
    }
    return NULL;
}
