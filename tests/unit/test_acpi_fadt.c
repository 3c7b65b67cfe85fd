/* SPDX-License-Identifier: MIT */
/* The FADT: every revision's length, and registers that there cannot be. */
#include "drivers/acpi_fadt.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

/* Lengths of revisions 1, 3, 5 and 6. */
#define LENGTH_1 116U
#define LENGTH_3 244U
#define LENGTH_5 268U
#define LENGTH_6 276U

#define SPACE_MEMORY 0
#define SPACE_IO     1
#define SPACE_PCI    2
#define SPACE_FIXED  0x7f /* the CPU's own; nothing that is used here may be there */

#define RESET_REG_SUP BIT(10)
#define HW_REDUCED    BIT(20)

static uint8_t fadt[LENGTH_6];
static struct acpi_fadt decoded;

static void put(size_t at, uint64_t value, size_t size)
{
    memcpy(fadt + at, &value, size);
}

static void put_gas(size_t at, uint8_t space, uint8_t width, uint64_t address)
{
    fadt[at] = space;
    fadt[at + 1] = width;
    fadt[at + 2] = 0;
    fadt[at + 3] = 0;
    put(at + 4, address, 8);
}

/* A PC's table with the same registers in the old fields and in the new. */
static void put_sound_fadt(void)
{
    memset(fadt, 0, sizeof(fadt));
    put(40, 0x7fe0040, 4);
    put(48, 0xb2, 4);
    fadt[52] = 0xf1;
    put(64, 0x604, 4);
    put(68, 0x704, 4);
    put(112, RESET_REG_SUP, 4);
    put_gas(116, SPACE_IO, 8, 0xcf9);
    fadt[128] = 0x0f;
    put(140, 0x12fe0040, 8);
    put_gas(172, SPACE_IO, 16, 0x1804);
    put_gas(184, SPACE_IO, 16, 0x1904);
}

/* Decode so that nothing readable follows. */
static void decode(uint32_t length)
{
    static uint8_t room[LENGTH_6 + 64];
    uint8_t *bytes = room + sizeof(room) - length;

    memcpy(bytes, fadt, MIN(length, sizeof(fadt)));
    acpi_fadt_decode(bytes, length, &decoded);
}

#define CHECK_REGISTER(reg, space_, address_)          \
    do {                                               \
        CHECK_EQ((reg).space, (space_));               \
        CHECK_EQ((reg).address, (uint64_t)(address_)); \
    } while (0)

#define CHECK_NO_REGISTER(reg) CHECK_EQ((reg).space, ACPI_SPACE_NONE)

KTEST(acpi_fadt, new_fields_count_before_old_ones)
{
    put_sound_fadt();
    decode(LENGTH_3);
    CHECK_EQ(decoded.dsdt[0].value, 0x12fe0040);
    CHECK_EQ(decoded.dsdt[1].value, 0x7fe0040);
    CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0x1804);
    CHECK_REGISTER(decoded.pm1b_control, ACPI_SPACE_IO, 0x1904);
    CHECK_REGISTER(decoded.reset, ACPI_SPACE_IO, 0xcf9);
    CHECK_EQ(decoded.reset_value, 0x0f);
    CHECK_EQ(decoded.smi_command_port, 0xb2);
    CHECK_EQ(decoded.acpi_enable, 0xf1);
    CHECK(!decoded.is_hardware_reduced);
    CHECK_NO_REGISTER(decoded.sleep_control);
    CHECK_NO_REGISTER(decoded.sleep_status);
}

KTEST(acpi_fadt, old_fields_count_when_the_table_is_of_revision_1)
{
    put_sound_fadt();
    decode(LENGTH_1);
    CHECK_EQ(decoded.dsdt[0].value, 0);
    CHECK_EQ(decoded.dsdt[1].value, 0x7fe0040);
    CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0x604);
    CHECK_REGISTER(decoded.pm1b_control, ACPI_SPACE_IO, 0x704);
    CHECK_NO_REGISTER(decoded.reset);
}

KTEST(acpi_fadt, fields_behind_the_end_are_not_there)
{
    put_sound_fadt();
    for (uint32_t length = 36; length <= LENGTH_6; length++) {
        decode(length);
        CHECK_EQ(decoded.pm1a_control.space != ACPI_SPACE_NONE, length > 64);
        CHECK_EQ(decoded.reset.space != ACPI_SPACE_NONE, length > 120);
        CHECK_EQ(decoded.dsdt[1].value != 0, length > 40);
    }
    decode(LENGTH_6 + 64); /* longer than any revision */
    CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0x1804);
}

