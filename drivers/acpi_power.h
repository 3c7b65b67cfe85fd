/* SPDX-License-Identifier: MIT */
/*
 * Soft-off and reset by ACPI's fixed hardware. Needs neither interrupts nor
 * memory: every wait is a bounded count of looks, a microsecond or more each.
 * Source: ACPI Specification, "Fixed Hardware Registers", "Transitioning from
 * the Working to the Sleeping State", "Reset Register".
 */
#pragma once

#include "drivers/acpi_fadt.h"
#include "drivers/acpi_sleep.h"
#include "lib/compiler.h"
#include "lib/status.h"

/*
 * Turn the machine off: hand the hardware over to ACPI if it is not yet, then
 * enter S5. What the firmware's AML might do first (_PTS) is left out.
 *
 * fadt  registers in memory are mapped
 *
 * Returns only when the machine is still on:
 *         ERR_NO_DEVICE  there is no register to turn it off with
 *         ERR_TIMED_OUT  it did not obey within a second
 * Context: any, a panic too; 3 s more where the hardware is not handed over.
 */
MUST_CHECK enum status acpi_power_off(const struct acpi_fadt *fadt,
                                      const struct acpi_sleep_types *s5);

/*
 * Reset the machine by its reset register.
 *
 * Returns only when that did not happen: ERR_NO_DEVICE without a register,
 * ERR_TIMED_OUT after a second. Context: as acpi_power_off().
 */
MUST_CHECK enum status acpi_reset(const struct acpi_fadt *fadt);
