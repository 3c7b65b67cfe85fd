/* SPDX-License-Identifier: MIT */
/*
 * What the compiler's sanitizers find, on its way to whoever decides what
 * follows. Only in the variants that have one (tools/variants/).
 */
#pragma once

#include <stdint.h>

#include "lib/compiler.h"

/* The code that was found at fault, by its call of the sanitizer's function. */
struct sanitizer_caller {
    uint64_t return_address;
    uint64_t frame_pointer;
};

/* Who called the function that this stands in. */
#define SANITIZER_CALLER()                                              \
    ((struct sanitizer_caller){                                         \
        .return_address = (uint64_t)__builtin_return_address(0),        \
        .frame_pointer = *(const uint64_t *)__builtin_frame_address(0), \
    })

/* Whether the code can run on behind its fault. */
enum sanitizer_end { SANITIZER_GOES_ON, SANITIZER_ENDS_HERE };

/*
 * Hand on a report, unless it is about code that runs to tell another one, or
 * a panic. Returns only where the code can go on.
 *
 * detail  lines to print below the sentence, with no newline at the end; NULL for none
 * format  "kasan: write of 1 byte at 0x...", printf style, no newline
 *
 * Context: any, interrupts on or off, any stack.
 */
void sanitizer_report(struct sanitizer_caller caller, enum sanitizer_end end, const char *detail,
                      const char *format, ...) PRINTF_LIKE(4, 5);

/*
 * The program's answer to a report: the normal kernel panics
 * (kernel/sanitize/found.c), the test kernel has the test fail that runs, or
 * finds that it was expected (tests/sanitize/found.c).
 *
 * Context: interrupts masked; what is wrong in here is not reported.
 */
void sanitizer_found(struct sanitizer_caller caller, const char *sentence, const char *detail);
