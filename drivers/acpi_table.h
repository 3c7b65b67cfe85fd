/* SPDX-License-Identifier: MIT */
/*
 * The firmware's ACPI tables: found from the RSDP, each checked before it is
 * listed, mapped only while it is read. Nothing is believed: whatever lies in
 * memory, only bytes that were mapped are read, and every loop has an end.
 * Pure: memory is reached through functions.
 * Source: ACPI Specification, "ACPI Software Programming Model".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

#define ACPI_HEADER_SIZE    36
#define ACPI_TABLE_SIZE_MAX (4 * MIB) /* larger ones are not believed */
#define ACPI_ENTRIES_MAX    256 /* of the root table that are looked at */
#define ACPI_TABLES_MAX     64 /* listed */
#define ACPI_PROBLEMS_MAX   16

/* How tables are reached. */
struct acpi_memory {
    /*
     * Make bytes readable where they lie, aligned to nothing. NULL when they cannot
     * be, such as beyond the CPU's width or around the end of 2^64.
     */
    const uint8_t *(*map)(void *context, paddr_t address, uint64_t size);
    void (*unmap)(void *context, const uint8_t *bytes, uint64_t size);
    void *context;
};

/*
 * What can be wrong with a table: code, what was looked at, what it should have
 * been; acpi_problem_format() makes a line of them.
 */
#define ACPI_PROBLEM_LIST(X)                                                               \
    X(ACPI_PROBLEM_ADDRESS, "bytes", "memory that can be mapped")                          \
    X(ACPI_PROBLEM_SIGNATURE, "signature", "that of the table looked for")                 \
    X(ACPI_PROBLEM_LENGTH, "length", "36 bytes to 4 MiB")                                  \
    X(ACPI_PROBLEM_CHECKSUM, "checksum", "0")                                              \
    X(ACPI_PROBLEM_ENTRY_REST, "bytes behind the last whole entry", "none")                \
    X(ACPI_PROBLEM_ENTRIES, "entries", "256 at the most; the rest is not looked at")       \
    X(ACPI_PROBLEM_REPEATED, "address in the root table", "one that was not there before") \
    X(ACPI_PROBLEM_FULL, "tables", "64 at the most; this one is not listed")

enum acpi_problem_kind {
#define ACPI_PROBLEM_ENUM(kind, what, want) kind,
    ACPI_PROBLEM_LIST(ACPI_PROBLEM_ENUM)
#undef ACPI_PROBLEM_ENUM
};

struct acpi_problem {
    enum acpi_problem_kind kind;
    char signature[5]; /* of the table as far as it is known, else what was looked for */
    paddr_t address;
    uint64_t got;
};

/* A table that was found and is sound. */
struct acpi_listed {
    char signature[5]; /* any bytes, terminated */
    paddr_t address;
};

struct acpi_tables {
    struct acpi_memory memory;
    char root[5]; /* "XSDT" or "RSDT"; empty for none */
    struct acpi_listed list[ACPI_TABLES_MAX];
    size_t count;
    struct acpi_problem problems[ACPI_PROBLEMS_MAX];
    size_t problem_count; /* of all; the first ACPI_PROBLEMS_MAX are recorded */
};

/* A table that is mapped. */
struct acpi_table {
    const uint8_t *bytes;
    uint32_t length; /* ACPI_HEADER_SIZE to ACPI_TABLE_SIZE_MAX */
};

/*
 * List the tables that the XSDT names or, where there is none or it is
 * damaged, the RSDT.
 *
 * memory     is copied
 * rsdp       sound; 20 bytes, or 36 with the XSDT's address
 * rsdp_size  bytes
 *
 * Returns OK
 *         ERR_NOT_FOUND  neither root table can be used; the problems say why
 * Context: any in which memory can be mapped.
 */
MUST_CHECK enum status acpi_tables_list(struct acpi_tables *tables,
                                        const struct acpi_memory *memory, const uint8_t *rsdp,
                                        size_t rsdp_size);

/*
 * Map a table, checked.
 *
 * address    where it begins
 * signature  what it has to be, 4 characters; NULL for any
 * table      out: untouched on failure
 *
 * Returns OK
 *         ERR_BAD_ARG  its bytes cannot be mapped
 *         ERR_CORRUPT  its signature, length or checksum is wrong
 * A failure is reported among the problems. Give back with acpi_table_unmap().
 */
MUST_CHECK enum status acpi_table_map(struct acpi_tables *tables, paddr_t address,
                                      const char *signature, struct acpi_table *table);
void acpi_table_unmap(const struct acpi_tables *tables, const struct acpi_table *table);

/*
 * Find a listed table.
 *
 * signature  4 characters
 * skip       how many of that name to pass over first
 *
 * Returns NULL when there are no more. Any context.
 */
const struct acpi_listed *acpi_tables_find(const struct acpi_tables *tables, const char *signature,
                                           size_t skip);

/*
 * Write a problem as a line: table "FACP" at 0x7fe1000: checksum: got 0x12, want 0.
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 */
void acpi_problem_format(const struct acpi_problem *problem, char *buffer, size_t size);
