/* SPDX-License-Identifier: MIT */
/*
 * Access to ACPI's registers. Source for PCI: PCI Local Bus Specification,
 * "Software Generation of Configuration Transactions".
 */
#include "drivers/acpi_register.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/port.h"

#define PCI_CONFIG_ADDRESS 0xcf8
#define PCI_CONFIG_DATA    0xcfc

#define PCI_CONFIG_ENABLE         BIT(31)
#define PCI_CONFIG_DEVICE_SHIFT   11
#define PCI_CONFIG_FUNCTION_SHIFT 8
#define PCI_CONFIG_DWORD          0xfcU /* the data port shows four bytes at once */

static void pci_write8(uint64_t address, uint8_t value)
{
    uint32_t offset = (uint16_t)address;
    uint32_t function = (uint16_t)(address >> 16);
    uint32_t device = (uint16_t)(address >> 32);

    port_write32(PCI_CONFIG_ADDRESS,
                 (uint32_t)PCI_CONFIG_ENABLE | device << PCI_CONFIG_DEVICE_SHIFT |
                     function << PCI_CONFIG_FUNCTION_SHIFT | (offset & PCI_CONFIG_DWORD));
    port_write8((uint16_t)(PCI_CONFIG_DATA + offset % 4), value);
}

uint16_t acpi_register_read16(const struct acpi_register *reg)
{
    if (reg->space == ACPI_SPACE_MEMORY) {
        return *(volatile uint16_t *)reg->mapped;
    }
    ASSERT_CMP(reg->space, ==, ACPI_SPACE_IO);
    return port_read16((uint16_t)reg->address);
}

void acpi_register_write8(const struct acpi_register *reg, uint8_t value)
{
    switch (reg->space) {
    case ACPI_SPACE_MEMORY:
        *(volatile uint8_t *)reg->mapped = value;
        break;
    case ACPI_SPACE_PCI:
        pci_write8(reg->address, value);
        break;
    default:
        ASSERT_CMP(reg->space, ==, ACPI_SPACE_IO);
        port_write8((uint16_t)reg->address, value);
        break;
    }
}

void acpi_register_write16(const struct acpi_register *reg, uint16_t value)
{
    if (reg->space == ACPI_SPACE_MEMORY) {
        *(volatile uint16_t *)reg->mapped = value;
        return;
    }
    ASSERT_CMP(reg->space, ==, ACPI_SPACE_IO);
    port_write16((uint16_t)reg->address, value);
}
