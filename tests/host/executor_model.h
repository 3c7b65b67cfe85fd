/* SPDX-License-Identifier: MIT */
/*
 * The executor on this machine: its own source, compiled to run on contexts of
 * the C library, with interrupts that come where the model lets them. They can
 * only come where the executor has them enabled, and what they share with tasks
 * is touched with them masked: so it is enough to let each come, or not, at
 * each place where they are masked or enabled.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Run a body, as task_fixture_run() does, once for each way in which its
 * choices can be made: its own by model_choose(), and at each place where one
 * can come whether an interrupt does. Ends early when a model_check() fails.
 *
 * Returns the number of runs.
 */
size_t model_explore(void (*body)(void));

/* A number below `count`: each in a run of its own. */
size_t model_choose(size_t count);

/* Have an interrupt come at some time from now on, once. Any order among several. */
void model_interrupt(void (*handler)(void));

/* Interrupts that are still to come. */
size_t model_interrupts_left(void);

/* Let that much time pass and tick: for a handler. */
void model_tick(uint64_t ns);

/* What must hold in every run; the choices that led to where it does not are printed. */
void model_check(bool holds, const char *what);
