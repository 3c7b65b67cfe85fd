/* SPDX-License-Identifier: MIT */
/*
 * The HPET, as far as it is in the way: with its legacy replacement on, its
 * timers drive IRQ 0 and 8 and the PIT and the RTC do not.
 * Source: IA-PC HPET Specification, "General Configuration Register",
 * "LegacyReplacement Route"; "The ACPI 2.0 HPET Description Table".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mm/address.h"

#define HPET_SIZE 1024 /* bytes of registers */

/*
 * The registers' address, from the table "HPET".
 *
 * bytes, length  the table, sound
 * address        out: untouched when there is none
 *
 * Returns false when the table is too short or its block is not in memory. Any context.
 */
bool hpet_table_address(const uint8_t *bytes, uint32_t length, paddr_t *address);

/*
 * Give IRQ 0 and 8 back to the PIT and the RTC.
 *
 * registers  where they are mapped, uncached
 *
 * Returns whether they had been taken. Context: interrupts masked.
 */
bool hpet_release_legacy(volatile void *registers);
