/* SPDX-License-Identifier: MIT */
/*
 * Memory that may not be there, read all the same: for the panic report, which
 * follows pointers that somebody broke. The one instruction that reads is known
 * to the trap handler, which resumes behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/trap.h"
#include "lib/compiler.h"

/*
 * Copy bytes from any address, canonical or not, mapped or not. What is read
 * must be memory: a device may take a read for a command.
 *
 * to  as many bytes; changed up to the first that cannot be read
 *
 * Returns whether all of them were there. Context: any, once trap_init() was
 * called; CR2 may be another afterwards.
 */
MUST_CHECK bool probe_read(void *to, uint64_t from, size_t size);

/*
 * Copy a string from any address, cut to fit; "?" for one that cannot be read.
 *
 * size  bytes in to, 2 or more
 *
 * Context: as probe_read().
 */
void probe_string(char *to, size_t size, const char *from);

/* Resume from a fault of probe_read(). Returns false for any other. Context: a trap. */
bool probe_take_fault(struct trap_frame *frame);
