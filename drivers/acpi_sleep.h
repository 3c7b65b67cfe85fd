/* SPDX-License-Identifier: MIT */
/*
 * What has to be written to turn the machine off, out of a definition block.
 * The one thing needed of the firmware's AML is a package of numbers, so it is
 * found by its name and no AML is run. Pure.
 * Source: ACPI Specification, "ACPI Machine Language (AML) Specification",
 * "\_Sx (System States)".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACPI_SLEEP_TYPE_MAX 7 /* a field of three bits */

/* SLP_TYP of a sleep state for either power management control block. */
struct acpi_sleep_types {
    uint8_t pm1a;
    uint8_t pm1b;
};

/*
 * Find the package \_S5_ of soft-off.
 *
 * aml, size  a DSDT's or SSDT's bytes behind the header
 * types      out: untouched when there is none
 *
 * Returns whether `Name (_S5_, Package () {...})` stands there with numbers
 * that can be sleep types. Any context.
 */
bool acpi_sleep_find_s5(const uint8_t *aml, size_t size, struct acpi_sleep_types *types);