KTEST(acpi_fadt, old_field_counts_when_the_new_one_cannot_be)
{
    static const struct {
        uint8_t space;
        uint8_t width;
        uint64_t address;
    } bad[] = {
        {SPACE_IO, 16, 0},
        {SPACE_IO, 16, 0xffff},
        {SPACE_IO, 16, 0x10000},
        {SPACE_IO, 16, 0xffff1804},
        {SPACE_IO, 8, 0x1804},
        {SPACE_IO, 15, 0x1804},
        {SPACE_FIXED, 16, 0x1804},
        {3, 16, 0x1804},
        {255, 16, 0x1804},
        {SPACE_PCI, 16, 0x1f000040},
        {SPACE_MEMORY, 16, 0},
        {SPACE_MEMORY, 8, 0xfed00000},
        {SPACE_MEMORY, 16, UINT64_MAX},
    };

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        put_sound_fadt();
        put_gas(172, bad[i].space, bad[i].width, bad[i].address);
        decode(LENGTH_3);
        CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0x604);
    }
    put_sound_fadt();
    fadt[172 + 2] = 1; /* begins in the middle of a byte */
    decode(LENGTH_3);
    CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0x604);
}

KTEST(acpi_fadt, new_field_counts_when_it_is_odd_but_can_be)
{
    static const struct {
        uint8_t space;
        uint8_t width;
        uint64_t address;
        enum acpi_space want;
    } good[] = {
        {SPACE_IO, 0, 0x1804, ACPI_SPACE_IO}, /* no width said */
        {SPACE_IO, 32, 0x1804, ACPI_SPACE_IO},
        {SPACE_IO, 16, 0xfffe, ACPI_SPACE_IO},
        {SPACE_IO, 16, 1, ACPI_SPACE_IO},
        {SPACE_MEMORY, 16, 0xfed00000, ACPI_SPACE_MEMORY},
        {SPACE_MEMORY, 32, BIT(45), ACPI_SPACE_MEMORY},
    };

    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        put_sound_fadt();
        put_gas(172, good[i].space, good[i].width, good[i].address);
        decode(LENGTH_3);
        CHECK_REGISTER(decoded.pm1a_control, good[i].want, good[i].address);
        CHECK_EQ(decoded.pm1a_control.mapped, NULL);
    }
}

KTEST(acpi_fadt, old_field_is_a_port_or_nothing)
{
    static const uint32_t bad[] = {0, 0xffff, 0x10000, UINT32_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        put_sound_fadt();
        put(64, bad[i], 4);
        decode(LENGTH_1);
        CHECK_NO_REGISTER(decoded.pm1a_control);
    }
    put(64, 0xfffe, 4);
    decode(LENGTH_1);
    CHECK_REGISTER(decoded.pm1a_control, ACPI_SPACE_IO, 0xfffe);
}

KTEST(acpi_fadt, smi_command_is_a_port_or_nothing)
{
    put_sound_fadt();
    put(48, 0xffff, 4);
    decode(LENGTH_1);
    CHECK_EQ(decoded.smi_command_port, 0xffff);
    put(48, 0x100b2, 4);
    decode(LENGTH_1);
    CHECK_EQ(decoded.smi_command_port, 0);
}

KTEST(acpi_fadt, reset_register_counts_only_when_the_table_says_so)
{
    put_sound_fadt();
    put(112, ~RESET_REG_SUP, 4);
    decode(LENGTH_3);
    CHECK_NO_REGISTER(decoded.reset);
    CHECK(decoded.is_hardware_reduced);
}

KTEST(acpi_fadt, reset_register_may_be_in_pci_space)
{
    put_sound_fadt();
    put_gas(116, SPACE_PCI, 8, 0x1fUL << 32 | 7UL << 16 | 0xff);
    decode(LENGTH_3);
    CHECK_REGISTER(decoded.reset, ACPI_SPACE_PCI, 0x1f000700ffUL);
}

KTEST(acpi_fadt, reset_register_is_refused_when_pci_has_no_such_place)
{
    static const uint64_t bad[] = {0x20UL << 32 | 0x40, 8UL << 16 | 0x40, 0x100, 1UL << 48 | 0x40};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        put_sound_fadt();
        put_gas(116, SPACE_PCI, 8, bad[i]);
        decode(LENGTH_3);
        CHECK_NO_REGISTER(decoded.reset);
    }
}

KTEST(acpi_fadt, sleep_registers_are_those_of_revision_5)
{
    put_sound_fadt();
    put(112, HW_REDUCED, 4);
    put_gas(244, SPACE_MEMORY, 8, 0xfee01000);
    put_gas(256, SPACE_IO, 8, 0x400);
    decode(LENGTH_5);
    CHECK(decoded.is_hardware_reduced);
    CHECK_REGISTER(decoded.sleep_control, ACPI_SPACE_MEMORY, 0xfee01000);
    CHECK_REGISTER(decoded.sleep_status, ACPI_SPACE_IO, 0x400);
    put_gas(244, SPACE_PCI, 8, 0x40);
    decode(LENGTH_5);
    CHECK_NO_REGISTER(decoded.sleep_control);
}
