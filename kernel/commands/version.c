/* SPDX-License-Identifier: MIT */
/* version: which build this is. */
#include "kernel/version.h"

#include "kernel/shell/command.h"

SHELL_COMMAND(version, .summary = "which build this is")
{
    (void)words;
    version_print();
    return OK;
}
