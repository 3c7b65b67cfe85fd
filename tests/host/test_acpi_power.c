/* SPDX-License-Identifier: MIT */
/* Soft-off and reset: what is written where, in which order, and how long is waited. */
#include "drivers/acpi_power.h"

#include <string.h>

#include "lib/bits.h"
#include "tests/host/acpi_model.h"
#include "tests/ktest.h"

#define SECOND_US 1000000

static const struct acpi_sleep_types s5 = {.pm1a = 5, .pm1b = 4};

static struct acpi_register io(uint16_t port)
{
    return (struct acpi_register){.space = ACPI_SPACE_IO, .address = port};
}

static struct acpi_register memory(void *at)
{
    return (struct acpi_register){.space = ACPI_SPACE_MEMORY, .address = 0xfed00000, .mapped = at};
}

static struct acpi_fadt pc(void)
{
    return (struct acpi_fadt){.pm1a_control = io(MODEL_PM1A),
                              .smi_command_port = MODEL_SMI,
                              .acpi_enable = 0xf1,
                              .reset = io(MODEL_RESET),
                              .reset_value = 6};
}

/* That exactly these were written, in this order. */
static void check_writes(const struct acpi_model_write *want, size_t count)
{
    REQUIRE_EQ(acpi_model.write_count, count);
    for (size_t i = 0; i < count; i++) {
        CHECK_EQ(acpi_model.writes[i].port, want[i].port);
        CHECK_EQ(acpi_model.writes[i].bits, want[i].bits);
        CHECK_EQ(acpi_model.writes[i].value, want[i].value);
    }
}

#define CHECK_WRITES(...)                                        \
    check_writes((const struct acpi_model_write[]){__VA_ARGS__}, \
                 ARRAY_SIZE(((const struct acpi_model_write[]){__VA_ARGS__})))

/* Bit 0 is SCI_EN, 10 to 12 the type, 13 SLP_EN; 0x0202 is to stay as it is. */
KTEST(acpi_power, type_is_written_and_then_entered)
{
    const struct acpi_fadt fadt = pc();

    acpi_model_power_on(true);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_PM1A, 16, 0x1603}, {MODEL_PM1A, 16, 0x3603});
    CHECK_GE(acpi_model.us, SECOND_US);
    CHECK_LE(acpi_model.us, SECOND_US + 100);
}

KTEST(acpi_power, both_blocks_have_the_type_before_either_is_entered)
{
    struct acpi_fadt fadt = pc();

    fadt.pm1b_control = io(MODEL_PM1B);
    acpi_model_power_on(true);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_PM1A, 16, 0x1603}, {MODEL_PM1B, 16, 0x1000}, {MODEL_PM1A, 16, 0x3603},
                 {MODEL_PM1B, 16, 0x3000});
}

KTEST(acpi_power, hardware_is_handed_over_first)
{
    const struct acpi_fadt fadt = pc();

    acpi_model_power_on(false);
    acpi_model.hand_over_us = 2 * SECOND_US;
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_SMI, 8, 0xf1}, {MODEL_PM1A, 16, 0x1603}, {MODEL_PM1A, 16, 0x3603});
    CHECK_GE(acpi_model.us, 3 * SECOND_US);
}

KTEST(acpi_power, firmware_that_does_not_hand_over_is_waited_for_three_seconds)
{
    const struct acpi_fadt fadt = pc();

    acpi_model_power_on(false);
    acpi_model.never_hands_over = true;
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_SMI, 8, 0xf1}, {MODEL_PM1A, 16, 0x1602}, {MODEL_PM1A, 16, 0x3602});
    CHECK_GE(acpi_model.us, 4 * SECOND_US);
    CHECK_LE(acpi_model.us, 4 * SECOND_US + 100);
}

