/* SPDX-License-Identifier: MIT */
/* Restarting the machine. */
#pragma once

#include "lib/compiler.h"

/*
 * Restart by the keyboard controller's reset line, then by a triple fault,
 * which no machine survives. Any context; does not return.
 */
NORETURN void power_reboot(void);
