/* SPDX-License-Identifier: MIT */
/* Completion. Quotes are taken as they stand: no name has any. */
#include "kernel/shell/complete.h"

#include <stdbool.h>

#include "kernel/shell/command.h"
#include "lib/string.h"

/* Cut the next word off the text. Returns false when there is none. */
static bool next_word(const char **text, size_t *length, const char **word, size_t *word_length)
{
    while (*length != 0 && **text == ' ') {
        ++*text;
        --*length;
    }
    *word = *text;
    while (*length != 0 && **text != ' ') {
        ++*text;
        --*length;
    }
    *word_length = (size_t)(*text - *word);
    return *word_length != 0;
}

/* The command whose name is exactly this, or NULL. */
static const struct command *find(const char *name, size_t length)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        if (strlen(command->name) == length && memcmp(command->name, name, length) == 0) {
            return command;
        }
    }
    return NULL;
}

const char *complete_candidate(const char *before, size_t length, size_t index)
{
    const struct command *command;
    const char *name;
    const char *other;
    size_t name_length;
    size_t other_length;

    if (!next_word(&before, &length, &name, &name_length)) {
        command = command_at(index);
        return command != NULL ? command->name : NULL;
    }
    command = find(name, name_length);
    if (command == NULL || command->value == NULL ||
        next_word(&before, &length, &other, &other_length)) {
        return NULL;
    }
    return command->value(index);
}
