/* SPDX-License-Identifier: MIT */
/* Settling, and the count of tasks, which no test may change. */
#include "tests/kernel/tasks_settle.h"

#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/task_stack.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

void tasks_settle(void)
{
    if (executor_this()->current == NULL) {
        return; /* a stage of the boot before there are tasks */
    }
    task_yield();
    executor_attend(executor_this());
    task_stack_trim();
}

static uint64_t task_count(void)
{
    return executor_this()->task_count;
}

KTEST_COUNTER(task_count, task_count);

static uint64_t external_waiters(void)
{
    return executor_this()->external_waiters;
}

KTEST_COUNTER(external_waiters, external_waiters);

static uint64_t timers_pending(void)
{
    return executor_this()->timers.count;
}

KTEST_COUNTER(timers_pending, timers_pending);
