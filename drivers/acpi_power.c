/* SPDX-License-Identifier: MIT */
/* The way to S5, and the reset register. */
#include "drivers/acpi_power.h"

#include "lib/bits.h"
#include "lib/x86/port.h"

/* PM1 control. */
#define PM1_SCI_EN        BIT(0) /* the hardware is ACPI's, no longer SMM's */
#define PM1_SLP_TYP_SHIFT 10
#define PM1_SLP_TYP       (7UL << PM1_SLP_TYP_SHIFT)
#define PM1_SLP_EN        BIT(13) /* write only: enter the state that SLP_TYP says */

/* What hardware-reduced machines have. */
#define SLEEP_CONTROL_SLP_TYP_SHIFT 2
#define SLEEP_CONTROL_SLP_EN        BIT(5)
#define SLEEP_STATUS_WAK_STS        BIT(7) /* cleared by writing 1 */

/* A look at a register and the delay after it take a microsecond each on a PC. */
#define LOOKS_FOR(us) ((us) / 2)
#define ENABLE_US     3000000 /* SMM has been seen to take more than a second */
#define END_US        1000000 /* until a machine that obeys has gone */

static void wait_for_the_end(void)
{
    for (int look = 0; look < LOOKS_FOR(END_US); look++) {
        port_delay();
        port_delay();
    }
}

static bool is_handed_over(const struct acpi_fadt *fadt)
{
    return (acpi_register_read16(&fadt->pm1a_control) & PM1_SCI_EN) != 0;
}

/* Where the firmware does not answer, SLP_EN may work all the same: there is no error to it. */
static void hand_over(const struct acpi_fadt *fadt)
{
    if (fadt->smi_command_port == 0 || fadt->acpi_enable == 0 || is_handed_over(fadt)) {
        return;
    }
    port_write8(fadt->smi_command_port, fadt->acpi_enable);
    for (int look = 0; look < LOOKS_FOR(ENABLE_US) && !is_handed_over(fadt); look++) {
        port_delay();
    }
}

/* A block's value with a sleep type in it, to be entered with SLP_EN added. */
static uint16_t with_type(const struct acpi_register *control, uint8_t type)
{
    uint64_t kept = acpi_register_read16(control) & ~(PM1_SLP_TYP | PM1_SLP_EN);

    return (uint16_t)(kept | (uint64_t)type << PM1_SLP_TYP_SHIFT);
}

static void enter_by_pm1(const struct acpi_fadt *fadt, const struct acpi_sleep_types *s5)
{
    const struct acpi_register *pm1a = &fadt->pm1a_control;
    const struct acpi_register *pm1b = &fadt->pm1b_control;
    bool has_pm1b = pm1b->space != ACPI_SPACE_NONE;
    uint16_t value_a;
    uint16_t value_b = 0;

    hand_over(fadt);
    /* The type goes to both blocks before either is told to enter it. */
    value_a = with_type(pm1a, s5->pm1a);
    acpi_register_write16(pm1a, value_a);
    if (has_pm1b) {
        value_b = with_type(pm1b, s5->pm1b);
        acpi_register_write16(pm1b, value_b);
    }
    acpi_register_write16(pm1a, (uint16_t)(value_a | PM1_SLP_EN));
    if (has_pm1b) {
        acpi_register_write16(pm1b, (uint16_t)(value_b | PM1_SLP_EN));
    }
}

static void enter_by_sleep_control(const struct acpi_fadt *fadt, const struct acpi_sleep_types *s5)
{
    if (fadt->sleep_status.space != ACPI_SPACE_NONE) {
        acpi_register_write8(&fadt->sleep_status, SLEEP_STATUS_WAK_STS);
    }
    acpi_register_write8(
        &fadt->sleep_control,
        (uint8_t)((uint64_t)s5->pm1a << SLEEP_CONTROL_SLP_TYP_SHIFT | SLEEP_CONTROL_SLP_EN));
}

enum status acpi_power_off(const struct acpi_fadt *fadt, const struct acpi_sleep_types *s5)
{
    bool has_pm1 = fadt->pm1a_control.space != ACPI_SPACE_NONE && !fadt->is_hardware_reduced;

    if (has_pm1) {
        enter_by_pm1(fadt, s5);
    } else if (fadt->sleep_control.space != ACPI_SPACE_NONE) {
        enter_by_sleep_control(fadt, s5);
    } else {
        return ERR_NO_DEVICE;
    }
    wait_for_the_end();
    return ERR_TIMED_OUT;
}

enum status acpi_reset(const struct acpi_fadt *fadt)
{
    if (fadt->reset.space == ACPI_SPACE_NONE) {
        return ERR_NO_DEVICE;
    }
    acpi_register_write8(&fadt->reset, fadt->reset_value);
    wait_for_the_end();
    return ERR_TIMED_OUT;
}
