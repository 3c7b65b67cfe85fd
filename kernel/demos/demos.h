/* SPDX-License-Identifier: MIT */
/*
 * Small programs of a task or a few each, to read and to watch. Each function
 * starts one, and answers once its tasks are on their way.
 *
 * All return OK or ERR_NO_MEMORY. Context: a command of the shell.
 */
#pragma once

#include "lib/compiler.h"
#include "lib/status.h"

/* A task has another find a number, waits for it and prints it. */
MUST_CHECK enum status demo_example(void);

/* A task makes numbers, another takes them from a channel and prints them. */
MUST_CHECK enum status demo_channel(void);

/* Tasks that sleep, each for another time, and say when they are awake. */
MUST_CHECK enum status demo_sleepers(void);

/* The time in the screen's corner, until the task is ended. ERR_NO_DEVICE without a screen. */
MUST_CHECK enum status demo_clock(void);

/* What is typed comes back, until Ctrl-D; waits for that. ERR_CANCELLED before it. */
MUST_CHECK enum status demo_echo(void);
