/* SPDX-License-Identifier: MIT */
/* A sanitizer's report as a value: break a rule, and see what is said of it. */
#pragma once

#include <stdbool.h>

#include "lib/compiler.h"

/* What was reported: nothing, once, or more often; the text is the first report's. */
struct sanitizer_findings {
    unsigned count;
    char sentence[288];
};

/*
 * Run a function; its reports are kept, not printed, and no failure of the test.
 *
 * findings  out
 *
 * Context: a test; does not nest.
 */
void sanitizer_expect(void (*function)(void), struct sanitizer_findings *findings);

/* The same for a function that an exception ends behind its report. Returns whether it did. */
MUST_CHECK bool sanitizer_expect_trap(unsigned vector, void (*function)(void),
                                      struct sanitizer_findings *findings);
