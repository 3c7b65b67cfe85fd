/* SPDX-License-Identifier: MIT */
/* Wait queues and the one place where a task begins and ends to wait. */
#include "kernel/wait.h"

#include "kernel/clock.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"

static ALWAYS_INLINE void join(struct executor *executor, struct waiter *waiter,
                               struct wait_queue *queue, void *item)
{
    struct task *task = executor->current;

    waiter->next = NULL;
    waiter->previous = queue->last;
    waiter->sibling = task->waiters;
    waiter->queue = queue;
    waiter->task = task;
    waiter->item = item;
    if (queue->last != NULL) {
        queue->last->next = waiter;
    } else {
        queue->first = waiter;
    }
    queue->last = waiter;
    task->waiters = waiter;
    executor->external_waiters += queue->is_external;
}

void wait_join_queue(struct waiter *waiter, struct wait_queue *queue, void *item)
{
    join(executor_this(), waiter, queue, item);
}

static ALWAYS_INLINE void leave_queue(struct executor *executor, struct waiter *waiter)
{
    struct wait_queue *queue = waiter->queue;

    if (waiter->previous != NULL) {
        waiter->previous->next = waiter->next;
    } else {
        queue->first = waiter->next;
    }
    if (waiter->next != NULL) {
        waiter->next->previous = waiter->previous;
    } else {
        queue->last = waiter->previous;
    }
    executor->external_waiters -= queue->is_external;
}

static ALWAYS_INLINE void end_task(struct executor *executor, struct task *task, struct waiter *by,
                                   enum status status)
{
    for (struct waiter *waiter = task->waiters; waiter != NULL; waiter = waiter->sibling) {
        leave_queue(executor, waiter);
    }
    task->waiters = NULL;
    task->wait_status = status;
    task->ended_by = by;
    task->state = TASK_RUNNABLE;
    executor_append(executor, task);
}

void wait_end_task(struct executor *executor, struct task *task, struct waiter *by,
                   enum status status)
{
    if (timer_is_pending(&task->timer)) {
        timer_cancel(&executor->timers, &task->timer);
    }
    end_task(executor, task, by, status);
}

void wait_end(struct waiter *waiter, enum status status)
{
    struct executor *executor = executor_this();
    struct task *task = waiter->task;

    if (UNLIKELY(timer_is_pending(&task->timer))) {
        wait_end_task(executor, task, waiter, status);
    } else {
        end_task(executor, task, waiter, status); /* without a call, that is half the work */
    }
}

void wait_end_all(struct wait_queue *queue, enum status status)
{
    while (queue->first != NULL) {
        wait_end(queue->first, status);
    }
}

static ALWAYS_INLINE enum status block(struct executor *executor, uint64_t deadline_ns)
{
    struct task *task = executor->current;

    ASSERT_CMP(task, !=, &executor->idle);
    ASSERT(irq_is_enabled());
    if (UNLIKELY(deadline_ns < TIMER_NEVER)) {
        timer_set(&executor->timers, &task->timer, deadline_ns);
    }
    task->state = TASK_WAITING;
    executor_switch(executor);
    return task->wait_status;
}

enum status wait_block(uint64_t deadline_ns, struct waiter **ended_by)
{
    struct executor *executor = executor_this();
    struct task *task = executor->current;
    enum status status = block(executor, deadline_ns);

    if (ended_by != NULL) {
        *ended_by = task->ended_by;
    }
    return status;
}

NO_STACK_PROTECTOR enum status wait_in(struct wait_queue *queue, void *item, uint64_t deadline_ns)
{
    struct executor *executor = executor_this();
    struct waiter waiter;

    if (deadline_ns == DEADLINE_NOW) {
        return ERR_TIMED_OUT;
    }
    join(executor, &waiter, queue, item);
    return block(executor, deadline_ns);
}
