/* SPDX-License-Identifier: MIT */
/*
 * Turning the machine off and restarting it. Neither needs interrupts, a heap
 * or tasks, so a panic can use both; every wait is bounded. Each way that is
 * tried is logged.
 */
#pragma once

#include "lib/compiler.h"

/*
 * Turn the machine off: by ACPI, else by the ports that emulators have for it.
 * Those are tried only where a hypervisor or the lack of ACPI tables says that
 * nothing else can be behind them.
 *
 * Returns only when the machine is still on, having logged why. Any context.
 */
void power_off(void);

/*
 * Restart: by ACPI's reset register, then by the keyboard controller's reset
 * line, then by a triple fault, which no machine survives. Called again, from
 * a fault on one of these ways, it goes on with the next.
 *
 * Does not return. Any context.
 */
NORETURN void power_reboot(void);

/*
 * Count seconds down on the consoles, "Restarting in 3 2 1".
 *
 * Context: interrupts masked for good; the PIT's channel 0 is lost to the tick.
 */
void power_count_down(unsigned seconds);
