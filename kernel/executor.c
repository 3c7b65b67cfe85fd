/* SPDX-License-Identifier: MIT */
/*
 * Choosing the next task, and what has to be looked at before. The order in
 * executor_attend() and executor_run() is what keeps a wake-up from getting
 * lost: `attention` is cleared before anything is looked at, and looked at
 * again with interrupts masked before the halt, which unmasks them.
 */
#include "kernel/executor.h"

#include <stddef.h>

#include "kernel/clock.h"
#include "kernel/context.h"
#include "kernel/cpu.h"
#include "kernel/event.h"
#include "kernel/wait.h"
#include "lib/panic.h"
#include "lib/x86/cpu.h"

void executor_init(struct executor *executor, const struct executor_hooks *hooks)
{
    *executor = (struct executor){
        .current = &executor->idle,
        .ready_end = &executor->ready_first,
        .signalled_end = &executor->signalled_first,
        .switched_at = tsc_read(),
        .idle = {.name = "idle"},
        .hooks = hooks,
    };
    timer_queue_init(&executor->timers);
}

/* The next task's turn: the first that is ready, or the idle task. */
static struct task *take_next(struct executor *executor)
{
    struct task *task = executor->ready_first;

    if (task == NULL) {
        return &executor->idle;
    }
    executor->ready_first = task->next;
    if (task->next == NULL) {
        executor->ready_end = &executor->ready_first;
    }
    return task;
}

/* Take the list of signalled events over; signals from now on begin another. */
static struct event *take_signalled(struct executor *executor)
{
    uint64_t flags = irq_save();
    struct event *first = executor->signalled_first;

    executor->signalled_first = NULL;
    executor->signalled_end = &executor->signalled_first;
    irq_restore(flags);
    return first;
}

static void end_timed_out(struct executor *executor)
{
    uint64_t now_ns = clock_now_ns();
    struct timer *timer;

    while ((timer = timer_take_due(&executor->timers, now_ns)) != NULL) {
        wait_end_task(executor, (struct task *)((char *)timer - offsetof(struct task, timer)), NULL,
                      ERR_TIMED_OUT);
    }
}

static void deliver_signalled(struct executor *executor)
{
    for (struct event *event = take_signalled(executor); event != NULL;) {
        struct event *next = event->next_signalled;

        event_deliver(event);
        event = next;
    }
}

void executor_attend(struct executor *executor)
{
    uint8_t attention = __atomic_exchange_n(&executor->attention, 0, __ATOMIC_RELAXED);

    if (executor->finished != NULL) {
        executor_bury(executor);
    }
    if ((attention & ATTENTION_SIGNAL) != 0) {
        deliver_signalled(executor);
    }
    if ((attention & ATTENTION_TIME) != 0 && executor->timers.count != 0) {
        end_timed_out(executor);
    }
}

/* Charge the present task for its time. */
static ALWAYS_INLINE void account(struct executor *executor, struct task *task)
{
    uint64_t now = tsc_read();

    task->cycles += now - executor->switched_at;
    executor->switched_at = now;
}

/*
 * Each of its callers gets a copy: a switch costs what a call does, so every
 * instruction around it counts.
 */
static ALWAYS_INLINE void switch_to(struct executor *executor, struct task *next)
{
    struct task *previous = executor->current;

    account(executor, previous);
    executor->current = next;
    context_switch(&previous->stack_pointer, next->stack_pointer);
}

void executor_switch(struct executor *executor)
{
    if (UNLIKELY(executor_has_attention(executor))) {
        executor_attend(executor);
    }
    struct task *next = take_next(executor);

    if (LIKELY(next != executor->current)) { /* else its wait ended before it had left */
        switch_to(executor, next);
    }
}

void executor_leave(struct executor *executor)
{
    if (UNLIKELY(executor_has_attention(executor))) {
        executor_attend(executor);
    }
    executor->finished = executor->current;
    switch_to(executor, take_next(executor));
    panic("executor: a task that has finished runs on");
}

void task_yield(void)
{
    struct executor *executor = executor_this();

    if (UNLIKELY(executor_has_attention(executor))) {
        executor_attend(executor);
    }
    struct task *next = executor->ready_first;

    if (next == NULL) {
        account(executor, executor->current);
        return;
    }
    executor_append(executor, executor->current);
    executor->ready_first = next->next; /* not the last: the present task is behind it */
    switch_to(executor, next);
}

/* Nothing is ready: halt, unless something was signalled since it was last looked at. */
static void halt_unless_signalled(struct executor *executor)
{
    irq_disable();
    if (executor_has_attention(executor)) {
        irq_enable();
    } else {
        executor->hooks->halt(executor);
    }
}

static bool is_deadlocked(const struct executor *executor)
{
    return executor->task_count != 0 && executor->external_waiters == 0 &&
           executor->timers.count == 0;
}

void executor_run(void)
{
    struct executor *executor = executor_this();

    for (;;) {
        executor_attend(executor);
        if (executor->ready_first != NULL) {
            executor->deadlock_is_said = false;
            switch_to(executor, take_next(executor));
        } else if (is_deadlocked(executor) && !executor->deadlock_is_said) {
            executor->deadlock_is_said = true;
            executor->hooks->deadlocked(executor);
        } else {
            halt_unless_signalled(executor);
        }
    }
}

uint64_t executor_task_cycles(const struct task *task)
{
    const struct executor *executor = executor_this();
    uint64_t since = task == executor->current ? tsc_read() - executor->switched_at : 0;

    return task->cycles + since;
}

struct task *executor_find_task(uint64_t id)
{
    struct task *task = executor_this()->listed;

    while (task != NULL && task->id != id) {
        task = task->listed_next;
    }
    return task;
}
