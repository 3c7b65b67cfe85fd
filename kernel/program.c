/* SPDX-License-Identifier: MIT */
/* The normal kernel's program: the shell, after a report of the hardware if that is asked for. */
#include "kernel/program.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/hwreport.h"
#include "kernel/shell/shell.h"
#include "kernel/task.h"
#include "lib/bits.h"

static bool wants_report;

static bool store_hwreport(void *context, struct slice value)
{
    bool *wanted = context;

    if (value.text == NULL) {
        *wanted = true;
    }
    return value.text == NULL;
}

static const struct command_line_word words[] = {
    {.name = "hwreport", .value_is_optional = true, .store = store_hwreport},
};

const struct command_line_words program_words = {
    .words = words, .count = ARRAY_SIZE(words), .context = &wants_report};
const char program_name[] = "shell";

void program_prepare(void)
{
}

intptr_t program_main(void *argument)
{
    if (wants_report && hwreport_print() == ERR_CANCELLED) {
        task_accept_cancel(); /* the shell is not to be given up with it */
    }
    return shell_main(argument);
}
