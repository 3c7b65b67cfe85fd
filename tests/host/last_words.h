/* SPDX-License-Identifier: MIT */
/* Functions that must panic: run in a child process, so that the tests go on. Host only. */
#pragma once

#include "tests/ktest.h"

/*
 * What a function says on standard output until it ends in a panic.
 *
 * text  out: of `size` bytes, terminated, cut to fit
 *
 * Returns whether the child was ended by abort(), as panic() here does.
 */
bool last_words(void (*function)(void), char *text, size_t size);

/* Check that a function panics with a message that has these words in it. */
#define CHECK_LAST_WORDS(function, words) \
    check_last_words((function), (words), #function, __FILE__, __LINE__)

void check_last_words(void (*function)(void), const char *words, const char *name, const char *file,
                      int line);
