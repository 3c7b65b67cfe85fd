/* SPDX-License-Identifier: MIT */
/*
 * A chipset's power registers made of variables, in I/O space and in memory.
 * The drivers' port accesses arrive here and are noted in order; each takes a
 * microsecond.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_PM1A       0x604
#define MODEL_PM1B       0x704
#define MODEL_SMI        0xb2
#define MODEL_SLEEP      0x400
#define MODEL_STATUS     0x401
#define MODEL_RESET      0xcf9
#define MODEL_WRITES_MAX 16

struct acpi_model_write {
    uint16_t port;
    unsigned bits;
    uint32_t value;
};

struct acpi_model {
    bool never_hands_over; /* SMM does not answer */
    uint64_t hand_over_us; /* how long it takes to */

    uint64_t us;
    uint64_t handed_over_us; /* when it will have; UINT64_MAX for never */
    uint16_t pm1a;
    uint16_t pm1b;

    struct acpi_model_write writes[MODEL_WRITES_MAX]; /* delays left out */
    size_t write_count;
};

extern struct acpi_model acpi_model;

/* Start over. has_sci: the hardware is ACPI's already. */
void acpi_model_power_on(bool has_sci);
