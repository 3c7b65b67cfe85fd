/* SPDX-License-Identifier: MIT */
/*
 * The Fixed ACPI Description Table: where the registers are that turn the
 * machine off and reset it. Pure.
 * Source: ACPI Specification, "Fixed ACPI Description Table (FADT)".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/acpi_register.h"
#include "mm/address.h"

struct acpi_fadt {
    /* The 64-bit address, then the 32-bit one; 0 for none. Old firmware has one of them wrong. */
    paddr_t dsdt[2];

    /* Power management control blocks; the second is NONE on most machines. */
    struct acpi_register pm1a_control;
    struct acpi_register pm1b_control;
    /* Where the firmware is asked to hand these over; either 0: it has done so, for good. */
    uint16_t smi_command_port;
    uint8_t acpi_enable;

    /* What hardware-reduced machines have in their place. */
    bool is_hardware_reduced;
    struct acpi_register sleep_control;
    struct acpi_register sleep_status;

    struct acpi_register reset; /* NONE where the table does not say that it works */
    uint8_t reset_value;
};

/*
 * Decode a FADT. A 64-bit field counts before its 32-bit predecessor where it
 * describes a register that there can be; of memory that is for the caller to
 * judge, and to map.
 *
 * bytes   the table, sound
 * length  bytes in it, ACPI_HEADER_SIZE or more; fields behind it are 0
 * fadt    out
 *
 * Any context.
 */
void acpi_fadt_decode(const uint8_t *bytes, uint32_t length, struct acpi_fadt *fadt);
