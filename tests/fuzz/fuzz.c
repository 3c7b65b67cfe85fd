/* SPDX-License-Identifier: MIT */
/* What the kernel gives its modules, for fuzz targets: an end that libFuzzer notices. */
#include "tests/fuzz/fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void panic(const char *format, ...)
{
    va_list arguments;

    fputs("KERNEL PANIC: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}
