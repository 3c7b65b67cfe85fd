/* SPDX-License-Identifier: MIT */
/* The chipset of variables; and the drivers, compiled to talk to it. */
#include "tests/host/acpi_model.h"

#include <string.h>

#include "drivers/acpi_power.h"
#include "drivers/acpi_register.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/port.h"
#include "tests/ktest.h"

struct acpi_model acpi_model;

void acpi_model_power_on(bool has_sci)
{
    memset(&acpi_model, 0, sizeof(acpi_model));
    acpi_model.handed_over_us = has_sci ? 0 : UINT64_MAX;
    acpi_model.pm1a = 0x0202; /* bits that are none of the driver's business */
    acpi_model.pm1b = 0x1c00; /* a sleep type that somebody left */
}

static void note(uint16_t port, unsigned bits, uint32_t value)
{
    acpi_model.us++;
    REQUIRE(acpi_model.write_count < MODEL_WRITES_MAX);
    acpi_model.writes[acpi_model.write_count++] =
        (struct acpi_model_write){.port = port, .bits = bits, .value = value};
}

static uint16_t model_read16(uint16_t port)
{
    acpi_model.us++;
    if (port == MODEL_PM1A) {
        return (uint16_t)(acpi_model.pm1a | (acpi_model.us >= acpi_model.handed_over_us));
    }
    CHECK_EQ(port, MODEL_PM1B);
    return acpi_model.pm1b;
}

static void model_write8(uint16_t port, uint8_t value)
{
    note(port, 8, value);
    if (port == MODEL_SMI && !acpi_model.never_hands_over) {
        acpi_model.handed_over_us = acpi_model.us + acpi_model.hand_over_us;
    }
}

static void model_write16(uint16_t port, uint16_t value)
{
    note(port, 16, value);
}

static void model_write32(uint16_t port, uint32_t value)
{
    note(port, 32, value);
}

static void model_delay(void)
{
    acpi_model.us++;
}

/* From here on a port is the model's: the drivers below are the kernel's own files. */
#define port_read16  model_read16
#define port_write8  model_write8
#define port_write16 model_write16
#define port_write32 model_write32
#define port_delay   model_delay

#include "drivers/acpi_power.c"
#include "drivers/acpi_register.c"
