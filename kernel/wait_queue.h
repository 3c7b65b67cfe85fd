/* SPDX-License-Identifier: MIT */
/*
 * What can be waited for has a wait queue; a task that waits has a waiter, on
 * its own stack, in each queue it waits in. Invariant: a waiter is in a queue
 * only as long as its task waits, so whoever takes one out of a queue may hand
 * it what it waits for. kernel/wait.h has the functions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct task;

/* What a queue's waiters wait for, for reports. */
enum wait_kind {
    WAIT_FOR_EVENT,
    WAIT_TO_RECEIVE,
    WAIT_TO_SEND,
    WAIT_FOR_TASK,
};

struct waiter {
    struct waiter *next;
    struct waiter *previous;
    struct waiter *sibling; /* of the same task, in another queue */
    struct wait_queue *queue;
    struct task *task;
    void *item; /* where to, or from where, what is waited for goes; NULL for nowhere */
};

struct wait_queue {
    struct waiter *first; /* who has waited longest */
    struct waiter *last;
    const char *name;
    enum wait_kind kind;
    bool is_external; /* something outside of all tasks may end the wait: an interrupt */
};

#define WAIT_QUEUE_INIT(kind_, name_, external_)                     \
    {                                                                \
        .name = (name_), .kind = (kind_), .is_external = (external_) \
    }

static inline void wait_queue_init(struct wait_queue *queue, enum wait_kind kind, const char *name,
                                   bool is_external)
{
    queue->first = NULL;
    queue->last = NULL;
    queue->name = name;
    queue->kind = kind;
    queue->is_external = is_external;
}
