/* SPDX-License-Identifier: MIT */
/* The ACPI tables: mapped in the device window one at a time, read, and let go. */
#include "kernel/acpi.h"

#include <stddef.h>

#include "drivers/hpet.h"
#include "kernel/boot.h"
#include "kernel/log.h"
#include "lib/bits.h"
#include "lib/quote.h"
#include "mm/memory_map.h"
#include "mm/paging.h"

#define REGISTER_SIZE 2 /* bytes; the largest that is accessed */

static struct {
    struct acpi_tables tables;
    bool is_present;
    bool has_fadt;
    struct acpi_fadt fadt;
    bool has_s5;
    struct acpi_sleep_types s5;
    bool has_hpet;
    paddr_t hpet;
} acpi;

static const uint8_t *map(void *context, paddr_t address, uint64_t size)
{
    void *bytes;

    (void)context;
    return paging_map_device(address, size, 0, &bytes) == OK ? bytes : NULL;
}

static void unmap(void *context, const uint8_t *bytes, uint64_t size)
{
    (void)context;
    paging_unmap_device((void *)(uint64_t)bytes, size);
}

/* Make a register in memory ready for use, or NONE: RAM that others use is no register. */
static void bind(struct acpi_register *reg, const char *name)
{
    void *mapped;

    if (reg->space != ACPI_SPACE_MEMORY) {
        return;
    }
    if (memory_map_contains(&boot_info()->usable, paddr(reg->address), 1) ||
        paging_map_device(paddr(reg->address), REGISTER_SIZE, PAGE_WRITE | PAGE_UNCACHED,
                          &mapped) != OK) {
        log_warn("acpi", "%s: got 0x%lx in memory, want registers there", name, reg->address);
        reg->space = ACPI_SPACE_NONE;
        return;
    }
    reg->mapped = mapped;
}

static void read_fadt(paddr_t address)
{
    struct acpi_fadt *fadt = &acpi.fadt;
    struct acpi_table table;

    if (acpi_table_map(&acpi.tables, address, "FACP", &table) != OK) {
        return;
    }
    acpi_fadt_decode(table.bytes, table.length, fadt);
    acpi_table_unmap(&acpi.tables, &table);
    bind(&fadt->pm1a_control, "PM1a control");
    bind(&fadt->pm1b_control, "PM1b control");
    bind(&fadt->sleep_control, "sleep control");
    bind(&fadt->sleep_status, "sleep status");
    bind(&fadt->reset, "reset register");
    acpi.has_fadt = true;
}

/* Look for S5 in a definition block. Returns whether that is done with, found or not. */
static bool search_block(paddr_t address, const char *signature)
{
    struct acpi_table table;

    if (acpi_table_map(&acpi.tables, address, signature, &table) != OK) {
        return false;
    }
    acpi.has_s5 = acpi.has_s5 || acpi_sleep_find_s5(table.bytes + ACPI_HEADER_SIZE,
                                                    table.length - ACPI_HEADER_SIZE, &acpi.s5);
    acpi_table_unmap(&acpi.tables, &table);
    return true;
}

static void find_s5(void)
{
    const struct acpi_listed *ssdt;

    for (size_t i = 0; i < ARRAY_SIZE(acpi.fadt.dsdt); i++) {
        if (acpi.fadt.dsdt[i].value != 0 && search_block(acpi.fadt.dsdt[i], "DSDT")) {
            break;
        }
    }
    for (size_t i = 0; !acpi.has_s5; i++) {
        ssdt = acpi_tables_find(&acpi.tables, "SSDT", i);
        if (ssdt == NULL) {
            break;
        }
        (void)search_block(ssdt->address, "SSDT");
    }
}

static void read_hpet(paddr_t address)
{
    struct acpi_table table;

    if (acpi_table_map(&acpi.tables, address, "HPET", &table) == OK) {
        acpi.has_hpet = hpet_table_address(table.bytes, table.length, &acpi.hpet);
        acpi_table_unmap(&acpi.tables, &table);
    }
}

static void read_tables(void)
{
    const struct acpi_listed *fadt = acpi_tables_find(&acpi.tables, "FACP", 0);
    const struct acpi_listed *hpet = acpi_tables_find(&acpi.tables, "HPET", 0);

    if (hpet != NULL) {
        read_hpet(hpet->address);
    }
    if (fadt != NULL) {
        read_fadt(fadt->address);
    }
    if (acpi.has_fadt) {
        find_s5();
    }
}

static void report_problems(void)
{
    size_t recorded = MIN(acpi.tables.problem_count, (size_t)ACPI_PROBLEMS_MAX);
    char line[160];

    for (size_t i = 0; i < recorded; i++) {
        acpi_problem_format(&acpi.tables.problems[i], line, sizeof(line));
        log_warn("acpi", "%s", line);
    }
    if (acpi.tables.problem_count > recorded) {
        log_warn("acpi", "%zu more problems in the tables", acpi.tables.problem_count - recorded);
    }
}

static void report_tables(void)
{
    for (size_t i = 0; i < acpi.tables.count; i++) {
        char signature[24];

        quote(signature, sizeof(signature), acpi.tables.list[i].signature, SIZE_MAX);
        log_debug("acpi", "table %s at 0x%lx", signature, acpi.tables.list[i].address.value);
    }
    log_info("acpi", "%zu tables by the %s, %s", acpi.tables.count, acpi.tables.root,
             !acpi.has_fadt ? "no FADT"
             : acpi.has_s5  ? "soft-off known"
                            : "no S5 that can be read");
}

void acpi_init(void)
{
    const struct acpi_memory memory = {.map = map, .unmap = unmap};
    const struct boot_info *boot = boot_info();

    if (boot->rsdp_size == 0) {
        log_info("acpi", "no tables");
        return;
    }
    acpi.is_present = acpi_tables_list(&acpi.tables, &memory, boot->rsdp, boot->rsdp_size) == OK;
    if (acpi.is_present) {
        read_tables();
    }
    report_problems();
    if (acpi.is_present) {
        report_tables();
    } else {
        log_warn("acpi", "neither XSDT nor RSDT can be read");
    }
}

bool acpi_is_present(void)
{
    return acpi.is_present;
}

const struct acpi_tables *acpi_listed(void)
{
    return acpi.is_present ? &acpi.tables : NULL;
}

const struct acpi_fadt *acpi_fixed_hardware(void)
{
    return acpi.has_fadt ? &acpi.fadt : NULL;
}

const struct acpi_sleep_types *acpi_soft_off(void)
{
    return acpi.has_s5 ? &acpi.s5 : NULL;
}

bool acpi_hpet_address(paddr_t *address)
{
    if (acpi.has_hpet) {
        *address = acpi.hpet;
    }
    return acpi.has_hpet;
}
