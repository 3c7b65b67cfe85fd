/* SPDX-License-Identifier: MIT */
/*
 * The one upcall: any layer may say that it cannot go on. kernel/panic.c
 * implements it; host tests bring their own, which aborts.
 */
#pragma once

#include "lib/compiler.h"

/*
 * Stop the machine with a sentence, on every console.
 *
 * format  the sentence, printf style: "module: what: got X, want Y", no newline
 *
 * Context: any, interrupts on or off, any stack.
 */
NORETURN COLD void panic(const char *format, ...) PRINTF_LIKE(1, 2);
