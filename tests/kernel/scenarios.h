/* SPDX-License-Identifier: MIT */
/*
 * Scenarios: one boot each, most of which are to end in a certain way. The
 * expected end writes DEBUG_EXIT_SUCCESS, any other DEBUG_EXIT_FAILURE.
 */
#pragma once

#include "lib/compiler.h"

/* Run the scenario of that name; an unknown one is said and fails. Context: all is up. */
NORETURN void scenario_run(const char *name);
