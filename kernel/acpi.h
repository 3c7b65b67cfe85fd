/* SPDX-License-Identifier: MIT */
/*
 * What the kernel takes from the firmware's ACPI tables, read once at boot so
 * that it is at hand when nothing else works any more.
 */
#pragma once

#include <stdbool.h>

#include "drivers/acpi_fadt.h"
#include "drivers/acpi_sleep.h"
#include "drivers/acpi_table.h"
#include "mm/address.h"

/*
 * Read the tables, map the registers that lie in memory, and log what there is
 * and what is wrong with it. A machine without any goes on without.
 *
 * Context: once at boot, after memory_init().
 */
void acpi_init(void);

/* Whether the firmware has ACPI tables that can be read. Any context, as all below. */
bool acpi_is_present(void);

/* The tables that were found, and what was wrong with them; NULL where there are none. */
const struct acpi_tables *acpi_listed(void);

/* The fixed hardware's registers, all of them ready for use; NULL for none. */
const struct acpi_fadt *acpi_fixed_hardware(void);

/* The sleep types of soft-off; NULL where the tables do not have them in a readable form. */
const struct acpi_sleep_types *acpi_soft_off(void);

/* Where the HPET's registers are. Returns false when the tables tell of none. */
bool acpi_hpet_address(paddr_t *address);
