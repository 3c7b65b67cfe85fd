/* SPDX-License-Identifier: MIT */
/*
 * Physical memory for ACPI tables to lie in, and the tables as firmware writes
 * them. What is mapped is a copy at the end of an array, so that a sanitizer
 * sees any read behind it; and what is mapped is counted.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "drivers/acpi_table.h"
#include "mm/address.h"

#define ACPI_RAM_BASE 0x7fe00000UL
#define ACPI_RAM_SIZE 0x3800UL

#define ACPI_RSDP_LONG  36
#define ACPI_RSDP_SHORT 20

extern uint8_t acpi_ram[ACPI_RAM_SIZE];

/* What the tests' acpi_tables_list() fills. */
extern struct acpi_tables acpi_found;

/* Mapped and not yet unmapped; and how often something was mapped. */
extern size_t acpi_mapped;
extern size_t acpi_map_calls;

/* How to get at acpi_ram, and at nothing else. */
extern const struct acpi_memory acpi_fake_memory;

/* Forget everything: memory all zero, nothing mapped. */
void acpi_ram_clear(void);

/* Where a byte of physical memory is in the array. */
uint8_t *acpi_ram_at(uint64_t address);

/* Write an empty table of `length` bytes, sound. Returns its bytes. */
uint8_t *acpi_put_table(uint64_t address, const char *signature, uint32_t length);

/* Make a table's checksum right, for the length that it says or another. */
void acpi_seal(uint8_t *table, uint32_t length);

/* Write a root table of these entries, 8 bytes each for "XSDT" and 4 for "RSDT". */
void acpi_put_root(uint64_t address, const char *signature, const uint64_t *entries, size_t count);

/* List the tables by an RSDP with these addresses; without an XSDT it is a short one. */
enum status acpi_list(uint64_t rsdt, uint64_t xsdt);
