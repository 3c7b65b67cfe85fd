/* SPDX-License-Identifier: MIT */
/*
 * Lines of words: the kernel's command line, and the shell's. What is refused
 * is a piece of the line; words of a shell's line lie in it, one after the
 * other, and say no more than it did.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/command_line.h"
#include "lib/words.h"
#include "tests/fuzz/fuzz.h"

#define LOGLEVEL_MOST 3

static void check_refused(const struct command_line_refused *refused, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < refused->count && i < COMMAND_LINE_REFUSED_MAX; i++) {
        const struct slice *word = &refused->words[i];

        ASSERT_CMP(word->length, >, 0U);
        ASSERT_CMP(word->text, >=, text);
        ASSERT_CMP(word->text + word->length, <=, text + length);
        ASSERT_CMP(memchr(word->text, ' ', word->length), ==, NULL);
    }
}

static void check_command_line(const char *text)
{
    struct command_line line;

    command_line_parse(text, NULL, &line);
    ASSERT(line.console_screen || line.console_serial);
    ASSERT(line.keymap != NULL);
    ASSERT(line.panic == PANIC_HALT || line.panic == PANIC_REBOOT);
    ASSERT(line.clock == CLOCK_AUTO || line.clock == CLOCK_TSC || line.clock == CLOCK_TICK);
    ASSERT_CMP(line.loglevel, <=, (unsigned)LOGLEVEL_MOST);
    check_refused(&line.unknown, text);
    check_refused(&line.bad, text);
}

static void check_words(char *line)
{
    const char *end = line + strlen(line);
    const char *rest = line;
    struct words words;

    if (words_split(line, &words) != OK) {
        return;
    }
    ASSERT_CMP(words.count, <=, (size_t)WORDS_MAX);
    for (size_t i = 0; i < words.count; i++) {
        ASSERT_CMP(words.at[i], >=, rest);
        ASSERT_CMP(words.at[i], <=, end);
        rest = words.at[i] + strlen(words.at[i]) + 1;
    }
    ASSERT_CMP(rest, <=, end + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = malloc(size + 1); /* of its own, so that a step behind it is seen */

    memcpy(line, data, size);
    line[size] = '\0';
    check_command_line(line);
    check_words(line);
    free(line);
    return 0;
}
