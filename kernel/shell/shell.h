/* SPDX-License-Identifier: MIT */
/*
 * The shell: a task that reads lines from keyboard and serial line alike and
 * runs each as a command, in a task of the command's own. What others print
 * meanwhile goes above the line being edited.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/compiler.h"

/* The shell's task: it never ends. */
intptr_t shell_main(void *argument);

/*
 * Have what is typed left to the running command, until it ends: it reads
 * kernel/input.h itself, Ctrl-C included.
 *
 * Returns false for a command in the background, which cannot have it.
 * Context: a command.
 */
MUST_CHECK bool shell_take_input(void);
