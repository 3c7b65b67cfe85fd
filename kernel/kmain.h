/* SPDX-License-Identifier: MIT */
/* Where the entry code goes. */
#pragma once

#include <stdint.h>

#include "lib/compiler.h"

/* Time stamp counter as the entry code found it, before it cleared and mapped anything. */
extern const uint64_t boot_entry_tsc;

/*
 * Bring the kernel up and run its program.
 *
 * boot_protocol     enum boot_protocol
 * boot_information  its physical address, below 4 GiB
 *
 * Context: the boot CPU, interrupts masked, on the boot stack, the boot tables loaded.
 */
NORETURN void kmain(uint32_t boot_protocol, uint32_t boot_information);