KTEST(acpi_power, nothing_is_handed_over_when_there_is_nobody_to_ask)
{
    struct acpi_fadt fadt = pc();

    fadt.smi_command_port = 0;
    acpi_model_power_on(false);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_PM1A, 16, 0x1602}, {MODEL_PM1A, 16, 0x3602});
    fadt = pc();
    fadt.acpi_enable = 0;
    acpi_model_power_on(false);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_EQ(acpi_model.write_count, 2);
}

KTEST(acpi_power, control_block_may_be_in_memory)
{
    struct acpi_fadt fadt = pc();
    uint16_t block[3] = {0xaaaa, 0x0301, 0xaaaa};

    fadt.pm1a_control = memory(&block[1]);
    acpi_model_power_on(true);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_EQ(acpi_model.write_count, 0);
    CHECK_EQ(block[0], 0xaaaa);
    CHECK_EQ(block[1], 0x3701);
    CHECK_EQ(block[2], 0xaaaa);
}

KTEST(acpi_power, reduced_hardware_has_a_sleep_control_register)
{
    struct acpi_fadt fadt = pc();

    fadt.is_hardware_reduced = true;
    fadt.sleep_control = io(MODEL_SLEEP);
    fadt.sleep_status = io(MODEL_STATUS);
    acpi_model_power_on(false);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_STATUS, 8, 0x80}, {MODEL_SLEEP, 8, 0x34});
    CHECK_GE(acpi_model.us, SECOND_US);
}

KTEST(acpi_power, sleep_control_is_used_when_there_is_no_control_block)
{
    struct acpi_fadt fadt = pc();
    uint8_t control[3] = {0xaa, 0xaa, 0xaa};

    fadt.pm1a_control.space = ACPI_SPACE_NONE;
    fadt.sleep_control = memory(&control[1]);
    acpi_model_power_on(true);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_TIMED_OUT);
    CHECK_EQ(acpi_model.write_count, 0);
    CHECK_EQ(control[0], 0xaa);
    CHECK_EQ(control[1], 0x34);
    CHECK_EQ(control[2], 0xaa);
}

KTEST(acpi_power, nothing_is_written_when_there_is_no_register)
{
    struct acpi_fadt fadt = pc();

    fadt.is_hardware_reduced = true; /* a control block then means nothing */
    acpi_model_power_on(true);
    CHECK_STATUS(acpi_power_off(&fadt, &s5), ERR_NO_DEVICE);
    fadt.reset.space = ACPI_SPACE_NONE;
    CHECK_STATUS(acpi_reset(&fadt), ERR_NO_DEVICE);
    CHECK_EQ(acpi_model.write_count, 0);
    CHECK_EQ(acpi_model.us, 0);
}

KTEST(acpi_power, reset_value_is_written_once_and_waited_for)
{
    struct acpi_fadt fadt = pc();
    uint8_t byte[3] = {0xaa, 0xaa, 0xaa};

    acpi_model_power_on(true);
    CHECK_STATUS(acpi_reset(&fadt), ERR_TIMED_OUT);
    CHECK_WRITES({MODEL_RESET, 8, 6});
    CHECK_GE(acpi_model.us, SECOND_US);
    CHECK_LE(acpi_model.us, SECOND_US + 100);
    fadt.reset = memory(&byte[1]);
    CHECK_STATUS(acpi_reset(&fadt), ERR_TIMED_OUT);
    CHECK_EQ(byte[0] << 16 | byte[1] << 8 | byte[2], 0xaa06aa);
}

KTEST(acpi_power, reset_register_may_be_in_pci_space)
{
    struct acpi_fadt fadt = pc();

    /* Device 0x1f, function 3, offset 0xae: the third byte of its four. */
    fadt.reset =
        (struct acpi_register){.space = ACPI_SPACE_PCI, .address = 0x1fUL << 32 | 3 << 16 | 0xae};
    acpi_model_power_on(true);
    CHECK_STATUS(acpi_reset(&fadt), ERR_TIMED_OUT);
    CHECK_WRITES({0xcf8, 32, 0x8000fbac}, {0xcfe, 8, 6});
}
