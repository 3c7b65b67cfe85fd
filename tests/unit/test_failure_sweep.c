/* SPDX-License-Identifier: MIT */
/* The sweep itself: that each allocation fails, alone and with those behind it. */
#include "tests/unit/failure_sweep.h"

#include "lib/bits.h"
#include "tests/ktest.h"

static struct failures failures;

static bool plan(size_t k, bool last)
{
    return failures_plan(&failures, k, last);
}

/* What came of the three allocations of each run, a bit for each that failed. */
static unsigned outcomes[16];
static size_t runs;

static bool three_allocations(void)
{
    unsigned failed = 0;

    for (unsigned i = 0; i < 3; i++) {
        failed |= failures_is_due(&failures) ? 1U << i : 0;
    }
    if (runs < ARRAY_SIZE(outcomes)) {
        outcomes[runs] = failed;
    }
    runs++;
    return failed == 0;
}

KTEST(failure_sweep, each_allocation_fails_alone_and_with_all_behind_it)
{
    static const unsigned want[] = {1, 2, 4, 0, 7, 6, 4, 0};

    runs = 0;
    CHECK_EQ(failure_sweep(plan, three_allocations), 3);
    REQUIRE_EQ(runs, ARRAY_SIZE(want));
    CHECK_MEM_EQ(outcomes, want, sizeof(want));
    CHECK(!failures_is_due(&failures)); /* it leaves nothing planned */
}

static bool no_allocation(void)
{
    runs++;
    return true;
}

KTEST(failure_sweep, operation_without_allocations_runs_once_each_way)
{
    runs = 0;
    CHECK_EQ(failure_sweep(plan, no_allocation), 0);
    CHECK_EQ(runs, 2);
}

KTEST(failure_sweep, plan_says_whether_the_last_one_still_waits)
{
    CHECK(!failures_plan(&failures, 2, false));
    CHECK(!failures_is_due(&failures));
    CHECK(failures_plan(&failures, 1, true)); /* one more was to come */
    CHECK(failures_is_due(&failures));
    CHECK(failures_is_due(&failures));
    CHECK(!failures_plan(&failures, 0, false));
    CHECK(!failures_is_due(&failures));
}
