/* SPDX-License-Identifier: MIT */
/*
 * The way of the 8259 pair's requests to the CPU, and of the PIT's to the
 * 8259, free of what firmware may have put there: a local APIC that keeps
 * LINT0 shut or interrupts on its own, an HPET in the PIT's place.
 */
#pragma once

#include <stdbool.h>

#include "drivers/local_apic.h"
#include "mm/address.h"

/* What irq_route_init() found in the way, the last time. */
struct irq_route {
    enum local_apic_mode apic_mode; /* disabled, too, on a CPU without one */
    bool apic_is_reached; /* what follows is known, and the APIC is quiet now */
    struct local_apic_entries apic_entries;
    bool has_hpet; /* whose registers can be reached */
    paddr_t hpet;
    bool hpet_had_timers; /* the interrupts of PIT and RTC were the HPET's */
};

/*
 * Free the way. What cannot be reached stays as the firmware left it, and is
 * said.
 *
 * Context: interrupts masked, after acpi_init(); at boot, but any number of times.
 */
void irq_route_init(void);

/* Valid after irq_route_init(). Any context. */
const struct irq_route *irq_route(void);
