/* SPDX-License-Identifier: MIT */
/*
 * The local APIC, which this kernel leaves quiet: no interrupt of its own, and
 * the 8259 pair's requests let through on LINT0 as if it were not there.
 * Source: Intel SDM, volume 3, "Local APIC", "Local Vector Table".
 */
#pragma once

#include <stdint.h>

#include "mm/address.h"

#define LOCAL_APIC_SIZE 4096 /* bytes of registers */

/* How the local APIC was found. */
enum local_apic_mode { LOCAL_APIC_DISABLED, LOCAL_APIC_XAPIC, LOCAL_APIC_X2APIC };

/* The mode, from IA32_APIC_BASE. Context: only on a CPU that has an APIC. */
enum local_apic_mode local_apic_mode(void);

/* Physical address of the registers in xAPIC mode. Context: as local_apic_mode(). */
paddr_t local_apic_base(void);

/* Entries of the local vector table, as they were left by the firmware. */
struct local_apic_entries {
    uint32_t lint0;
    uint32_t timer;
};

#define LOCAL_APIC_ENTRY_MASKED (1U << 16)

/*
 * Mask every local interrupt, set LINT0 to ExtINT and LINT1 to NMI.
 *
 * registers  where the register page is mapped; unused in x2APIC mode
 * found      out: what was there before; untouched when the APIC is disabled
 *
 * Context: interrupts masked.
 */
void local_apic_quieten(enum local_apic_mode mode, volatile void *registers,
                        struct local_apic_entries *found);
