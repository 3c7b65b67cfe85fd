/* SPDX-License-Identifier: MIT */
/*
 * The hardware report: what this machine is and how the kernel found it, on one
 * screen of 80 by 25 with the prompt beneath, to be photographed or copied off
 * the serial line. docs/hardware.md explains each key: they are stable, what
 * is behind them may grow.
 */
#pragma once

#include "lib/compiler.h"
#include "lib/status.h"

/* Lines of a report, markers included: one less than a screen has. */
#define HWREPORT_LINES 24

/*
 * Print the report. Where it is still being measured how fast the TSC runs,
 * that is waited for, a second at the most.
 *
 * Returns OK
 *         ERR_CANCELLED  while it waited; nothing was printed
 * Context: a task.
 */
MUST_CHECK enum status hwreport_print(void);

/* Print the whole memory map as the loader gave it, a line an entry. Context: a task. */
void hwreport_print_map(void);
