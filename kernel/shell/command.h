/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands. A command is a line and a body, in any file linked
 * into the kernel; nothing else has to be said anywhere:
 *
 *     SHELL_COMMAND(peek, .arguments = "ADDRESS [LENGTH]", .least = 1, .most = 2,
 *                   .summary = "show memory")
 *     {
 *         ... words->at[1] ...
 *         return OK;
 *     }
 *
 * A command prints by kprintf(): what it reports as "key: value" lines or a
 * table with a heading, addresses in hexadecimal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "lib/words.h"

struct command {
    const char *name;
    const char *arguments; /* as the usage shows them; NULL for none */
    size_t least; /* words behind the name */
    size_t most;
    const char *summary; /* what it does, for the list: 28 characters, no full stop */
    const char *help; /* what else there is to know, whole lines; NULL for nothing */

    /* The first argument's possible values, from 0 on; NULL behind the last. NULL: any. */
    const char *(*value)(size_t index);

    /*
     * Do it. words->at[0] is the name; the number of words is as above.
     *
     * Returns OK             also when it failed and has said why
     *         ERR_BAD_ARG    the words make no sense: the usage is printed
     *         ERR_CANCELLED  it was told to end
     *         or what else went wrong, which is then said
     * Context: a task of its own.
     */
    enum status (*run)(const struct words *words);
};

/* One section a command, so that the linker's sort by name makes the list alphabetical. */
#define SHELL_COMMAND(name_, ...)                                  \
    static enum status command_##name_(const struct words *words); \
    LINKED_ELEMENT(struct command, ".shell_commands." #name_)      \
    static const struct command command_entry_##name_ = {          \
        .name = #name_, .run = command_##name_, __VA_ARGS__};      \
    static enum status command_##name_(const struct words *words)

/* The command at a place in the alphabetical list; NULL behind the last. Any context. */
const struct command *command_at(size_t index);

/* The command of that name, or NULL. Any context. */
const struct command *command_find(const char *name);

/* Print "usage: ..." for a command. */
void command_print_usage(const struct command *command);

/*
 * Run the command that the words name, and say what was wrong if it was not
 * to be.
 *
 * words  one or more
 *
 * Context: a task.
 */
void command_run(const struct words *words);

/*
 * Between two lines of a long output: let other tasks run, among them the
 * shell, which may have a Ctrl-C.
 *
 * Returns false when the command has been cancelled. Context: a task.
 */
MUST_CHECK bool command_goes_on(void);
