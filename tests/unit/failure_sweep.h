/* SPDX-License-Identifier: MIT */
/*
 * Allocation failures, one after the other: an operation is run with its first
 * allocation failing, then with its second, and so on until it has no more;
 * each time once with that one alone, and once with all behind it failing too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Which allocations fail. */
struct failures {
    size_t countdown; /* allocations up to the first that fails; 0 when none will */
    bool last; /* all behind it fail as well */
    bool have_begun;
};

/*
 * Plan the failure of the k-th allocation from now, k from 1; 0 for none.
 * Returns whether a failure planned earlier has not come yet.
 */
bool failures_plan(struct failures *failures, size_t k, bool last);

/* Whether this allocation has to fail: asked once for each. */
bool failures_is_due(struct failures *failures);

/*
 * Sweep over an operation.
 *
 * plan       as failures_plan(), for one kind of allocation
 * operation  runs from start to end, checks that a failure leaves nothing half
 *            done and that afterwards all is as before; returns whether it
 *            could do what it wanted. It must be able to without a failure
 *
 * Returns how many allocations of the kind the operation has. More than 1,000
 * are a failed check. Context: inside a test.
 */
size_t failure_sweep(bool (*plan)(size_t k, bool last), bool (*operation)(void));
