/* SPDX-License-Identifier: MIT */
/* The normal kernel's program: the shell. */
#include "kernel/program.h"

#include "kernel/shell/shell.h"

const struct command_line_words program_words = {.count = 0};
const char program_name[] = "shell";

void program_prepare(void)
{
}

intptr_t program_main(void *argument)
{
    return shell_main(argument);
}
