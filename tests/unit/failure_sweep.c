/* SPDX-License-Identifier: MIT */
/* The sweep. */
#include "tests/unit/failure_sweep.h"

#include "tests/ktest.h"

#define FAILURES_MAX 1000

bool failures_plan(struct failures *failures, size_t k, bool last)
{
    bool is_waiting = failures->countdown > 0 && !failures->have_begun;

    *failures = (struct failures){.countdown = k, .last = last};
    return is_waiting;
}

bool failures_is_due(struct failures *failures)
{
    if (failures->countdown == 0 || --failures->countdown > 0) {
        return false;
    }
    failures->have_begun = true;
    failures->countdown = failures->last ? 1 : 0;
    return true;
}

static size_t sweep(bool (*plan)(size_t k, bool last), bool (*operation)(void), bool last)
{
    size_t k = 0;
    bool is_past_the_end;
    bool succeeded;

    do {
        k++;
        plan(k, last);
        succeeded = operation();
        is_past_the_end = plan(0, false);
    } while (!is_past_the_end && k <= FAILURES_MAX);
    CHECK(is_past_the_end);
    CHECK(succeeded); /* nothing failed this time */
    return k - 1;
}

size_t failure_sweep(bool (*plan)(size_t k, bool last), bool (*operation)(void))
{
    size_t failures = sweep(plan, operation, false);

    sweep(plan, operation, true);
    return failures;
}
