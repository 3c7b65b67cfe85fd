/* SPDX-License-Identifier: MIT */
/* A fault as a value: run something that must raise an exception, and look at it. */
#pragma once

#include <stdbool.h>

#include "kernel/trap.h"

/*
 * Call a function and catch one kind of exception in it; the rest of the
 * function is then left out.
 *
 * vector    0 to 31; any other exception is handled as always
 * argument  handed to the function
 * frame     out: where it happened; untouched when the function returned
 *
 * Returns whether the exception came. Context: a test; does not nest.
 */
bool trap_expect(unsigned vector, void (*function)(void *argument), void *argument,
                 struct trap_frame *frame);
