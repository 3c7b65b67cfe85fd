/* SPDX-License-Identifier: MIT */
/* The list of commands, as the linker gathered it. */
#include "kernel/shell/command.h"

#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/task.h"
#include "lib/string.h"

extern const struct command __shell_commands_start[], __shell_commands_end[];

const struct command *command_at(size_t index)
{
    size_t count = (size_t)(__shell_commands_end - __shell_commands_start);

    return index < count ? &__shell_commands_start[index] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

void command_print_usage(const struct command *command)
{
    kprintf("usage: %s%s%s\n", command->name, command->arguments != NULL ? " " : "",
            command->arguments != NULL ? command->arguments : "");
}

void command_run(const struct words *words)
{
    const struct command *command = command_find(words->at[0]);
    size_t argument_count = words->count - 1;
    enum status status = ERR_BAD_ARG;

    if (command == NULL) {
        kprintf("%s: unknown command (try 'help')\n", words->at[0]);
        return;
    }
    if (argument_count >= command->least && argument_count <= command->most) {
        status = command->run(words);
    }
    if (status == ERR_BAD_ARG) {
        command_print_usage(command);
    } else if (status != OK && status != ERR_CANCELLED) {
        kprintf("%s: %s\n", command->name, status_sentence(status));
    }
}

bool command_goes_on(void)
{
    executor_look_at_time(executor_this()); /* where nothing ticks, the shell waits for its time */
    task_yield();
    return !task_is_cancelled();
}
