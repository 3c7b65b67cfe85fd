/* SPDX-License-Identifier: MIT */
/* An exception in words: what kind, where, every register. */
#pragma once

#include <stddef.h>

#include "kernel/trap.h"

/*
 * The error code of an exception in words: for a page fault "write, page not
 * present", for a segment fault the selector.
 *
 * Returns text, an empty string where the vector has no error code.
 */
const char *trap_error_text(const struct trap_frame *frame, char *text, size_t size);

/*
 * Print exception, error code, registers and RFLAGS, a few lines.
 *
 * cr2  as it was at the exception; another may have come since
 *
 * Context: any.
 */
void trap_report_print(const struct trap_frame *frame, uint64_t cr2);
