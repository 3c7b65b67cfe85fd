/* SPDX-License-Identifier: MIT */
/* Completion: commands first, then what the command's argument can be, then nothing. */
#include "kernel/shell/complete.h"

#include "kernel/shell/command.h"
#include "lib/string.h"
#include "tests/ktest.h"

static const char *candidate(const char *before, size_t index)
{
    return complete_candidate(before, strlen(before), index);
}

static size_t candidate_count(const char *before)
{
    size_t count = 0;

    while (candidate(before, count) != NULL) {
        count++;
    }
    return count;
}

KTEST(complete, first_word_is_a_command)
{
    size_t commands = 0;

    while (command_at(commands) != NULL) {
        commands++;
    }
    CHECK_EQ(candidate_count(""), commands);
    CHECK_EQ(candidate_count("  "), commands);
    CHECK_STR_EQ(candidate("", 0), command_at(0)->name);
}

KTEST(complete, second_word_is_one_of_the_commands_values)
{
    CHECK_STR_EQ(candidate("log ", 0), "error");
    CHECK_STR_EQ(candidate(" log  ", 3), "debug");
    CHECK_EQ(candidate_count("log "), 4);
    CHECK_STR_EQ(candidate("help ", 0), command_at(0)->name);
    CHECK_EQ(candidate_count("uptime "), 0);
    CHECK_EQ(candidate_count("nonsense "), 0);
    CHECK_EQ(candidate_count("lo "), 0);
}

KTEST(complete, third_word_is_anything)
{
    CHECK_EQ(candidate_count("log error "), 0);
}

/* Only so much of the line is looked at: what is behind belongs to the word itself. */
KTEST(complete, length_ends_what_stands_before)
{
    CHECK_STR_EQ(complete_candidate("log debug", 4, 0), "error");
    CHECK_STR_EQ(complete_candidate("log debug", 0, 0), command_at(0)->name);
}
