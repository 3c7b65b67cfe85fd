/* SPDX-License-Identifier: MIT */
/* Decodes the FADT, whose every revision is a longer one's beginning. */
#include "drivers/acpi_fadt.h"

#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/string.h"

/* Offsets. */
#define FADT_DSDT           40
#define FADT_SMI_CMD        48
#define FADT_ACPI_ENABLE    52
#define FADT_PM1A_CNT_BLK   64
#define FADT_PM1B_CNT_BLK   68
#define FADT_FLAGS          112
#define FADT_RESET_REG      116
#define FADT_RESET_VALUE    128
#define FADT_X_DSDT         140
#define FADT_X_PM1A_CNT_BLK 172
#define FADT_X_PM1B_CNT_BLK 184
#define FADT_SLEEP_CONTROL  244
#define FADT_SLEEP_STATUS   256
#define FADT_SIZE           268 /* up to the last field read */

#define FADT_FLAG_RESET_REG_SUP   BIT(10)
#define FADT_FLAG_HW_REDUCED_ACPI BIT(20)

/* The Generic Address Structure. */
#define GAS_SPACE      0
#define GAS_BIT_WIDTH  1
#define GAS_BIT_OFFSET 2
#define GAS_ADDRESS    4

#define GAS_SPACE_MEMORY 0
#define GAS_SPACE_IO     1
#define GAS_SPACE_PCI    2

#define IO_SPACE_SIZE       0x10000UL
#define PCI_OFFSET_END      0x100UL /* in 16 bits each, from the lowest */
#define PCI_FUNCTION_END    8UL
#define PCI_DEVICE_END      32UL
#define PCI_FIELD(word, at) ((word) >> (at)&0xffff)

static bool is_io(uint64_t address, unsigned bits)
{
    return address != 0 && address <= IO_SPACE_SIZE - bits / 8;
}

static bool is_memory(uint64_t address, unsigned bits)
{
    return address != 0 && address <= UINT64_MAX - bits / 8;
}

/* PCI addresses are used for the reset register alone, on bus 0. */
static bool is_pci(uint64_t address, unsigned bits)
{
    return bits == 8 && PCI_FIELD(address, 0) < PCI_OFFSET_END &&
           PCI_FIELD(address, 16) < PCI_FUNCTION_END && PCI_FIELD(address, 32) < PCI_DEVICE_END &&
           PCI_FIELD(address, 48) == 0;
}

/*
 * A register that is accessed with `bits` bits; NONE when there cannot be one
 * like that. Some firmware leaves the width at 0.
 */
static struct acpi_register load_gas(const uint8_t *gas, unsigned bits)
{
    const struct acpi_register none = {.space = ACPI_SPACE_NONE};
    struct acpi_register reg = {.address = load_u64(gas + GAS_ADDRESS)};
    uint8_t width = gas[GAS_BIT_WIDTH];

    if ((width != 0 && width < bits) || gas[GAS_BIT_OFFSET] != 0) {
        return none;
    }
    switch (gas[GAS_SPACE]) {
    case GAS_SPACE_MEMORY:
        reg.space = ACPI_SPACE_MEMORY;
        return is_memory(reg.address, bits) ? reg : none;
    case GAS_SPACE_IO:
        reg.space = ACPI_SPACE_IO;
        return is_io(reg.address, bits) ? reg : none;
    case GAS_SPACE_PCI:
        reg.space = ACPI_SPACE_PCI;
        return is_pci(reg.address, bits) ? reg : none;
    default:
        return none;
    }
}

/* A control block: its generic address, else the old field, which is a port. */
static struct acpi_register load_pm1_control(const uint8_t *gas, const uint8_t *port)
{
    struct acpi_register reg = load_gas(gas, 16);

    if (reg.space == ACPI_SPACE_NONE && is_io(load_u32(port), 16)) {
        reg = (struct acpi_register){.space = ACPI_SPACE_IO, .address = load_u32(port)};
    }
    return reg;
}

/* A sleep register, for which PCI space cannot be used. */
static struct acpi_register load_sleep(const uint8_t *gas)
{
    struct acpi_register reg = load_gas(gas, 8);

    return reg.space != ACPI_SPACE_PCI ? reg : (struct acpi_register){.space = ACPI_SPACE_NONE};
}

void acpi_fadt_decode(const uint8_t *bytes, uint32_t length, struct acpi_fadt *fadt)
{
    uint8_t table[FADT_SIZE] = {0};
    uint32_t smi_command;
    uint32_t flags;

    memcpy(table, bytes, MIN(length, sizeof(table)));
    smi_command = load_u32(table + FADT_SMI_CMD);
    flags = load_u32(table + FADT_FLAGS);
    *fadt = (struct acpi_fadt){
        .dsdt = {paddr(load_u64(table + FADT_X_DSDT)), paddr(load_u32(table + FADT_DSDT))},
        .pm1a_control = load_pm1_control(table + FADT_X_PM1A_CNT_BLK, table + FADT_PM1A_CNT_BLK),
        .pm1b_control = load_pm1_control(table + FADT_X_PM1B_CNT_BLK, table + FADT_PM1B_CNT_BLK),
        .smi_command_port = (uint16_t)(is_io(smi_command, 8) ? smi_command : 0),
        .acpi_enable = table[FADT_ACPI_ENABLE],
        .is_hardware_reduced = (flags & FADT_FLAG_HW_REDUCED_ACPI) != 0,
        .sleep_control = load_sleep(table + FADT_SLEEP_CONTROL),
        .sleep_status = load_sleep(table + FADT_SLEEP_STATUS),
        .reset_value = table[FADT_RESET_VALUE],
    };
    if ((flags & FADT_FLAG_RESET_REG_SUP) != 0) {
        fadt->reset = load_gas(table + FADT_RESET_REG, 8);
    }
}
