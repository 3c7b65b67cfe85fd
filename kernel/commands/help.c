/* SPDX-License-Identifier: MIT */
/* help: what there is, and more about each. */
#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "lib/string.h"

#define SUMMARY_WIDTH 28 /* struct command's bound */

#define LINE_WIDTH     80U
#define VALUES_HEADING "one of:"
#define VALUES_INDENT  "       "

static const char *command_name(size_t index)
{
    const struct command *command = command_at(index);

    return command != NULL ? command->name : NULL;
}

/* In two columns, each to be read downwards: so all are on the screen together. */
static void print_list(void)
{
    size_t rows = 0;

    while (command_at(2 * rows) != NULL) {
        rows++;
    }
    for (size_t row = 0; row < rows; row++) {
        const struct command *left = command_at(row);
        const struct command *right = command_at(row + rows);

        kprintf("%-8s  %-*s", left->name, right != NULL ? SUMMARY_WIDTH : 0, left->summary);
        if (right != NULL) {
            kprintf("  %-8s  %s", right->name, right->summary);
        }
        kprintf("\n");
    }
    kprintf("COMMAND & runs in the background; Ctrl-C ends what runs, Tab completes.\n");
}

static void print_values(const struct command *command)
{
    size_t column = 0;
    const char *value;

    for (size_t i = 0; (value = command->value(i)) != NULL; i++) {
        if (i == 0 || column + 1 + strlen(value) >= LINE_WIDTH) {
            column = strlen(VALUES_HEADING);
            kprintf("%s%s", i == 0 ? "" : "\n", i == 0 ? VALUES_HEADING : VALUES_INDENT);
        }
        column += 1 + strlen(value);
        kprintf(" %s", value);
    }
    kprintf("\n");
}

SHELL_COMMAND(help, .arguments = "[COMMAND]", .most = 1, .value = command_name,
              .summary = "list or explain commands")
{
    const struct command *command;

    if (words->count == 1) {
        print_list();
        return OK;
    }
    command = command_find(words->at[1]);
    if (command == NULL) {
        kprintf("%s: unknown command (try 'help')\n", words->at[1]);
        return OK;
    }
    command_print_usage(command);
    kprintf("%s\n", command->summary);
    if (command->help != NULL) {
        kprintf("%s", command->help);
    }
    if (command->value != NULL && command->value != command_name) {
        print_values(command);
    }
    return OK;
}
