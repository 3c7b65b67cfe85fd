/* SPDX-License-Identifier: MIT */
/*
 * What the kernel is there for once it is up. The normal kernel links
 * kernel/program.c, the test kernel tests/kernel/program.c; nothing else differs
 * between the two.
 */
#pragma once

#include <stdint.h>

#include "kernel/command_line.h"

/* Words of the command line that only this program knows. */
extern const struct command_line_words program_words;

/* Called when the command line is known and nothing has been printed yet. */
void program_prepare(void);

/* The first task's name. */
extern const char program_name[];

#define PROGRAM_STACK_BYTES (64UL << 10)

/* The first task, started when everything is up. */
intptr_t program_main(void *argument);
