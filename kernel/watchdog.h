/* SPDX-License-Identifier: MIT */
/*
 * Sees a task that keeps the CPU: after two seconds without a wait or a yield
 * it is named once, with its backtrace, from the tick's interrupt. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/compiler.h"

/* What a task may keep the CPU for. */
#define WATCHDOG_LIMIT_NS 2000000000UL

struct watchdog {
    uint64_t switched_at; /* when the task got the CPU that had it at the last tick */
    uint64_t ticks; /* since the first that found it there */
    uint64_t limit_ticks; /* 0: nobody is watched */
};

/* Say how long a tick is; 0 when none will come. */
static inline void watchdog_set_period(struct watchdog *watchdog, uint64_t period_ns)
{
    watchdog->limit_ticks = period_ns != 0 ? WATCHDOG_LIMIT_NS / period_ns : 0;
}

/*
 * Count a tick.
 *
 * switched_at  when the running task got the CPU: any number that changes
 *
 * Returns whether the limit has just been reached: true once for each time a
 * task keeps the CPU. Context: the tick's interrupt.
 */
static inline bool watchdog_tick(struct watchdog *watchdog, uint64_t switched_at)
{
    if (LIKELY(watchdog->switched_at != switched_at)) {
        watchdog->switched_at = switched_at;
        watchdog->ticks = 0;
        return false;
    }
    return ++watchdog->ticks == watchdog->limit_ticks;
}
