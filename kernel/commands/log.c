/* SPDX-License-Identifier: MIT */
/* log and dmesg: the lines that the log has kept. */
#include "kernel/log.h"

#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "lib/string.h"
#include "mm/kmalloc.h"

static const char *level_value(size_t index)
{
    static const char *const values[] = {"error", "warn", "info", "debug", NULL};

    return values[index];
}

/* A level by its name or, as loglevel= has it, by its number. */
static bool level_parse(const char *text, enum log_level *level)
{
    for (enum log_level i = LOG_ERROR; i < LOG_LEVEL_COUNT; i++) {
        if (strcmp(text, level_value(i)) == 0 || (text[0] == (char)('0' + i) && text[1] == '\0')) {
            *level = i;
            return true;
        }
    }
    return false;
}

/* Whether a line, "[time] LEVEL module: text", is of this level. */
static bool line_is_of(const char *line, enum log_level level)
{
    const char *name = log_level_name(level);
    const char *found = strchr(line, ' ');

    return found != NULL && strncmp(found + 1, name, strlen(name)) == 0;
}

static enum status print_lines(char *text, enum log_level limit)
{
    char *line = text;
    char *end;

    for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        bool is_wanted = false;

        *end = '\0';
        for (enum log_level level = LOG_ERROR; level <= limit && !is_wanted; level++) {
            is_wanted = line_is_of(line, level);
        }
        if (is_wanted) {
            kprintf("%s\n", line);
            if (!command_goes_on()) {
                return ERR_CANCELLED;
            }
        }
    }
    return OK;
}

static enum status log_print(const struct words *words)
{
    enum log_level limit = LOG_DEBUG;
    enum status status;
    char *text;

    if (words->count > 1 && !level_parse(words->at[1], &limit)) {
        return ERR_BAD_ARG;
    }
    text = kmalloc(LOG_SIZE + 1); /* a copy: more may be logged while it is printed */
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    text[log_copy(text, LOG_SIZE)] = '\0';
    status = print_lines(text, limit);
    kfree(text);
    return status;
}

SHELL_COMMAND(log, .arguments = "[LEVEL]", .most = 1, .value = level_value,
              .summary = "what was logged",
              .help = "The newest 16 KiB are kept, whatever loglevel= lets through.\n")
{
    return log_print(words);
}

SHELL_COMMAND(dmesg, .arguments = "[LEVEL]", .most = 1, .value = level_value,
              .summary = "the same as log")
{
    return log_print(words);
}
