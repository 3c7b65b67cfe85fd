/* SPDX-License-Identifier: MIT */
/* How the test kernel ends its emulator. */
#pragma once

#include "lib/compiler.h"

/* QEMU's isa-debug-exit ends with status 2 * value + 1: 33 and 35. */
enum debug_exit_value { DEBUG_EXIT_SUCCESS = 0x10, DEBUG_EXIT_FAILURE = 0x11 };

/* Write the verdict; halt where there is no such device. Any context. */
NORETURN void debug_exit(enum debug_exit_value value);
