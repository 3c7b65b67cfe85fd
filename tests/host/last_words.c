/* SPDX-License-Identifier: MIT */
/* Children that panic. */
#include "tests/host/last_words.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_child(void (*function)(void), int output)
{
    const struct rlimit no_core = {0, 0};

    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGABRT, SIG_DFL); /* not the sanitizer's handler */
    dup2(output, STDOUT_FILENO);
    function();
    _exit(EXIT_SUCCESS); /* it came back */
}

static void read_all(int input, char *text, size_t size)
{
    size_t length = 0;
    ssize_t got;

    while (length + 1 < size && (got = read(input, text + length, size - 1 - length)) > 0) {
        length += (size_t)got;
    }
    text[length] = '\0';
}

bool last_words(void (*function)(void), char *text, size_t size)
{
    int ends[2];
    int status = 0;

    fflush(stdout);
    if (pipe(ends) != 0) {
        return false;
    }
    pid_t child = fork();

    if (child == 0) {
        run_child(function, ends[1]);
    }
    close(ends[1]);
    read_all(ends[0], text, size);
    close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

void check_last_words(void (*function)(void), const char *words, const char *name, const char *file,
                      int line)
{
    char text[512];

    if (!ktest_true(last_words(function, text, sizeof(text)), name, file, line) ||
        !ktest_true(strstr(text, words) != NULL, words, file, line)) {
        ktest_note("last words: %s", text);
    }
}
