/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's output: everything also goes to the debug console at port
 * 0xe9, so that a verdict does not depend on the UART; and once KTAP has
 * begun, every line that is not KTAP is prefixed "# ".
 */
#pragma once

#include "lib/compiler.h"

/* Whatever is written to it, both QEMU's debug console and Bochs show. */
#define DEBUG_CONSOLE_PORT 0xe9

/* Add the debug console. Context: before anything is printed. */
void ktap_init(void);

/* Print the version line; from here on other lines are prefixed. */
void ktap_begin(void);

/* Print one line of KTAP, on a line of its own. */
void ktap_line(const char *format, ...) PRINTF_LIKE(1, 2);
