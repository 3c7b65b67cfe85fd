/* SPDX-License-Identifier: MIT */
/*
 * Tasks: straight-line C, each on a guarded stack of its own, that give up the
 * CPU only where they wait or yield. A call that waits may stand at any depth;
 * it takes a deadline (kernel/clock.h) and says how the wait ended:
 *
 *     OK             what was waited for has come
 *     ERR_TIMED_OUT  the deadline came first; DEADLINE_NOW looks without waiting
 *     ERR_CANCELLED  task_cancel(): nothing was taken, clean up and return
 *     ERR_CLOSED     it will not come any more
 *
 * Context of all functions, unless they say more: a task, interrupts enabled.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/timer.h"
#include "kernel/wait_queue.h"
#include "lib/compiler.h"
#include "lib/status.h"

struct task_stack;

/* A task's first function. What it returns is the task's result: a number or a pointer. */
typedef intptr_t task_entry(void *argument);

enum task_state {
    TASK_RUNNABLE, /* runs, or is in the ready queue */
    TASK_WAITING,
    TASK_FINISHED,
};

struct task {
    struct task *next; /* in the ready queue */
    uint64_t stack_pointer; /* where it left off */
    uint64_t cycles; /* of the TSC, that it ran for until it was last switched to */
    enum task_state state;
    bool is_cancelled;

    /* Of the wait it is in, or was last in. */
    enum status wait_status;
    struct waiter *waiters; /* chained by sibling */
    struct waiter *ended_by;
    struct timer timer; /* pending while it waits with a deadline */

    uint64_t id; /* from 1 on, never given twice */
    const char *name;
    task_entry *entry;
    void *argument;
    intptr_t result;
    struct wait_queue joiners;
    struct task_stack *stack; /* NULL when it has finished */
    unsigned references; /* the executor's until it has finished, and the handle */
    struct task *listed_next; /* among all tasks that have not finished */
    struct task *listed_previous;
};

#define TASK_STACK_DEFAULT (16UL << 10)

/*
 * Start a task: it goes to the end of the ready queue.
 *
 * name         must stay as long as the task; for reports
 * stack_bytes  4 KiB to 256 KiB, rounded up to a power of two; a little of it
 *              is the executor's
 * task         out: a handle, which task_release() gives back; untouched on
 *              failure. NULL where nobody will ask.
 *
 * Returns OK
 *         ERR_BAD_ARG    no such stack
 *         ERR_NO_MEMORY  no room for the task or its stack; nothing has changed
 * Context: a task, or boot after executor_init().
 */
MUST_CHECK enum status task_spawn(const char *name, task_entry *entry, void *argument,
                                  size_t stack_bytes, struct task **task);

/* Give the handle back: the task goes on, and is gone once it has finished. */
void task_release(struct task *task);

/* The running task. In an interrupt: the one it interrupted. Any context after executor_init(). */
struct task *task_current(void);

/*
 * Let every other ready task run before this one goes on. A sleeping one is
 * ready when a tick has found its time come; where nothing ticks, when
 * executor_look_at_time() was called before.
 */
void task_yield(void);

/*
 * Sleep. Returns OK when it is time; at once for a time that is past.
 *         ERR_CANCELLED  earlier than that
 */
MUST_CHECK enum status task_sleep_until(uint64_t deadline_ns);
MUST_CHECK enum status task_sleep_for(uint64_t ns);

/*
 * Wait until a task has finished. Several may wait for the same one.
 *
 * task    by a handle that is still held; not the running task
 * result  out: what its first function returned; untouched unless OK; may be NULL
 *
 * Returns OK, ERR_TIMED_OUT or ERR_CANCELLED.
 */
MUST_CHECK enum status task_join(struct task *task, uint64_t deadline_ns, intptr_t *result);

/*
 * Have a task end early: the wait it is in, or else each it comes to, answers
 * ERR_CANCELLED, and it unwinds itself. One that has not run yet does run, up
 * to its first wait. Without effect on a task that has finished.
 */
void task_cancel(struct task *task);

/* Whether the running task has been cancelled: for long work without waits. */
bool task_is_cancelled(void);

/*
 * Take notice of a cancel, so that waits are waits again: for a task that has
 * to wait to clean up. Returns whether there had been one.
 */
bool task_accept_cancel(void);

/* For select: join if the task has finished. Returns false, nothing touched, when it has not. */
bool task_try_join(struct task *task, intptr_t *result, enum status *status);
