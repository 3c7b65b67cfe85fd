/* SPDX-License-Identifier: MIT */
/*
 * Events: how interrupts, and tasks, wake a task. A set event lets one wait
 * through, the first in line or the next to come; setting it again before that
 * adds nothing. So who waits looks for work, and waits only when there is none:
 *
 *     while (!ring_get(&ring, &byte)) {
 *         status = event_wait(&arrived, deadline);
 *         ...
 *     }
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/wait_queue.h"
#include "lib/compiler.h"
#include "lib/status.h"

struct event {
    struct event *next_signalled;
    bool is_signalled; /* in the executor's list: a set that was not delivered yet */
    bool is_set; /* delivered, and nobody has waited since */
    bool is_closed;
    struct wait_queue waiters;
};

/*
 * An event, not set.
 *
 * name      for reports
 * external  whether an interrupt sets it: then whoever waits for it is not stuck
 */
#define EVENT_INIT(name, external)                                     \
    {                                                                  \
        .waiters = WAIT_QUEUE_INIT(WAIT_FOR_EVENT, (name), (external)) \
    }

/*
 * Set an event. It takes effect when the executor next chooses a task, or a
 * task next comes to a wait. Context: any; never allocates, takes the same time
 * whatever waits.
 */
void event_set(struct event *event);

/*
 * Wait until the event is set, and take that.
 *
 * Returns OK, ERR_TIMED_OUT, ERR_CANCELLED, or ERR_CLOSED. Context: a task.
 */
MUST_CHECK enum status event_wait(struct event *event, uint64_t deadline_ns);

/*
 * Close an event: every wait, now and later, answers ERR_CLOSED. Whoever sets
 * it must have stopped before its memory goes. Context: a task.
 */
void event_close(struct event *event);

/* --- For select and executor ----------------------------------------------------- */

/* Take the event if it is set or closed. Returns false, status untouched, when a wait is needed. */
bool event_try_wait(struct event *event, enum status *status);

/* Deliver a signal: the executor's part of event_set(). */
void event_deliver(struct event *event);
