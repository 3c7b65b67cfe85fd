/* SPDX-License-Identifier: MIT */
/*
 * The way of the 8259 pair's requests to the CPU, and of the PIT's to the
 * 8259, free of what firmware may have put there: a local APIC that keeps
 * LINT0 shut or interrupts on its own, an HPET in the PIT's place.
 */
#pragma once

/*
 * Free the way. What cannot be reached stays as the firmware left it, and is
 * said.
 *
 * Context: interrupts masked, after acpi_init(); at boot, but any number of times.
 */
void irq_route_init(void);
