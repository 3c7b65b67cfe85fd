/* SPDX-License-Identifier: MIT */
/*
 * Allocation failures, one after the other: an operation is run with its first
 * allocation failing, then with its second, and so on until it has no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Sweep over an operation.
 *
 * fail_at    has the k-th allocation from now fail, k from 1; 0 for none.
 *            Returns whether a failure asked for earlier has not come yet
 * operation  runs from start to end; checks what it got, that a failure left
 *            nothing half done, and that after it all is as before
 *
 * Returns how many failures the operation met. More than 1,000 are a failed
 * check. Context: inside a test.
 */
size_t failure_sweep(bool (*fail_at)(size_t k), void (*operation)(void));
