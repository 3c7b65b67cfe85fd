/* SPDX-License-Identifier: MIT */
/*
 * Waiting, as events, channels and joins are made of it. Queues are touched by
 * tasks alone, never by an interrupt: kernel/event.h says how that wakes.
 */
#pragma once

#include <stdint.h>

#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/wait_queue.h"
#include "lib/compiler.h"
#include "lib/status.h"

/*
 * Come to a wait: what interrupts have signalled is delivered first.
 *
 * Returns OK
 *         ERR_CANCELLED  the task has been cancelled: do not wait
 * Context: a task, interrupts enabled.
 */
MUST_CHECK static inline enum status wait_enter(void)
{
    struct executor *executor = executor_this();

    if (UNLIKELY(executor_has_attention(executor))) {
        executor_attend(executor);
    }
    return UNLIKELY(executor->current->is_cancelled) ? ERR_CANCELLED : OK;
}

/*
 * Put the running task in line.
 *
 * waiter  stays until wait_block() has returned
 * item    where to, or from where, what is waited for goes; NULL for nowhere
 */
void wait_join_queue(struct waiter *waiter, struct wait_queue *queue, void *item);

/*
 * Wait, in all queues joined, until wait_end() or the deadline; with no queue
 * joined, until the deadline. The task is in no queue any more afterwards.
 *
 * ended_by  out: the waiter that was handed something; NULL where none was.
 *           May itself be NULL.
 *
 * Returns what wait_end() said, ERR_TIMED_OUT or ERR_CANCELLED.
 */
MUST_CHECK enum status wait_block(uint64_t deadline_ns, struct waiter **ended_by);

/* wait_join_queue() and wait_block() for one queue; a deadline that is past does not wait. */
MUST_CHECK enum status wait_in(struct wait_queue *queue, void *item, uint64_t deadline_ns);

/* End the wait of a waiter's task: it goes to the end of the ready queue. Context: tasks. */
void wait_end(struct waiter *waiter, enum status status);

/* wait_end() for all in a queue, the first in line first. */
void wait_end_all(struct wait_queue *queue, enum status status);

/*
 * End a waiting task's wait: out of all queues, no deadline any more, ready.
 *
 * by  the waiter that was handed something, or NULL
 */
void wait_end_task(struct executor *executor, struct task *task, struct waiter *by,
                   enum status status);
