/* SPDX-License-Identifier: MIT */
/*
 * A register as ACPI's Generic Address Structure describes it: in memory, in
 * I/O space or in PCI configuration space.
 * Source: ACPI Specification, "Generic Address Structure".
 */
#pragma once

#include <stdint.h>

enum acpi_space {
    ACPI_SPACE_NONE, /* there is no such register */
    ACPI_SPACE_MEMORY,
    ACPI_SPACE_IO,
    /* On bus 0; in the address from bit 32 the device, from 16 the function, from 0 the offset. */
    ACPI_SPACE_PCI,
};

struct acpi_register {
    enum acpi_space space;
    uint64_t address;
    volatile void *mapped; /* memory alone: where it is reached; set by whoever maps it */
};

/*
 * Read 16 bits, or write 8 or 16.
 *
 * reg  not NONE; PCI for acpi_register_write8() alone; memory is mapped
 *
 * Context: any.
 */
uint16_t acpi_register_read16(const struct acpi_register *reg);
void acpi_register_write8(const struct acpi_register *reg, uint8_t value);
void acpi_register_write16(const struct acpi_register *reg, uint16_t value);
