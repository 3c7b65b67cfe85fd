/* SPDX-License-Identifier: MIT */
/*
 * What the hardware says of its own errors. machine_check_describe() is pure.
 * Source: Intel SDM, volume 3, "Machine-Check Architecture", "Interpreting the
 * Machine-Check Error Codes".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"

/* IA32_MCi_STATUS. */
#define MCI_STATUS_VALID       BIT(63)
#define MCI_STATUS_UNCORRECTED BIT(61)
#define MCI_STATUS_HAS_ADDRESS BIT(58)
#define MCI_STATUS_CODE        0xffffUL

/* The first bank that holds an error. */
struct machine_check {
    bool is_found;
    unsigned bank;
    uint64_t status; /* IA32_MCi_STATUS */
    uint64_t address; /* IA32_MCi_ADDR, where the status says that it is valid */
};

/* Look through the banks, as far as this CPU has them. Context: any. */
void machine_check_read(struct machine_check *check);

/*
 * Write what a status means: "uncorrected memory controller error in bank 4, at 0x1000".
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Context: any.
 */
const char *machine_check_describe(char *buffer, size_t size, const struct machine_check *check);
