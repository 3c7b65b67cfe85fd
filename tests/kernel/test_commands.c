/* SPDX-License-Identifier: MIT */
/* The list of commands, and what all of them have in common. */
#include "kernel/shell/command.h"

#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "tests/kernel/shell_says.h"
#include "tests/ktest.h"

static const char *const expected[] = {
    "bench", "clear",    "color", "cpu",    "crash", "date",   "dmesg", "echo",   "heap",
    "help",  "hwreport", "irq",   "jobs",   "kill",  "keymap", "log",   "map",    "mem",
    "peek",  "poweroff", "pt",    "reboot", "sleep", "spawn",  "tasks", "uptime", "version",
};

KTEST(commands, every_one_that_is_promised_is_there)
{
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        if (command_find(expected[i]) == NULL) {
            ktest_note("missing: %s", expected[i]);
            CHECK(false);
        }
    }
}

KTEST(commands, list_is_alphabetical_and_complete)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        CHECK(i == 0 || strcmp(command_at(i - 1)->name, command->name) < 0);
        CHECK(command_find(command->name) == command);
        CHECK(command->least <= command->most);
        CHECK((command->most > 0) == (command->arguments != NULL));
        CHECK_GT(strlen(command->summary), 0);
        CHECK_LE(strlen(command->summary), 28);
    }
}

KTEST(commands, help_fits_the_screen_and_explains_each)
{
    const struct command *command;
    const char *text = shell_says("help");
    size_t rows = 0;
    size_t column = 0;

    for (; *text != '\0'; text++) {
        column++;
        if (*text == '\n') {
            CHECK_LE(column, 80);
            column = 0;
            rows++;
        }
    }
    CHECK_LT(rows, 25); /* and the prompt */
    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        char line[64];

        ksnprintf(line, sizeof(line), "help %s", command->name);
        text = shell_says(line);
        ksnprintf(line, sizeof(line), "usage: %s", command->name);
        CHECK(text_begins(text, line));
        CHECK(text_has_line(text, command->summary));
        CHECK(command->help == NULL || text_has(text, command->help));
    }
}

KTEST(commands, help_names_the_values_an_argument_may_have)
{
    CHECK(text_has(shell_says("help log"), "one of: error warn info debug\n"));
    CHECK_STR_EQ(shell_says("help nonsense"), "nonsense: unknown command (try 'help')\n");
}

KTEST(commands, unknown_one_is_said_to_be)
{
    CHECK_STR_EQ(shell_says("nonsense 1 2"), "nonsense: unknown command (try 'help')\n");
    CHECK_STR_EQ(shell_says("''"), ": unknown command (try 'help')\n");
    CHECK_STR_EQ(shell_says("hel"), "hel: unknown command (try 'help')\n");
}

KTEST(commands, wrong_number_of_words_gets_the_usage)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        char line[96];
        char usage[64];
        size_t used = ksnprintf(line, sizeof(line), "%s", command->name);

        for (size_t word = 0; word < command->most + 1 && command->most < 4; word++) {
            used += ksnprintf(line + used, sizeof(line) - used, " 1");
        }
        ksnprintf(usage, sizeof(usage), "usage: %s%s%s\n", command->name,
                  command->arguments != NULL ? " " : "",
                  command->arguments != NULL ? command->arguments : "");
        if (command->most < 4) {
            CHECK_STR_EQ(shell_says(line), usage);
        }
        if (command->least > 0) {
            CHECK_STR_EQ(shell_says(command->name), usage);
        }
    }
}

KTEST(commands, words_that_make_no_sense_get_the_usage)
{
    CHECK_STR_EQ(shell_says("peek zebra"), "usage: peek ADDRESS [LENGTH]\n");
    CHECK_STR_EQ(shell_says("peek 0x1000 0"), "usage: peek ADDRESS [LENGTH]\n");
    CHECK_STR_EQ(shell_says("peek 0x1000 -1"), "usage: peek ADDRESS [LENGTH]\n");
    CHECK_STR_EQ(shell_says("peek ffffffffffffffff 2"), "usage: peek ADDRESS [LENGTH]\n");
    CHECK_STR_EQ(shell_says("pt 0xg"), "usage: pt ADDRESS\n");
    CHECK_STR_EQ(shell_says("log loud"), "usage: log [LEVEL]\n");
    CHECK_STR_EQ(shell_says("dmesg 4"), "usage: dmesg [LEVEL]\n");
    CHECK_STR_EQ(shell_says("color mauve"), "usage: color [FOREGROUND [BACKGROUND]]\n");
    CHECK_STR_EQ(shell_says("color red mauve"), "usage: color [FOREGROUND [BACKGROUND]]\n");
    CHECK_STR_EQ(shell_says("bench speed"), "usage: bench [NAME]\n");
    CHECK_STR_EQ(shell_says("crash gently"), "usage: crash [KIND]\n");
    CHECK_STR_EQ(shell_says("spawn eggs"), "usage: spawn [DEMO]\n");
    CHECK_STR_EQ(shell_says("kill me"), "usage: kill ID\n");
    CHECK_STR_EQ(shell_says("sleep soundly"), "usage: sleep SECONDS\n");
}
