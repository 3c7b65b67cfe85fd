/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the test framework: the same suites as in the kernel,
 * under sanitizers. Usage: unit-tests [suite[.name]]. Status 0 only when
 * something ran and nothing failed.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/panic.h"
#include "tests/ktest.h"

/* The coverage build's: abort() does not write the counters. */
void __gcov_dump(void) __attribute__((weak));

void ktest_emit(const char *line)
{
    puts(line);
    fflush(stdout); /* a sanitizer's abort must not lose the name of its test */
}

void panic(const char *format, ...)
{
    va_list arguments;

    fputs("KERNEL PANIC: ", stdout);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    if (__gcov_dump != NULL) {
        __gcov_dump();
    }
    abort();
}

int main(int argc, char **argv)
{
    const char *pattern = argc > 1 ? argv[1] : NULL;
    size_t count = ktest_count(pattern);

    printf("KTAP version 1\n1..%zu\n", count);
    if (count == 0) {
        fprintf(stderr, "unit-tests: no test matches '%s'\n", pattern != NULL ? pattern : "");
        return EXIT_FAILURE;
    }
    return ktest_run(pattern).failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
