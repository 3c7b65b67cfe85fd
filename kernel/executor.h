/* SPDX-License-Identifier: MIT */
/*
 * The executor: runs tasks one after the other, first in, first out, each until
 * it waits or yields; with nothing to run it halts until an interrupt.
 *
 * All of it is touched by tasks alone, with one exception, by which interrupts
 * wake: they put events in a list of their own and set `attention`, both with
 * interrupts masked, and the executor delivers them before it next chooses a
 * task. So no queue needs masking, and an interrupt's half is short whatever
 * waits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/task.h"
#include "kernel/timer.h"
#include "kernel/watchdog.h"
#include "lib/compiler.h"

struct event;
struct executor;

/* What an executor needs from around it. */
struct executor_hooks {
    /*
     * Wait until an interrupt may have signalled something. Called with
     * interrupts masked when there was nothing; returns with them enabled.
     */
    void (*halt)(struct executor *executor);
    /* Every task waits, and nothing can wake one. Called once, until one has run again. */
    void (*deadlocked)(struct executor *executor);
    /* The running task does not give way: see watchdog.h. Context: the tick's interrupt. */
    void (*stuck)(struct executor *executor);
};

#define ATTENTION_SIGNAL 1 /* an event was set */
#define ATTENTION_TIME   2 /* a deadline may have come */

struct executor {
    struct task *current;
    struct task *ready_first;
    struct task **ready_end; /* where the next one is linked in */
    uint64_t switched_at; /* TSC when the current task got the CPU, or found nobody to give it to */

    /* Interrupts write these; everything else is the tasks'. */
    uint8_t attention; /* ATTENTION_*: what executor_attend() is to look at */
    struct event *signalled_first; /* in the order of their signals */
    struct event **signalled_end;

    struct timer_queue timers;
    size_t external_waiters; /* in queues that something outside of all tasks may wake */
    struct task *finished; /* runs no more, and still has the stack that it left last */
    struct task *listed; /* all tasks that have not finished, the newest first */
    size_t task_count; /* of these */
    uint64_t last_id; /* given to a task */
    struct task idle; /* runs when no other is ready, on the stack it all began on */
    struct watchdog watchdog;
    bool deadlock_is_said;
    const struct executor_hooks *hooks;
};

/*
 * Set an executor up: the running context becomes its idle task.
 *
 * hooks  stay as long as it
 *
 * Context: once for each CPU, at boot.
 */
void executor_init(struct executor *executor, const struct executor_hooks *hooks);

/* Run tasks, for ever: the idle task's work. Context: after executor_init(), by who called it. */
NORETURN void executor_run(void);

/* Note that time has passed: deadlines are looked at. Context: the tick's interrupt. */
static inline void executor_tick_from_irq(struct executor *executor)
{
    executor->attention |= ATTENTION_TIME;
    if (UNLIKELY(watchdog_tick(&executor->watchdog, executor->switched_at)) &&
        executor->current != &executor->idle) {
        executor->hooks->stuck(executor);
    }
}

/* Have deadlines looked at soon, as after a tick: where none may come. Context: any. */
static inline void executor_look_at_time(struct executor *executor)
{
    __atomic_fetch_or(&executor->attention, ATTENTION_TIME, __ATOMIC_RELAXED);
}

/* TSC cycles a task has run, up to now. Context: tasks. */
uint64_t executor_task_cycles(const struct task *task);

/*
 * The task of that id that has not finished, or NULL. Valid until the caller
 * waits or yields. Context: tasks.
 */
struct task *executor_find_task(uint64_t id);

/* --- For what tasks wait for; see kernel/wait.h ------------------------------- */

/* Whether an interrupt wants executor_attend() to be called. */
static inline bool executor_has_attention(const struct executor *executor)
{
    return __atomic_load_n(&executor->attention, __ATOMIC_RELAXED) != 0;
}

/* Put a task at the end of the ready queue. */
static inline void executor_append(struct executor *executor, struct task *task)
{
    task->next = NULL;
    *executor->ready_end = task;
    executor->ready_end = &task->next;
}

/* Give the CPU to the next task, for good or until this one is made ready. */
void executor_switch(struct executor *executor);

/* Give the CPU to the next task for good: the present one has finished. */
NORETURN void executor_leave(struct executor *executor);

/* Deliver what interrupts signalled and end the waits whose time has come. */
void executor_attend(struct executor *executor);

/* Free what a task left that has run for the last time. */
void executor_bury(struct executor *executor);
