/* SPDX-License-Identifier: MIT */
/* The sweep. */
#include "tests/unit/failure_sweep.h"

#include "tests/ktest.h"

#define FAILURES_MAX 1000

size_t failure_sweep(bool (*fail_at)(size_t k), void (*operation)(void))
{
    size_t k = 0;
    bool is_past_the_last;

    do {
        k++;
        fail_at(k);
        operation();
        is_past_the_last = fail_at(0);
    } while (!is_past_the_last && k <= FAILURES_MAX);
    CHECK(is_past_the_last);
    return k - 1;
}
